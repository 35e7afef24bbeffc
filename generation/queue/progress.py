"""Progress of jobs: time estimates, events of finished slots, errors, and waiting within a request."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Q
from django.utils import timezone

from garden.errors import GardenError, RefusedError, UnavailableError
from generation.models import GenerationJob, Slot, Worker
from generation.models.job import SlotQuerySet, SlotState

SAMPLE_SIZE = 50
"""Number of pictures that the mean duration of a batch key is computed from."""


@dataclass(frozen=True, slots=True)
class TimeEstimate:
    """`work`: seconds for a single worker; None if a batch key has no measurement."""

    pictures: int
    work: float | None
    workers: int
    ahead: int

    @property
    def seconds(self) -> float | None:
        """With the workers online now; None when unknown or without workers."""
        return self.work / self.workers if self.work is not None and self.workers else None


def estimate(*, engine: str, kinds: Mapping[str, int], priority: int) -> TimeEstimate:
    """Estimate pictures by batch key; `ahead` counts queued pictures that are scheduled before them."""
    ahead = Slot.objects.filter(engine=engine, state=Slot.State.QUEUED, priority__lte=priority).count()
    return TimeEstimate(sum(kinds.values()), _work(kinds), workers_online(engine), ahead)


def time_left(job: GenerationJob) -> timedelta | None:
    """Estimated time for the open slots with the workers online now; None when unknown."""
    waiting: dict[str, dict[str, int]] = {}
    for row in job.slots.open().order_by().values("engine", "batch_key").annotate(slots=Count("id")):
        waiting.setdefault(row["engine"], {})[row["batch_key"]] = row["slots"]
    estimates = [_time_left(engine, counts) for engine, counts in waiting.items()]
    known = [seconds_left for seconds_left in estimates if seconds_left is not None]
    return max(known, default=timedelta(0)) if len(known) == len(estimates) else None


def workers_online(engine: str) -> int:
    return sum(engine in engines for engines in Worker.objects.online().values_list("engines", flat=True))


def seconds_each(batch_key: str) -> float | None:
    """Mean duration of the newest pictures; None without any."""
    measured = Slot.objects.filter(batch_key=batch_key, state=Slot.State.DONE, seconds__isnull=False)
    newest = [
        seconds or 0.0 for seconds in measured.order_by("-finished_at").values_list("seconds", flat=True)[:SAMPLE_SIZE]
    ]
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


OVERLAP = timedelta(seconds=10)
"""Transactions may commit out of order, so slots that finished within this time are returned again."""
PAGE = 60
REASONS = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"[0-9]{1,16}-[0-9]{1,18}")


class BadCursorError(RefusedError):
    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class FinishedSlots:
    """Finished slots, oldest first, and the cursor of the next page. A slot can be returned twice."""

    slots: list[Slot]
    cursor: str


@dataclass(frozen=True, slots=True)
class Reason:
    """An error and how many slots have it; unless `failed`, they are tried again."""

    detail: str
    pictures: int
    failed: bool


def finished_slots(job: GenerationJob, cursor: str = "", limit: int = PAGE) -> FinishedSlots:
    """Slots finished after the cursor; without one, the newest. Raises BadCursorError."""
    done = job.slots.filter(state=SlotState.DONE).select_related("image").defer("image__parameters")
    if cursor:
        slots = list(_after(done, *_read(cursor)).order_by("finished_at", "id")[:limit])
        full = len(slots) == limit
    else:
        slots, full = list(done.order_by("-finished_at", "-id")[:limit])[::-1], False
    return FinishedSlots(slots, _next_cursor(slots, cursor, full))


def reasons(job: GenerationJob) -> list[Reason]:
    """The most frequent errors of a job."""
    failing = job.slots.exclude(error="").filter(state__in=[SlotState.FAILED, SlotState.QUEUED, SlotState.PAUSED])
    rows = failing.order_by().values("error", "state").annotate(slots=Count("id")).order_by("-slots")[:REASONS]
    return [Reason(sentence_of(row["error"]), row["slots"], row["state"] == SlotState.FAILED) for row in rows]


def sentence_of(error: str) -> str:
    """The error itself, or the last line of a traceback."""
    return error.strip().rpartition("\n")[2]


def _after(done: SlotQuerySet, moment: datetime, slot: int) -> SlotQuerySet:
    return done.filter(Q(finished_at__gt=moment) | Q(finished_at=moment, id__gt=slot), finished_at__gte=moment)


def _next_cursor(slots: list[Slot], cursor: str, full: bool) -> str:
    """After the last slot of a full page; otherwise after the last one older than OVERLAP."""
    finished = [(slot.finished_at, slot.pk) for slot in slots if slot.finished_at]
    settled = finished if full else [place for place in finished if place[0] < timezone.now() - OVERLAP]
    if settled:
        return _written(*settled[-1])
    return cursor or _written(finished[0][0] - OVERLAP if finished else _EPOCH, 0)


def _written(moment: datetime, slot: int) -> str:
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}-{slot}"


def _read(cursor: str) -> tuple[datetime, int]:
    if not _CURSOR.fullmatch(cursor):
        raise BadCursorError(f"{cursor!r} is not a valid cursor.", field="after")
    microseconds, _, slot = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), int(slot)


class TooManyWaitsError(GardenError):
    """PICTURE_WAITS_PER_USER is reached."""

    code = "too_many_waits"
    status = 429
    retry_after = 5


class WaitLimitError(UnavailableError):
    """PICTURE_WAITS is reached in this process."""

    code = "too_many_waiting"


class WaitSlots:
    """Counts requests of this process that wait for a picture, by user."""

    def __init__(self) -> None:
        self._taken: Counter[object] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def slot_for(self, user: AbstractBaseUser) -> Iterator[None]:
        """Take a slot for the block. Raises TooManyWaitsError and WaitLimitError before the block starts."""
        with self._lock:
            own = self._taken[user.pk]
            if own >= settings.PICTURE_WAITS_PER_USER:
                raise TooManyWaitsError(f"You are already waiting for {own} pictures. Try again when one is finished.")
            if self._taken.total() >= settings.PICTURE_WAITS:
                raise WaitLimitError(
                    "Too many requests are waiting for pictures. Nothing was started. Try again shortly."
                )
            self._taken[user.pk] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[user.pk] -= 1


wait_slots = WaitSlots()


def wait_if_free(job: GenerationJob, *, by: AbstractBaseUser, seconds: float) -> bool:
    """As `wait_for`; False at once where no slot is free."""
    try:
        with wait_slots.slot_for(by):
            return wait_for(job, seconds)
    except (TooManyWaitsError, WaitLimitError):
        return False


POLL_SECONDS = 0.1


def wait_for(job: GenerationJob, seconds: float) -> bool:
    """Whether all slots of the job ended within the time."""
    deadline = time.monotonic() + seconds
    while job.slots.open().exists():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def finished_keys(job: GenerationJob) -> list[str]:
    return list(job.slots.filter(state=Slot.State.DONE).order_by("index", "id").values_list("key", flat=True))


def first_error(job: GenerationJob) -> str:
    return job.slots.exclude(error="").values_list("error", flat=True).first() or ""
