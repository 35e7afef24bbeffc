"""Hearing a queue: long-polling, batches, and messages deleted only when what they say is done."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from garden.models.message import SetAsideMessage
from garden.storage.events.applying import apply_keys
from garden.storage.events.reading import UnreadableMessageError, keys_in

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

logger = logging.getLogger(__name__)
AT_ONCE = 10
LONG_POLL_SECONDS = 20
MOST_RECEIVES = 5
"""A message that failed so often is set aside; a queue with a redrive policy may do so earlier."""


@dataclass(frozen=True, slots=True)
class Consumed:
    """One batch: how many messages came, how many are done with, how many were set aside."""

    received: int
    done: int
    set_aside: int


def consume(client: "SQSClient", queue_url: str, bucket: str, *, wait: int = LONG_POLL_SECONDS) -> Iterator[Consumed]:
    """Batch after batch, for ever: the caller stops."""
    while True:
        answer = client.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=AT_ONCE,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        messages = answer.get("Messages", [])
        done, poisoned = _sort_out(messages, bucket)
        _delete(client, queue_url, [*done, *poisoned])
        yield Consumed(len(messages), len(done), len(poisoned))


def _sort_out(messages: list["MessageTypeDef"], bucket: str) -> tuple[list["MessageTypeDef"], list["MessageTypeDef"]]:
    done, poisoned = [], []
    for message in messages:
        try:
            carry_out(message["Body"], bucket)
        except UnreadableMessageError as error:
            poisoned.append(_set_aside(message, error.detail))
        except Exception as error:  # The boundary of the work: whatever a storage raises, the next message is heard.
            logger.warning("A message of the bucket failed (%s).", error)
            if _receives(message) >= MOST_RECEIVES:
                poisoned.append(_set_aside(message, f"{type(error).__name__}: {error}"))
        else:
            done.append(message)
    return done, poisoned


def carry_out(body: str, bucket: str) -> None:
    """Do what one message says. Raises UnreadableMessageError, and whatever the storage raises."""
    problems = apply_keys(keys_in(body, bucket)).problems
    if problems:
        raise UnreadableMessageError("; ".join(f"{key}: {problem}" for key, problem in problems))


def _set_aside(message: "MessageTypeDef", error: str) -> "MessageTypeDef":
    SetAsideMessage.objects.set_aside(message["MessageId"], message["Body"], error)
    return message


def _receives(message: Any) -> int:
    return int(message.get("Attributes", {}).get("ApproximateReceiveCount", "1"))


def _delete(client: "SQSClient", queue_url: str, messages: list["MessageTypeDef"]) -> None:
    if messages:
        entries = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(messages)
        ]
        client.delete_message_batch(QueueUrl=queue_url, Entries=entries)  # type: ignore[arg-type]
