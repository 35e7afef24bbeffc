"""The slot queue: workers claim slots under a lease, and only the holder of the lease can finish them.

A lease is a token and a deadline. A dead worker stops renewing it, and the sweep requeues its slots. Every change of
state is one UPDATE that filters on the previous state, which is safe on SQLite and PostgreSQL with any number of
workers.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.utils import timezone

from garden.broker import enqueue
from garden.models import Image
from generation.models import GenerationJob, Slot, Worker
from generation.models.job import SlotQuerySet, SlotState
from generation.queue.scheduling import Loaded, next_slots

QUEUE_PREFIX = "pictures."
CLAIM_TRIES = 5
UNCOUNT_ATTEMPT = {"attempt": F("attempt") - 1}
"""Undoes the attempt that the claim counted."""
MAX_WAIT = timedelta(hours=1)
LEASE_EXPIRED = "The worker stopped responding while making this picture."
LEASE_EXPIRED_IN_BATCH = "The worker stopped responding while making a batch with this picture. It is now made alone."


def queue_of(engine: str) -> str:
    """The Celery queue that the workers of an engine listen to."""
    return f"{QUEUE_PREFIX}{engine}"


def wake_workers(engine: str) -> None:
    """Send one message per online worker, and at least one."""
    wake_worker(engine, times=max(1, Worker.objects.online().count()))


def wake_worker(engine: str, times: int = 1) -> None:
    enqueue("generation.tasks.make_pictures", engine, queue=queue_of(engine), times=times)


@dataclass(frozen=True, slots=True)
class Lease:
    """Slots that only this worker can finish until the deadline."""

    token: uuid.UUID
    slots: tuple[Slot, ...]

    @property
    def held(self) -> SlotQuerySet:
        """Slots still under this lease."""
        return Slot.objects.leased().filter(lease_token=self.token)

    def holds(self, slot: Slot) -> bool:
        """Whether this slot is still under the lease; it may have been cancelled on its own."""
        return self.held.filter(pk=slot.pk).exists()


def claim(
    *,
    worker: str,
    engines: Sequence[str],
    batch_size: Callable[[Slot], int] = lambda slot: 1,
    loaded: Loaded | None = None,
) -> Lease | None:
    """Lease compatible slots, at most `batch_size(first)`; None when nothing waits for these engines.

    `loaded` describes the models that the worker has in memory; None means all.
    """
    for _ in range(CLAIM_TRIES):
        token = uuid.uuid4()
        with transaction.atomic():
            waiting = _lock_batch(next_slots(engines, loaded), batch_size)
            taken = _take(waiting, token, worker) if waiting else 0
        if taken and taken == len(waiting):
            return Lease(token, tuple(waiting))
        if taken:
            return Lease(token, tuple(Slot.objects.filter(lease_token=token).order_by("id")))
        if not Slot.objects.claimable().of_engines(engines).exists():
            return None
    return None


def renew(*, lease: Lease, progress: float | None = None) -> int:
    """Extend the deadline; returns how many slots are still under the lease."""
    changes: dict[str, Any] = {"lease_deadline": _deadline()}
    if progress is not None:
        changes["progress"] = progress
    return lease.held.update(**changes)


def finish(*, slot: Slot, lease: Lease, image: Image | None, seconds: float) -> bool:
    """Mark a slot done, in the transaction that saves its result. False when the lease was lost."""
    done = {**_end_fields(Slot.State.DONE), "progress": 1.0, "error": ""}
    return lease.held.filter(pk=slot.pk).update(**done, image=image, seconds=seconds) > 0


def fail(*, slot: Slot, lease: Lease, error: str, permanent: bool = False, wait: float = 0.0) -> bool:
    """Requeue a slot after a failure, or mark it failed when the failure is permanent or attempts are used up.

    `wait` (seconds) doubles with every attempt, so that a short outage of an engine does not use up all attempts.
    """
    is_final = permanent or slot.attempt >= settings.GENERATION_MAX_ATTEMPTS
    delay = min(wait * 2 ** (slot.attempt - 1), MAX_WAIT.total_seconds())
    not_before = timezone.now() + timedelta(seconds=delay) if wait else None
    failed = lease.held.filter(pk=slot.pk)
    if is_final:
        return failed.update(**_end_fields(Slot.State.FAILED), error=error, not_before=not_before) > 0
    return _requeue(failed, error=error, not_before=not_before) > 0


def release(*, lease: Lease) -> int:
    """Requeue unfinished slots without counting the attempt."""
    return _requeue(lease.held, **UNCOUNT_ATTEMPT)


def postpone(*, lease: Lease, error: str, wait: float) -> int:
    """Requeue unfinished slots after `wait` seconds without counting the attempt."""
    not_before = timezone.now() + timedelta(seconds=wait)
    return _requeue(lease.held, **UNCOUNT_ATTEMPT, error=error, not_before=not_before)


def separate(*, lease: Lease, error: str) -> int:
    """Requeue unfinished slots one by one: one of the batch failed, and it is unknown which."""
    return _requeue(lease.held, **UNCOUNT_ATTEMPT, error=error, alone=True)


@transaction.atomic
def requeue_expired() -> int:
    """Requeue slots with an expired lease; returns their number.

    A slot that was alone in its worker uses up an attempt, and fails after the last one. Of several, some in a batch
    and others on their way into the storage, none does: they are made alone from now on, to find the one that crashes
    the worker.
    """
    expired = list(Slot.objects.expired().values_list("pk", "lease_owner", "alone"))
    of_worker = Counter(owner for _, owner, _ in expired)
    together = {pk for pk, owner, alone in expired if of_worker[owner] > 1 and not alone}
    single = Slot.objects.expired().filter(pk__in={pk for pk, _, _ in expired} - together)
    exhausted = single.filter(attempt__gte=settings.GENERATION_MAX_ATTEMPTS)
    failed = exhausted.update(**_end_fields(Slot.State.FAILED), error=LEASE_EXPIRED)
    separated = Slot.objects.expired().filter(pk__in=together)
    return (
        failed
        + _requeue(single, error=LEASE_EXPIRED)
        + _requeue(separated, **UNCOUNT_ATTEMPT, alone=True, error=LEASE_EXPIRED_IN_BATCH)
    )


def _lock_batch(slots: SlotQuerySet, batch_size: Callable[[Slot], int]) -> list[Slot]:
    """The first slot and compatible ones, locked where the database supports it."""
    lockable = slots.select_for_update(skip_locked=True)
    first = lockable.first()
    if first is None:
        return []
    if first.alone:
        return [first]
    most = batch_size(first)
    return list(lockable.filter(batch_key=first.batch_key, alone=False)[:most]) if most > 1 else [first]


def _take(slots: Sequence[Slot], token: uuid.UUID, worker: str) -> int:
    """Lease those that are still claimable, in the database and in memory; returns how many."""
    changes = {
        "state": Slot.State.LEASED,
        "lease_token": token,
        "lease_owner": worker,
        "lease_deadline": _deadline(),
        "started_at": timezone.now(),
        "progress": 0.0,
    }
    for slot in slots:
        slot.attempt += 1
        for name, value in changes.items():
            setattr(slot, name, value)
    claimable = Slot.objects.claimable().filter(pk__in=[slot.pk for slot in slots])
    return claimable.update(**changes, attempt=F("attempt") + 1)


def _deadline() -> datetime:
    return timezone.now() + timedelta(seconds=settings.GENERATION_LEASE_SECONDS)


def _end_fields(state: SlotState) -> dict[str, Any]:
    return {"state": state, "finished_at": timezone.now(), "lease_token": None, "lease_deadline": None}


def _requeue(slots: SlotQuerySet, **changes: Any) -> int:
    """Requeue slots, or pause them if their job is paused.

    The jobs are locked first, so that a concurrent pause is not missed.
    """
    paused = GenerationJob.objects.filter(pk=OuterRef("job_id"), control=GenerationJob.Control.PAUSED)
    state = Case(When(Exists(paused), then=Value(Slot.State.PAUSED)), default=Value(Slot.State.QUEUED))
    if not slots.exists():
        return 0
    with transaction.atomic():
        GenerationJob.objects.filter(pk__in=slots.order_by().values("job_id")).lock_for_update()
        return slots.update(state=state, lease_token=None, lease_deadline=None, lease_owner="", progress=0.0, **changes)
