"""The queue of truth: slots are claimed under a lease, and only the lease's holder can finish them.

A lease is a token and a deadline. A worker that dies stops renewing; the sweeper gives its slots to somebody else.
Every change of state is one UPDATE that names the state it starts from, so the same code is safe on SQLite and
PostgreSQL, however many workers there are.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.utils import timezone

from garden.models import Image
from generation.fairness import next_in_turn
from generation.models import GenerationJob, Slot
from generation.models.slot import SlotQuerySet, SlotState

CLAIM_TRIES = 5
LONGEST_WAIT = timedelta(hours=1)
SILENT = "The worker fell silent while making this picture."


@dataclass(frozen=True, slots=True)
class Lease:
    """Slots that this worker alone may finish, until the deadline passes unrenewed."""

    token: uuid.UUID
    slots: tuple[Slot, ...]

    @property
    def held(self) -> SlotQuerySet:
        """Those of its slots that are still its own."""
        return Slot.objects.leased().filter(lease_token=self.token)


def claim(*, worker: str, engines: Sequence[str], batch_size: int = 1) -> Lease | None:
    """Lease up to `batch_size` compatible slots; None when nothing waits for these engines."""
    for _ in range(CLAIM_TRIES):
        token = uuid.uuid4()
        with transaction.atomic():
            waiting = _lock_batch(next_in_turn(engines), batch_size)
            taken = waiting and _take(waiting, token, worker)
        if taken:
            return Lease(token, tuple(Slot.objects.filter(lease_token=token).order_by("id")))
        if not Slot.objects.claimable().of_engines(engines).exists():
            return None
    return None


def renew(*, lease: Lease, progress: float | None = None) -> bool:
    """Push the deadline out. False when nothing of the lease is held any more: stop working."""
    changes: dict[str, Any] = {"lease_deadline": _deadline()}
    if progress is not None:
        changes["progress"] = progress
    return lease.held.update(**changes) > 0


def finish(*, slot: Slot, lease: Lease, image: Image | None, seconds: float) -> bool:
    """Mark a slot done; call it in the transaction that saves what it made. False when the lease was lost."""
    done = {**_ended(Slot.State.DONE), "progress": 1.0, "error": ""}
    return lease.held.filter(pk=slot.pk).update(**done, image=image, seconds=seconds) > 0


def fail(*, slot: Slot, lease: Lease, error: str, permanent: bool = False, wait: float = 0.0) -> bool:
    """Give a slot back after a failure, or to the failed ones when it is permanent or was tried too often.

    `wait` (seconds) doubles with every attempt: an engine that is away for a while does not use them all up.
    """
    for_good = permanent or slot.attempt >= settings.GENERATION_MAX_ATTEMPTS
    changes = _ended(Slot.State.FAILED) if for_good else _waiting()
    longer = min(wait * 2 ** (slot.attempt - 1), LONGEST_WAIT.total_seconds())
    not_before = timezone.now() + timedelta(seconds=longer) if wait else None
    return lease.held.filter(pk=slot.pk).update(**changes, error=error, not_before=not_before) > 0


def release(*, lease: Lease) -> int:
    """Give back what is not finished, as if it had never been claimed: a worker that stops in good order."""
    return lease.held.update(**_waiting(), attempt=F("attempt") - 1)


def postpone(*, lease: Lease, error: str, wait: float) -> int:
    """Give back what is not finished for `wait` seconds: nobody tries it meanwhile, and no attempt is used up."""
    not_before = timezone.now() + timedelta(seconds=wait)
    return lease.held.update(**_waiting(), attempt=F("attempt") - 1, error=error, not_before=not_before)


def requeue_expired() -> int:
    """The sweeper: slots whose worker fell silent wait again, or fail when that happened too often."""
    expired = Slot.objects.expired()
    tried_too_often = expired.filter(attempt__gte=settings.GENERATION_MAX_ATTEMPTS)
    failed = tried_too_often.update(**_ended(Slot.State.FAILED), error=SILENT)
    return failed + expired.update(**_waiting(), error=SILENT)


def _lock_batch(turn: SlotQuerySet, batch_size: int) -> list[int]:
    """Ids of the first slot in turn and of others like it, locked where the database can."""
    unlocked = turn.select_for_update(skip_locked=True)
    first = unlocked.values_list("batch_key", flat=True).first()
    if first is None:
        return []
    return list(unlocked.filter(batch_key=first).values_list("pk", flat=True)[:batch_size])


def _take(slots: list[int], token: uuid.UUID, worker: str) -> int:
    return (
        Slot.objects.claimable()
        .filter(pk__in=slots)
        .update(
            state=Slot.State.LEASED,
            lease_token=token,
            lease_owner=worker,
            lease_deadline=_deadline(),
            started_at=timezone.now(),
            attempt=F("attempt") + 1,
            progress=0.0,
        )
    )


def _deadline() -> datetime:
    return timezone.now() + timedelta(seconds=settings.GENERATION_LEASE_SECONDS)


def _ended(state: SlotState) -> dict[str, Any]:
    return {"state": state, "finished_at": timezone.now(), "lease_token": None, "lease_deadline": None}


def _waiting() -> dict[str, Any]:
    """Back to the queue; into the pause where the job is paused meanwhile."""
    paused = GenerationJob.objects.filter(pk=OuterRef("job_id"), control=GenerationJob.Control.PAUSED)
    state = Case(When(Exists(paused), then=Value(Slot.State.PAUSED)), default=Value(Slot.State.QUEUED))
    return {"state": state, "lease_token": None, "lease_deadline": None, "lease_owner": "", "progress": 0.0}
