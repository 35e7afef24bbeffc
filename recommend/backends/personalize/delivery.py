"""What Personalize is sent by workers: events from the outbox, and users and items that changed.

An event is written in the transaction of its interaction and removed when the service has taken it. Whatever dies in
between, its lease ends and it is sent again under the same `eventId`, which Personalize counts once.

How far users and items were copied, in the order of time and then of keys, is kept in the cache. Where the cache lost
it, everything is copied once more, which changes nothing there.

Field names of PutUsers and PutItems are the schema's in camel case.
"""

import json
import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from garden.errors import GardenError
from garden.models import Image, Visitor
from recommend.backends.base import Feedback, Kind, VisitorContext
from recommend.backends.personalize.client import PersonalizeClient, RecordRefusedError
from recommend.models import OutgoingEvent

ID_MAX_LENGTH = 256
IMPRESSION_MAX_ITEMS = 25
REFERENCE_MAX_LENGTH = 40
FILTER_VALUE_MAX_LENGTH = 1_000
NOWHERE = "withdrawn"
"""The emotion of a picture that is not to be recommended: no filter asks for it."""


def event_of(feedback: Feedback, event_type: str, context: Mapping[str, str]) -> dict[str, Any]:
    """An element of PutEvents' `eventList`, but for `eventId`; `sentAt` in seconds."""
    event: dict[str, Any] = {"eventType": event_type, "sentAt": feedback.seconds}
    if feedback.kind is not Kind.SEEN:
        event["itemId"] = feedback.item
    if impression := _impression(feedback):
        event["impression"] = impression
    if 0 < len(feedback.reference) <= REFERENCE_MAX_LENGTH:
        event["recommendationId"] = feedback.reference
    if context:
        event["properties"] = json.dumps(dict(context))
    return event


def _impression(feedback: Feedback) -> list[str]:
    """What was shown, the liked picture always among it."""
    fitting = [key for key in dict.fromkeys(feedback.impression) if 0 < len(key) <= ID_MAX_LENGTH]
    shown = fitting[:IMPRESSION_MAX_ITEMS]
    if feedback.item in fitting and feedback.item not in shown:
        shown[-1] = feedback.item
    return shown


def context_of(visitor: VisitorContext, fields: Iterable[str]) -> dict[str, str]:
    """The known ones of GENERATION, GENDER, EMOTION that the site's interactions schema has."""
    known = {"GENERATION": visitor.generation, "GENDER": visitor.gender, "EMOTION": visitor.emotion}
    return {field: known[field] for field in fields if known[field]}


def user_record(visitor: Visitor) -> dict[str, str]:
    words = {"generation": visitor.generation, "gender": visitor.gender, "emotion": visitor.emotion}
    return {"userId": visitor.id, "properties": json.dumps({name: word for name, word in words.items() if word})}


def item_record(image: Image) -> dict[str, str]:
    seconds = int((image.published_at or image.created_at).timestamp())
    emotion = image.emotion_path if image.state == Image.State.SERVING else NOWHERE
    words = {"emotion": emotion, "timestamp": seconds, "creationTimestamp": seconds}
    return {"itemId": image.key, "properties": json.dumps(words)}


def filter_value(emotions: Sequence[str]) -> str:
    r"""`"calm","calm/cat"`, as many as the service takes; those with a quotation mark cannot be asked for."""
    quoted = [f'"{emotion}"' for emotion in emotions if '"' not in emotion]
    text = ""
    for word in quoted:
        longer = f"{text},{word}" if text else word
        if len(longer) > FILTER_VALUE_MAX_LENGTH:
            break
        text = longer
    return text


logger = logging.getLogger(__name__)

BATCH = 10
CLAIM = 200
LEASE_SECONDS = 120.0
LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Delivered:
    """What became of events: `waiting` are those that were tried and are to be tried again."""

    sent: int = 0
    refused: int = 0
    waiting: int = 0


def deliver(client: PersonalizeClient, tracking_id: str, seconds: float = 50.0) -> Delivered:
    """Send what is due until nothing is, the time is up, or the service cannot take more now."""
    done, until = Delivered(), time.monotonic() + seconds
    while time.monotonic() < until:
        events = OutgoingEvent.objects.all().claim(CLAIM, LEASE_SECONDS)
        if not events or not _send_all(client, tracking_id, _batches(events), done):
            break
    return done


def _send_all(
    client: PersonalizeClient, tracking_id: str, batches: Iterator[list[OutgoingEvent]], done: Delivered
) -> bool:
    """Send batches; False as soon as the service cannot take more now, the rest given back."""
    for batch in batches:
        if not _send(client, tracking_id, batch, done):
            for untried in batches:
                _postpone(untried, "")
            return False
    return True


def _batches(events: Sequence[OutgoingEvent]) -> Iterator[list[OutgoingEvent]]:
    """Events of one visitor each, as many as one call takes, oldest first."""
    by_visitor = defaultdict(list)
    for event in events:
        by_visitor[event.visitor_id].append(event)
    for own in by_visitor.values():
        yield from (own[start : start + BATCH] for start in range(0, len(own), BATCH))


def _send(client: PersonalizeClient, tracking_id: str, batch: list[OutgoingEvent], done: Delivered) -> bool:
    """One call; a batch that is refused is sent event by event, so that only the poison stays behind."""
    try:
        client.call("personalize-events", "put_events", **_request(tracking_id, batch))
    except RecordRefusedError as error:
        if len(batch) > 1:
            return _send_all(client, tracking_id, iter([[event] for event in batch]), done)
        _refuse(batch[0], error.detail)
        done.refused += 1
    except GardenError as error:
        logger.warning("%s events wait: %s", len(batch), error.detail)
        _postpone(batch, error.detail)
        done.waiting += len(batch)
        return False
    else:
        OutgoingEvent.objects.filter(pk__in=[event.pk for event in batch]).delete()
        done.sent += len(batch)
    return True


def _request(tracking_id: str, batch: Sequence[OutgoingEvent]) -> dict[str, Any]:
    visitor = batch[0].visitor_id
    events = [
        {**event.payload, "eventId": str(event.name), "sentAt": datetime.fromtimestamp(event.payload["sentAt"], UTC)}
        for event in batch
    ]
    return {"trackingId": tracking_id, "userId": visitor, "sessionId": visitor, "eventList": events}


def _refuse(event: OutgoingEvent, because: str) -> None:
    logger.error("Personalize will never take event %s: %s", event.name, because)
    OutgoingEvent.objects.filter(pk=event.pk).update(refused_because=because, attempts=F("attempts") + 1)


def _postpone(batch: Sequence[OutgoingEvent], because: str) -> None:
    """Back into the outbox of whoever claims it next; a pause that doubles, for those that were tried."""
    now, tried = timezone.now(), bool(because)
    for event in batch:
        pause = min(2.0**event.attempts, LONGEST_PAUSE) * random.uniform(0.5, 1) if tried else 0.0
        OutgoingEvent.objects.all().held([event]).update(
            due_at=now + timedelta(seconds=pause),
            attempts=event.attempts + tried,
            last_error=because or event.last_error,
        )


SETTLED = timedelta(seconds=10)
"""A row is stamped before it is committed: what is younger waits for the next time."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows the service took, and what it said of those that it will never take, by key."""

    sent: int
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class DatasetKind(Generic[Row]):
    """What is copied: rows in the order of `stamp`, by the operation's list `field`."""

    name: str
    operation: str
    field: str
    stamp: str
    rows: Callable[[], QuerySet[Row]]
    record: Callable[[Row], dict[str, str]]


USERS = DatasetKind("users", "put_users", "users", "last_seen_at", Visitor.objects.all, user_record)
ITEMS = DatasetKind(
    "items",
    "put_items",
    "items",
    "changed_at",
    lambda: Image.objects.filter(published_at__isnull=False),
    item_record,
)


def copy_changed(
    client: PersonalizeClient, kind: DatasetKind[Any], dataset: str, on_batch: Callable[[int], Any] = lambda count: None
) -> Copied:
    """Copy what changed since the mark; the mark moves with every batch the service has taken.

    Raises what the client raises but for refusals: nothing is marked as copied that was not.
    """
    sent, refused = 0, dict[str, str]()
    while batch := list(changed(kind)[:BATCH]):
        sent += _put(client, kind, dataset, batch, refused)
        cache.set(_mark_key(kind), (getattr(batch[-1], kind.stamp), batch[-1].pk), timeout=None)
        on_batch(len(batch))
    return Copied(sent, refused)


def changed(kind: DatasetKind[Any]) -> QuerySet[Any]:
    """Rows not copied yet, in the order they will be."""
    rows = kind.rows().filter(**{f"{kind.stamp}__lt": timezone.now() - SETTLED}).order_by(kind.stamp, "pk")
    mark = cache.get(_mark_key(kind))
    if mark is None:
        return rows
    changed_at, key = mark
    same_time = Q(**{kind.stamp: changed_at, "pk__gt": key})
    return rows.filter(Q(**{f"{kind.stamp}__gt": changed_at}) | same_time)


def forget_mark(kind: DatasetKind[Any]) -> None:
    """Copy everything anew next time."""
    cache.delete(_mark_key(kind))


def _mark_key(kind: DatasetKind[Any]) -> str:
    return f"personalize.copied.{kind.name}"


def _put(
    client: PersonalizeClient, kind: DatasetKind[Any], dataset: str, rows: Sequence[Any], refused: dict[str, str]
) -> int:
    """Send rows; of a batch that is refused each row by itself. Returns how many were taken."""
    asked = {"datasetArn": dataset, kind.field: [kind.record(row) for row in rows]}
    try:
        client.call("personalize-events", kind.operation, **asked)
    except RecordRefusedError as error:
        if len(rows) > 1:
            return sum(_put(client, kind, dataset, [row], refused) for row in rows)
        refused[str(rows[0])[:ID_MAX_LENGTH]] = error.detail
        return 0
    return len(rows)
