"""A bucket's events, received from SQS: the rows of the named keys are brought in line with their files.

S3 event notifications (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html),
straight from the bucket or wrapped by SNS, and EventBridge's "Object Created" and "Object Deleted". The storage itself
is asked what became of a key, so events may come in any order, twice, or late.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote_plus

from django.db import InterfaceError, OperationalError, close_old_connections

from garden.errors import RefusedError
from garden.storage.outages import is_outage, retrying
from garden.storage.sync import apply_keys

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.literals import QueueAttributeNameType
    from types_boto3_sqs.type_defs import MessageTypeDef

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
WORKERS = 4
AT_ONCE = 10
"""Messages of one receive, the most that SQS gives (ReceiveMessage, MaxNumberOfMessages)."""
BATCH = 100
"""Messages whose keys are applied together."""
LONG_POLL_SECONDS = 20
MOST_FAILURES = 5
"""A message that itself fails so often is given up."""
DATABASE_ERRORS = (OperationalError, InterfaceError)
COUNTS: tuple["QueueAttributeNameType", ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_EVENTS = ("ObjectCreated:", "ObjectRemoved:", "s3:ObjectCreated:", "s3:ObjectRemoved:")
_BRIDGED = ("Object Created", "Object Deleted")


class UnreadableMessageError(RefusedError):
    """The message is none of a bucket's, or names a key that cannot be applied."""

    code = "unreadable_message"


@dataclass(frozen=True, slots=True)
class Consumed:
    """One batch: how many messages were received, how many are done, how many were given up."""

    received: int
    done: int
    given_up: int


def keys_in(body: str, bucket: str, folder: str = "") -> list[str]:
    """Keys that were written or removed under `folder` (empty, or with a slash at its end) of `bucket`, without it.

    Raises UnreadableMessageError.
    """
    try:
        keys = list(_keys(json.loads(body), bucket))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableMessageError(f"This is no message of a bucket ({type(error).__name__}: {error}).") from error
    for key in keys:
        if not isinstance(key, str) or not key.isprintable():
            raise UnreadableMessageError(f"{key!r} is no key: keys are printable text.")
    return [key.removeprefix(folder) for key in keys if key.startswith(folder)]


def _keys(message: dict[str, Any], bucket: str) -> Iterator[Any]:
    if message.get("Type") == "Notification":
        yield from _keys(json.loads(message["Message"]), bucket)
    elif message.get("Event") == "s3:TestEvent":
        return
    elif "detail-type" in message:
        if message["detail-type"] in _BRIDGED and message["detail"]["bucket"]["name"] == bucket:
            yield message["detail"]["object"]["key"]  # Plain here.
    else:
        for record in message["Records"]:
            if record["eventName"].startswith(_EVENTS) and record["s3"]["bucket"]["name"] == bucket:
                yield unquote_plus(record["s3"]["object"]["key"], errors="strict")


@dataclass(slots=True)
class Consumer:
    """Receives messages, applies their keys, and deletes each message once it is done or given up.

    A message that is given up is logged. Its keys are not lost: `sync_storage` finds every difference.

    An error of the storage or the database that passes by itself counts against no message: nothing is received until
    the storage answers again. `patience` bounds that wait (seconds); then the error is raised.
    """

    client: "SQSClient"
    queue_url: str
    bucket: str
    folder: str = ""
    patience: float = 600.0
    _failures: Counter[str] = field(default_factory=Counter)

    def consume(self, *, wait: int = LONG_POLL_SECONDS) -> Iterator[Consumed]:
        """Batch after batch, without end: the caller stops."""
        with ThreadPoolExecutor(WORKERS, "bucket-events") as pool:
            while True:
                messages = self._retry(self._receive, wait)
                done, failed = self._apply(messages, pool)
                self._retry(self._delete, [*done, *failed])
                yield Consumed(len(messages), len(done), len(failed))

    def has_messages(self) -> bool:
        """Also those that failed, or are held by another consumer: those are invisible for a while."""
        answer = self.client.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=list(COUNTS))
        return any(int(answer["Attributes"].get(name, 0)) for name in COUNTS)

    def _receive(self, wait: int) -> list["MessageTypeDef"]:
        """Up to `BATCH` messages; `wait` seconds for the first of them."""
        messages: list[MessageTypeDef] = []
        while len(messages) < BATCH:
            received = self.client.receive_message(
                QueueUrl=self.queue_url, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=0 if messages else wait
            ).get("Messages", [])
            known = {message["MessageId"] for message in messages}
            new = [message for message in received if message["MessageId"] not in known]
            messages += new
            if not new or len(received) < AT_ONCE:
                break
        return messages

    def _apply(
        self, messages: Sequence["MessageTypeDef"], pool: Executor
    ) -> tuple[list["MessageTypeDef"], list["MessageTypeDef"]]:
        """Which messages are done, and which are given up; the others stay in the queue."""
        done, failed = [], []
        for message, error in self._errors_of(messages, pool):
            identity = message["MessageId"]
            if error is None:
                done.append(message)
                self._failures.pop(identity, None)
            elif isinstance(error, UnreadableMessageError) or self._failures[identity] + 1 >= MOST_FAILURES:
                logger.error(
                    "A bucket message cannot be applied and is deleted: %s Body: %.1000s",
                    _describe(error),
                    message["Body"],
                )
                failed.append(message)
                self._failures.pop(identity, None)
            else:
                logger.warning("A bucket message failed and will be received again (%s).", error)
                self._failures[identity] += 1
        return done, failed

    def _errors_of(
        self, messages: Sequence["MessageTypeDef"], pool: Executor
    ) -> list[tuple["MessageTypeDef", Exception | None]]:
        """All keys at once; message by message only where that fails."""
        keys: dict[str, list[str]] = {}
        errors: dict[str, Exception] = {}
        for message in messages:
            try:
                keys[message["MessageId"]] = keys_in(message["Body"], self.bucket, self.folder)
            except UnreadableMessageError as error:
                errors[message["MessageId"]] = error
        try:
            wanted = {key for named in keys.values() for key in named}
            problems = dict(self._retry(apply_keys, wanted, pool).problems)
        except Exception as error:  # Whatever a storage raises for one message: the others are applied.
            if _passes(error):
                raise
            if len(messages) == 1:
                return [(messages[0], error)]
            return [each for message in messages for each in self._errors_of([message], pool)]
        errors |= {identity: found for identity, named in keys.items() if (found := _refused(named, problems))}
        return [(message, errors.get(message["MessageId"])) for message in messages]

    def _retry(self, action: Callable[..., Result], *arguments: Any) -> Result:
        """The action's result, once storage, queue and database answer. Raises the error after `patience`."""

        def attempt() -> Result:
            try:
                return action(*arguments)
            except DATABASE_ERRORS:
                close_old_connections()
                raise

        result: Result = retrying(self.patience, first_wait=1.0, passes=_passes)(attempt)
        return result

    def _delete(self, messages: Sequence["MessageTypeDef"]) -> None:
        for start in range(0, len(messages), AT_ONCE):
            some = messages[start : start + AT_ONCE]
            entries = [{"Id": str(at), "ReceiptHandle": message["ReceiptHandle"]} for at, message in enumerate(some)]
            self.client.delete_message_batch(QueueUrl=self.queue_url, Entries=entries)  # type: ignore[arg-type]


def _refused(keys: Iterable[str], problems: dict[str, str]) -> UnreadableMessageError | None:
    found = [f"{key}: {problems[key]}" for key in keys if key in problems]
    return UnreadableMessageError("; ".join(found)) if found else None


def _describe(error: Exception) -> str:
    return error.detail if isinstance(error, RefusedError) else f"{type(error).__name__}: {error}"


def _passes(error: BaseException) -> bool:
    return isinstance(error, DATABASE_ERRORS) or is_outage(error)
