"""Metrics: duration of slots, waiting slots and their age, online workers."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Counter, Histogram
from prometheus_client.core import Metric

from garden.ops.metrics import gauge, gauge_reader
from generation.models import Slot, Worker
from generation.models.job import OPEN

SLOT_SECONDS = Histogram(
    "garden_slot_seconds",
    "How long pictures took to make.",
    ["engine"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600),
)
SLOTS_FAILED = Counter("garden_slots_failed", "Failed attempts to make a picture.", ["engine"])


@gauge_reader("slots")
def read_slots() -> Iterator[Metric]:
    counts: dict[tuple[str, ...], float] = {
        (engine, state): 0 for engine in settings.GENERATION_ENGINES for state in OPEN
    }
    found = Slot.objects.open().order_by().values_list("engine", "state").annotate(Count("pk"))
    counts |= {(engine, state): count for engine, state, count in found}
    yield gauge("garden_slots", "Pictures that are waiting or being made.", ("engine", "state"), counts)
    ages: dict[tuple[str, ...], float] = {(engine,): oldest_age(engine) for engine in settings.GENERATION_ENGINES}
    yield gauge("garden_slot_oldest_seconds", "Waiting time of the oldest waiting picture.", ("engine",), ages)


@gauge_reader("workers")
def read_workers() -> Iterator[Metric]:
    """By engine, because a worker's name would add a series at each restart."""
    online = [engines for (engines,) in Worker.objects.online().values_list("engines")]
    counts: dict[tuple[str, ...], float] = {
        (engine,): sum(engine in engines for engines in online) for engine in settings.GENERATION_ENGINES
    }
    yield gauge("garden_workers", "Workers with a heartbeat in the last minute.", ("engine",), counts)


def oldest_age(engine: str) -> float:
    """Seconds since the job of the oldest waiting slot was created."""
    oldest = Slot.objects.claimable().of_engines([engine]).aggregate(oldest=Min("pk"))["oldest"]
    if oldest is None:
        return 0.0
    created = Slot.objects.filter(pk=oldest).values_list("job__created_at", flat=True).first()
    return (timezone.now() - created).total_seconds() if created else 0.0
