"""How a job goes: how long pictures take, what became of its slots, in portions, and waiting for it in a request."""

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


OVERLAP = timedelta(seconds=10)
"""Slots finish in one order and appear in another: what finished this lately is told again."""
PORTION = 60
REASONS = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"[0-9]{1,16}-[0-9]{1,18}")


class BadCursorError(RefusedError):
    """A cursor that was not given out by us."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Portion:
    """Finished slots, the earliest first, and where to go on. A slot may come twice."""

    slots: list[Slot]
    cursor: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some slots have no picture: `failed` for good, otherwise they will be tried again."""

    detail: str
    pictures: int
    failed: bool


def finished_slots(job: GenerationJob, cursor: str = "", limit: int = PORTION) -> Portion:
    """What finished after the cursor; without one the newest. Raises BadCursorError."""
    done = job.slots.filter(state=SlotState.DONE).select_related("image").defer("image__parameters")
    if cursor:
        slots = list(_after(done, *_read(cursor)).order_by("finished_at", "id")[:limit])
        full = len(slots) == limit
    else:
        slots, full = list(done.order_by("-finished_at", "-id")[:limit])[::-1], False
    return Portion(slots, _next_cursor(slots, cursor, full))


def reasons(job: GenerationJob) -> list[Reason]:
    """The most frequent errors of a job, each in one sentence."""
    told = job.slots.exclude(error="").filter(state__in=[SlotState.FAILED, SlotState.QUEUED, SlotState.PAUSED])
    rows = told.order_by().values("error", "state").annotate(slots=Count("id")).order_by("-slots")[:REASONS]
    return [Reason(sentence_of(row["error"]), row["slots"], row["state"] == SlotState.FAILED) for row in rows]


def sentence_of(error: str) -> str:
    """What people read of an error: an expected one is a sentence, of a traceback the last line is."""
    return error.strip().rpartition("\n")[2]


def _after(done: SlotQuerySet, moment: datetime, slot: int) -> SlotQuerySet:
    return done.filter(Q(finished_at__gt=moment) | Q(finished_at=moment, id__gt=slot), finished_at__gte=moment)


def _next_cursor(slots: list[Slot], cursor: str, full: bool) -> str:
    """Behind the last slot when more wait; otherwise behind the last one that finished long enough ago."""
    finished = [(slot.finished_at, slot.pk) for slot in slots if slot.finished_at]
    settled = finished if full else [place for place in finished if place[0] < timezone.now() - OVERLAP]
    if settled:
        return _written(*settled[-1])
    return cursor or _written(finished[0][0] - OVERLAP if finished else _EPOCH, 0)


def _written(moment: datetime, slot: int) -> str:
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}-{slot}"


def _read(cursor: str) -> tuple[datetime, int]:
    if not _CURSOR.fullmatch(cursor):
        raise BadCursorError(f"{cursor!r} is no cursor of ours.", field="after")
    microseconds, _, slot = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), int(slot)


class TooManyWaitsError(GardenError):
    """A user waits for as many pictures as one user may."""

    code = "too_many_waits"
    status = 429
    retry_after = 5


class WaitLimitError(UnavailableError):
    """As many requests wait for pictures as this process allows."""

    code = "too_many_waiting"


class WaitSlots:
    """The requests of this process that wait for a picture, by user."""

    def __init__(self) -> None:
        self._taken: Counter[object] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def slot_for(self, user: AbstractBaseUser) -> Iterator[None]:
        """Take a slot for the duration of the block. Raises TooManyWaitsError and WaitLimitError before it begins."""
        self._take(user.pk)
        try:
            yield
        finally:
            self._give_back(user.pk)

    def _take(self, person: object) -> None:
        with self._lock:
            if self._taken[person] >= settings.PICTURE_WAITS_PER_USER:
                raise TooManyWaitsError(f"You wait for {self._taken[person]} pictures already. Ask when one is there.")
            if self._taken.total() >= settings.PICTURE_WAITS:
                raise WaitLimitError("As many wait for pictures as can. Nothing was begun; ask again in a moment.")
            self._taken[person] += 1

    def _give_back(self, person: object) -> None:
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]


wait_slots = WaitSlots()


def wait_if_free(job: GenerationJob, *, by: AbstractBaseUser, seconds: float) -> bool:
    """As `wait_for`; False at once where no slot is free."""
    try:
        with wait_slots.slot_for(by):
            return wait_for(job, seconds)
    except (TooManyWaitsError, WaitLimitError):
        return False


GLANCE = 0.1


def wait_for(job: GenerationJob, seconds: float) -> bool:
    """True once no slot of the job is open any more; False when the time is over first."""
    deadline = time.monotonic() + seconds
    while job.slots.open().exists():
        if time.monotonic() >= deadline:
            return False
        time.sleep(GLANCE)
    return True


def finished_keys(job: GenerationJob) -> list[str]:
    """Keys of the pictures that were made, in order."""
    return list(job.slots.filter(state=Slot.State.DONE).order_by("index", "id").values_list("key", flat=True))


def first_error(job: GenerationJob) -> str:
    return job.slots.exclude(error="").values_list("error", flat=True).first() or ""
