"""The queue and its workers, as they are at this moment: indexed, so they are asked each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from generation.models import GenerationJob, Slot, Worker

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class EngineQueue:
    """One engine: pictures waiting and being made, since when the oldest waits, and what was made in the last hour."""

    engine: str
    waiting: int
    paused: int
    being_made: int
    oldest: datetime | None
    made: int
    workers: int


def read_queues() -> list[EngineQueue]:
    """Every engine with something open, something made in the last hour, or a worker online."""
    waiting = Slot.objects.filter(state=Slot.State.QUEUED)
    queued, being_made = _by_engine(waiting), _by_engine(Slot.objects.leased())
    paused = _by_engine(Slot.objects.filter(job__control=GenerationJob.Control.PAUSED, state=Slot.State.PAUSED))
    oldest = dict(waiting.order_by().values_list("engine").annotate(Min("job__created_at")))
    made = _by_engine(Slot.objects.filter(state=Slot.State.DONE, finished_at__gte=timezone.now() - HOUR))
    online = _workers()
    return [
        EngineQueue(
            engine=engine,
            waiting=queued.get(engine, 0),
            paused=paused.get(engine, 0),
            being_made=being_made.get(engine, 0),
            oldest=oldest.get(engine),
            made=made.get(engine, 0),
            workers=online.get(engine, 0),
        )
        for engine in sorted({*queued, *being_made, *paused, *made, *online})
    ]


def workers_online() -> list[Worker]:
    return list(Worker.objects.online().order_by("name"))


def _by_engine(slots: QuerySet[Slot]) -> dict[str, int]:
    return dict(slots.order_by().values_list("engine").annotate(Count("pk")))


def _workers() -> dict[str, int]:
    counts: dict[str, int] = {}
    for engines in Worker.objects.online().values_list("engines", flat=True):
        for engine in engines:
            counts[engine] = counts.get(engine, 0) + 1
    return counts
