"""Scheduling: urgent before bulk, then fair shares of worker time, with few changes of the loaded model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from generation.models import Slot
from generation.models.job import SlotQuerySet

WINDOW = timedelta(minutes=10)
"""Worker time older than this does not count against an owner."""
MODEL_SECONDS = 60.0
"""Seconds for which a worker keeps a loaded model while slots of the same priority wait for it."""
MAX_WAIT_SECONDS = 120.0
"""Seconds after which an unserved owner is scheduled first, once MODEL_SECONDS are over."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Waiting slots of one priority, owner, engine and model; `oldest` is the id of the first of them.

    `served` is the worker time in seconds that the owner got within WINDOW, with one more second for each slot;
    `unserved` are the seconds for which the owner waits without any of their slots being made.
    """

    priority: int
    owner: int
    engine: str
    model: str
    oldest: int
    served: float = 0.0
    unserved: float = 0.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """Whether a model is in memory, and for how many seconds the worker has used it."""

    has: Callable[[str, str], bool] = lambda engine, model: True
    seconds: float = inf


def choose(candidates: Sequence[Candidate], loaded: Loaded) -> Candidate:
    """The group to make next. Loading a model takes tens of seconds, so it is not changed for every lease.

    Between two changes at the same priority there are at least MODEL_SECONDS of work, unless no slot waits for the
    loaded model. An owner waits about MAX_WAIT_SECONDS at most, or MODEL_SECONDS and a model load per other owner if
    that is longer.
    """
    most_urgent = min(candidate.priority for candidate in candidates)
    waiting = [candidate for candidate in candidates if candidate.priority == most_urgent]
    fairest = min(waiting, key=_share)
    longest = max(waiting, key=lambda candidate: (candidate.unserved, -candidate.oldest))
    in_memory = min((each for each in waiting if loaded.has(each.engine, each.model)), key=_share, default=None)
    if in_memory is not None and loaded.seconds < MODEL_SECONDS:
        return in_memory
    if longest.unserved > MAX_WAIT_SECONDS:
        return longest
    if in_memory is not None and in_memory.served < fairest.served + MODEL_SECONDS:
        return in_memory
    return fairest


def next_slots(engines: Sequence[str], loaded: Loaded | None = None) -> SlotQuerySet:
    """The waiting slots that a worker of these engines makes next, oldest first."""
    waiting = Slot.objects.claimable().of_engines(engines)
    groups = waiting.order_by().values_list("priority", "owner", "engine", "model").annotate(Min("id"))
    candidates = [Candidate(*group) for group in groups]
    if not candidates:
        return waiting.none()
    chosen = choose(_with_shares(candidates), loaded or Loaded()) if len(candidates) > 1 else candidates[0]
    of_group = {name: getattr(chosen, name) for name in ("priority", "owner", "engine", "model")}
    return waiting.filter(**of_group).order_by("id")


def _share(candidate: Candidate) -> tuple[float, int, int]:
    return candidate.served, candidate.owner, candidate.oldest


def _with_shares(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Fill in `served` and `unserved`; an owner with a leased slot is being served."""
    now = timezone.now()
    made = Q(state=Slot.State.DONE, finished_at__gte=now - WINDOW)
    recent = Slot.objects.filter(Q(state=Slot.State.LEASED) | made).order_by().values_list("owner")
    totals = recent.annotate(
        slots=Count("id"),
        spent=Sum("seconds"),
        leased=Count("id", filter=Q(state=Slot.State.LEASED)),
        last=Max("finished_at", filter=made),
    )
    served = {owner: (slots + (spent or 0.0), leased, last) for owner, slots, spent, leased, last in totals}
    since = _waiting_since(candidates)
    filled = []
    for candidate in candidates:
        share, leased, last = served.get(candidate.owner, (0.0, 0, None))
        waits_since = max(filter(None, (since[candidate.owner], last)))
        unserved = 0.0 if leased else (now - waits_since).total_seconds()
        filled.append(replace(candidate, served=share, unserved=unserved))
    return filled


def _waiting_since(candidates: Sequence[Candidate]) -> dict[int, datetime]:
    """When the job of each owner's oldest waiting slot was created."""
    oldest = Slot.objects.filter(pk__in=[candidate.oldest for candidate in candidates])
    since: dict[int, datetime] = {}
    for owner, created in oldest.order_by("id").values_list("owner", "job__created_at"):
        since.setdefault(owner, created)
    return since
