"""Workers send Personalize the events of the outbox, and users and items that changed.

An event is stored in the transaction of its interaction and removed when the service has accepted it. If a worker
stops in between, the lease ends and the event is sent again with the same `eventId`, which Personalize counts once.

The position up to which users and items were copied, by time and then key, is in the cache. Without it, everything is
copied again, which changes nothing at Personalize.

Field names of PutUsers and PutItems are the schema's in camel case.
"""

import json
import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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
"""The emotion of a picture that must not be recommended: no filter requests it."""


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
    """The keys shown, always with the liked one."""
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
    r"""`"calm","calm/cat"`, as many as the service accepts; those with a quotation mark are left out."""
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
LEASE_SECONDS = 120.0
LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Delivered:
    """Results of a delivery: `waiting` events failed and will be sent again."""

    sent: int = 0
    refused: int = 0
    waiting: int = 0


def deliver(client: PersonalizeClient, tracking_id: str, seconds: float = 50.0) -> Delivered:
    """Send due events until there are none, the time is over, or the service is unavailable."""
    done, until = Delivered(), time.monotonic() + seconds
    while time.monotonic() < until:
        events = OutgoingEvent.objects.all().claim(BATCH, LEASE_SECONDS)
        if not events or not _send(client, tracking_id, events, done):
            break
    return done


def _send(client: PersonalizeClient, tracking_id: str, batch: list[OutgoingEvent], done: Delivered) -> bool:
    """One call; a refused batch is sent event by event, so that only invalid events remain.

    False if the service is unavailable.
    """
    try:
        client.call("personalize-events", "put_events", **_request(tracking_id, batch))
    except RecordRefusedError as error:
        if len(batch) > 1:
            return all(_send(client, tracking_id, [event], done) for event in batch)
        logger.error("Personalize refused event %s for good: %s", batch[0].name, error.detail)
        OutgoingEvent.objects.filter(pk=batch[0].pk).update(refused_because=error.detail, attempts=F("attempts") + 1)
        done.refused += 1
    except GardenError as error:
        logger.warning("%s events are waiting: %s", len(batch), error.detail)
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


def _postpone(batch: Sequence[OutgoingEvent], because: str) -> None:
    """Release the lease; the next attempt is after a pause that doubles each time."""
    for event in batch:
        pause = min(2.0**event.attempts, LONGEST_PAUSE) * random.uniform(0.5, 1)
        OutgoingEvent.objects.filter(pk=event.pk, holder=event.holder).update(
            due_at=timezone.now() + timedelta(seconds=pause), attempts=event.attempts + 1, last_error=because
        )


SETTLED = timedelta(seconds=10)
"""Rows get their time before they are committed; newer ones wait for the next copy."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class CopiedEvents:
    """Number of rows sent, and the service's message for each refused row by key."""

    sent: int
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class DatasetKind(Generic[Row]):
    """Rows copied in the order of `stamp`, by the operation `put_…` and its list of this name."""

    name: str
    stamp: str
    rows: Callable[[], QuerySet[Row]]
    record: Callable[[Row], dict[str, str]]


USERS = DatasetKind("users", "last_seen_at", Visitor.objects.all, user_record)
ITEMS = DatasetKind("items", "changed_at", lambda: Image.objects.filter(published_at__isnull=False), item_record)


def copy_changed(
    client: PersonalizeClient, kind: DatasetKind[Any], dataset: str, on_batch: Callable[[int], Any] = lambda count: None
) -> CopiedEvents:
    """Copy rows changed since the mark, which moves with every accepted batch.

    Raises the client's errors except refusals.
    """
    sent, refused = 0, dict[str, str]()
    while batch := list(changed(kind)[:BATCH]):
        sent += _put(client, kind, dataset, batch, refused)
        cache.set(_mark_key(kind), (getattr(batch[-1], kind.stamp), batch[-1].pk), timeout=None)
        on_batch(len(batch))
    return CopiedEvents(sent, refused)


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
    """Copy everything again next time."""
    cache.delete(_mark_key(kind))


def _mark_key(kind: DatasetKind[Any]) -> str:
    return f"personalize.copied.{kind.name}"


def _put(
    client: PersonalizeClient, kind: DatasetKind[Any], dataset: str, rows: Sequence[Any], refused: dict[str, str]
) -> int:
    """Send rows; a refused batch is sent row by row. Returns how many were accepted."""
    records = {"datasetArn": dataset, kind.name: [kind.record(row) for row in rows]}
    try:
        client.call("personalize-events", f"put_{kind.name}", **records)
    except RecordRefusedError as error:
        if len(rows) > 1:
            return sum(_put(client, kind, dataset, [row], refused) for row in rows)
        refused[str(rows[0])[:ID_MAX_LENGTH]] = error.detail
        return 0
    return len(rows)
