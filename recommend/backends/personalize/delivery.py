"""Events on their way: from the outbox to the service, in batches, each counted once.

An event is written in the transaction of its interaction and removed when the service has taken it. Whatever
dies in between, its lease ends and it is sent again under the same `eventId`, which Personalize counts once.
"""

import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from garden.errors import GardenError
from recommend.backends.personalize.client import PersonalizeClient, RecordRefusedError
from recommend.models import OutgoingEvent

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
