"""The queue of truth: slots are claimed under a lease, and only the lease's holder can finish them.

A lease is a token and a deadline. A worker that dies stops renewing; the sweeper gives its slots to somebody else.
Every change of state is one UPDATE that names the state it starts from, so the same code is safe on SQLite and
PostgreSQL, however many workers there are.
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
from generation.queue.scheduling import Loaded, next_in_turn

QUEUE_PREFIX = "pictures."
CLAIM_TRIES = 5
UNCOUNTED = {"attempt": F("attempt") - 1}
"""The attempt that the claim counted is taken back."""
LONGEST_WAIT = timedelta(hours=1)
SILENT = "The worker fell silent while making this picture."
SILENT_TOGETHER = "The worker fell silent while making this picture together with others. It is made alone now."


def queue_of(engine: str) -> str:
    """The Celery queue that the workers of an engine listen to."""
    return f"{QUEUE_PREFIX}{engine}"


def wake_workers(engine: str) -> None:
    """One message for each worker that is there, and one where none is known yet."""
    wake_worker(engine, times=max(1, Worker.objects.online().count()))


def wake_worker(engine: str, times: int = 1) -> None:
    enqueue("generation.tasks.make_pictures", engine, queue=queue_of(engine), times=times)


@dataclass(frozen=True, slots=True)
class Lease:
    """Slots that this worker alone may finish, until the deadline passes unrenewed."""

    token: uuid.UUID
    slots: tuple[Slot, ...]

    @property
    def held(self) -> SlotQuerySet:
        """Those of its slots that are still its own."""
        return Slot.objects.leased().filter(lease_token=self.token)

    def holds(self, slot: Slot) -> bool:
        """Whether this slot is still its own; the others of the lease may be when this one was cancelled."""
        return self.held.filter(pk=slot.pk).exists()


def claim(
    *,
    worker: str,
    engines: Sequence[str],
    batch_size: Callable[[Slot], int] = lambda slot: 1,
    loaded: Loaded | None = None,
) -> Lease | None:
    """Lease compatible slots, at most `batch_size` of the first; None when nothing waits for these engines.

    `loaded` are the models that the worker need not load first; without it, all of them.
    """
    for _ in range(CLAIM_TRIES):
        token = uuid.uuid4()
        with transaction.atomic():
            waiting = _lock_batch(next_in_turn(engines, loaded), batch_size)
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
    longer = min(wait * 2 ** (slot.attempt - 1), LONGEST_WAIT.total_seconds())
    not_before = timezone.now() + timedelta(seconds=longer) if wait else None
    failed = lease.held.filter(pk=slot.pk)
    if for_good:
        return failed.update(**_ended(Slot.State.FAILED), error=error, not_before=not_before) > 0
    return _give_back(failed, error=error, not_before=not_before) > 0


def release(*, lease: Lease) -> int:
    """Give back what is not finished, as if it had never been claimed: a worker that stops in good order."""
    return _give_back(lease.held, **UNCOUNTED)


def postpone(*, lease: Lease, error: str, wait: float) -> int:
    """Give back what is not finished for `wait` seconds: nobody tries it meanwhile, and no attempt is used up."""
    not_before = timezone.now() + timedelta(seconds=wait)
    return _give_back(lease.held, **UNCOUNTED, error=error, not_before=not_before)


def separate(*, lease: Lease, error: str) -> int:
    """Give back what is not finished, each slot to be made alone: one of them failed, and it is not known which."""
    return _give_back(lease.held, **UNCOUNTED, error=error, alone=True)


@transaction.atomic
def requeue_expired() -> int:
    """Give back the slots whose worker fell silent; returns how many.

    A slot that was alone in its lease used up an attempt, and fails after the last one. Slots that were made together
    use up none: they are made alone from now on, so that the one that ends its worker is found.
    """
    expired = dict(Slot.objects.expired().values_list("pk", "lease_token"))
    in_lease = Counter(expired.values())
    together = [pk for pk, token in expired.items() if in_lease[token] > 1]
    silent = Slot.objects.expired().filter(pk__in=expired.keys() - set(together))
    tried_too_often = silent.filter(attempt__gte=settings.GENERATION_MAX_ATTEMPTS)
    failed = tried_too_often.update(**_ended(Slot.State.FAILED), error=SILENT)
    separated = Slot.objects.expired().filter(pk__in=together)
    return (
        failed
        + _give_back(silent, error=SILENT)
        + _give_back(separated, **UNCOUNTED, alone=True, error=SILENT_TOGETHER)
    )


def _lock_batch(turn: SlotQuerySet, batch_size: Callable[[Slot], int]) -> list[int]:
    """Ids of the first slot in turn and of others like it, locked where the database can."""
    unlocked = turn.select_for_update(skip_locked=True)
    first = unlocked.first()
    if first is None:
        return []
    if first.alone:
        return [first.pk]
    alike = unlocked.filter(batch_key=first.batch_key, alone=False)
    return list(alike.values_list("pk", flat=True)[: batch_size(first)])


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


def _give_back(slots: SlotQuerySet, **changes: Any) -> int:
    """Back to the queue; into the pause where the job is paused.

    The jobs are locked first: a pause that is being written either sees these slots in the queue, or is seen here.
    """
    paused = GenerationJob.objects.filter(pk=OuterRef("job_id"), control=GenerationJob.Control.PAUSED)
    state = Case(When(Exists(paused), then=Value(Slot.State.PAUSED)), default=Value(Slot.State.QUEUED))
    if not slots.exists():
        return 0
    with transaction.atomic():
        GenerationJob.objects.filter(pk__in=slots.order_by().values("job_id")).lock_for_update()
        return slots.update(state=state, lease_token=None, lease_deadline=None, lease_owner="", progress=0.0, **changes)
