"""The keys that a message speaks of.

S3 event notifications (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html),
straight from the bucket or wrapped by SNS, and EventBridge's "Object Created" and "Object Deleted".
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from garden.errors import RefusedError

_HEARD = ("ObjectCreated:", "ObjectRemoved:", "s3:ObjectCreated:", "s3:ObjectRemoved:")
_BRIDGED = ("Object Created", "Object Deleted")


class UnreadableMessageError(RefusedError):
    """The message is none of a bucket's."""

    code = "unreadable_message"


def keys_in(body: str, bucket: str) -> list[str]:
    """Keys that were written or removed in `bucket`, as they are named there. Raises UnreadableMessageError."""
    try:
        return list(_keys(json.loads(body), bucket))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableMessageError(f"This is no message of a bucket ({error!r}).") from error


def _keys(message: dict[str, Any], bucket: str) -> Iterator[str]:
    if message.get("Type") == "Notification":
        yield from _keys(json.loads(message["Message"]), bucket)
    elif message.get("Event") == "s3:TestEvent":
        return
    elif "detail-type" in message:
        yield from _bridged(message, bucket)
    else:
        for record in message["Records"]:
            yield from _notified(record, bucket)


def _notified(record: dict[str, Any], bucket: str) -> Iterator[str]:
    """Keys are URL-encoded here, with `+` for a space."""
    if record["eventName"].startswith(_HEARD) and record["s3"]["bucket"]["name"] == bucket:
        yield unquote_plus(record["s3"]["object"]["key"], errors="strict")


def _bridged(message: dict[str, Any], bucket: str) -> Iterator[str]:
    """Keys are plain here."""
    if message["detail-type"] in _BRIDGED and message["detail"]["bucket"]["name"] == bucket:
        yield message["detail"]["object"]["key"]
