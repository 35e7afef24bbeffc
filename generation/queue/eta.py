"""How long pictures take, from those that were made: never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean

from django.db.models import Count

from generation.models import GenerationJob, Slot, Worker

RECENT = 50
"""Pictures of one kind whose mean is their pace."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Pictures that take equally long: one engine, model and size (pixels)."""

    engine: str
    model: str
    width: int
    height: int

    @property
    def batch_key(self) -> str:
        return Slot(engine=self.engine, model=self.model, width=self.width, height=self.height).compute_batch_key()


@dataclass(frozen=True, slots=True)
class Estimate:
    """`work`: seconds that one worker would need; None while a kind was never measured."""

    pictures: int
    work: float | None
    workers: int
    ahead: int

    @property
    def seconds(self) -> float | None:
        """With the workers that are online now; None when unknown, or when nobody is there."""
        return self.work / self.workers if self.work is not None and self.workers else None


def estimate(*, engine: str, kinds: Mapping[Kind, int], priority: int) -> Estimate:
    """What so many pictures of these kinds would take, and how many waiting ones have the same priority or a higher."""
    ahead = Slot.objects.filter(engine=engine, state=Slot.State.QUEUED, priority__lte=priority).count()
    work = _work({kind.batch_key: count for kind, count in kinds.items()})
    return Estimate(sum(kinds.values()), work, workers_online(engine), ahead)


def time_left(job: GenerationJob) -> timedelta | None:
    """How long the open slots will take at the measured pace of the workers that are online; None when unknown."""
    waiting: dict[str, dict[str, int]] = {}
    for row in job.slots.open().order_by().values("engine", "batch_key").annotate(slots=Count("id")):
        waiting.setdefault(row["engine"], {})[row["batch_key"]] = row["slots"]
    lefts = [_time_left(engine, counts) for engine, counts in waiting.items()]
    known = [left for left in lefts if left is not None]
    return max(known, default=timedelta(0)) if len(known) == len(lefts) else None


def workers_online(engine: str) -> int:
    return sum(engine in engines for engines in Worker.objects.online().values_list("engines", flat=True))


def seconds_each(batch_key: str) -> float | None:
    """The mean of the newest pictures of a kind; None before the first."""
    made = Slot.objects.filter(batch_key=batch_key, state=Slot.State.DONE, seconds__isnull=False)
    newest = [seconds or 0.0 for seconds in made.order_by("-finished_at").values_list("seconds", flat=True)[:RECENT]]
    return fmean(newest) if newest else None


def _time_left(engine: str, counts: Mapping[str, int]) -> timedelta | None:
    workers, work = workers_online(engine), _work(counts)
    return timedelta(seconds=work / workers) if workers and work is not None else None


def _work(counts: Mapping[str, int]) -> float | None:
    """Seconds for so many pictures of each batch key."""
    total = 0.0
    for batch_key, count in counts.items():
        each = seconds_each(batch_key)
        if each is None:
            return None
        total += each * count
    return total
