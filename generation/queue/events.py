"""What became of a job's slots, in portions: pictures as they are made, and why others are not."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from garden.errors import RefusedError
from generation.models import GenerationJob, Slot
from generation.models.slot import SlotQuerySet, SlotState

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
