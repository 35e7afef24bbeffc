"""Services of jobs: submit, pause, resume, cancel, retry."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from garden.batches import batches
from garden.errors import RefusedError
from garden.vocabulary import Orientation
from generation.backends import get_engine
from generation.credits import payers_of, within_credits
from generation.engines.base import PictureRequest
from generation.models import GenerationJob, Slot
from generation.models.job import OPEN, Control, JobState, Priority, SlotKind, SlotQuerySet, SlotState
from generation.queue.leases import wake_workers

BATCH = 1_000

State = SlotState

REQUEUED = {"attempt": 0, "error": "", "finished_at": None, "not_before": None, "progress": 0.0}
"""Fields of a slot that is queued again."""


class KeyTakenError(RefusedError):
    code = "key_taken"
    status = 409


class JobStateError(RefusedError):
    """The action is not allowed in the job's `state`."""

    code = "wrong_job_state"
    status = 409


@dataclass(frozen=True, slots=True)
class Transition:
    """Changes the control from one of `start` to `end`, and slots from one of `slots` to `slots_end`."""

    start: tuple[Control, ...]
    end: Control
    slots: tuple[SlotState, ...]
    slots_end: SlotState


TRANSITIONS = {
    "pause": Transition((Control.ACTIVE,), Control.PAUSED, (State.QUEUED,), State.PAUSED),
    "resume": Transition((Control.PAUSED,), Control.ACTIVE, (State.PAUSED,), State.QUEUED),
    "cancel": Transition((Control.ACTIVE, Control.PAUSED), Control.CANCELLED, OPEN, State.CANCELLED),
}
"""Each starts from a job with an open slot. Repeated, it changes nothing; from any other state it is refused.

`retry_failed` and `retry_slot` start from slots that have ended, whatever the state of their job: the slots are queued,
or paused while the job is paused, and a cancelled job becomes active.
"""


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """A slot to create: its storage key, the engine's request, and the template of the prompt."""

    index: int
    orientation: Orientation
    key: str
    request: PictureRequest
    template: int | None = None
    kind: SlotKind = SlotKind.PICTURE


def submit_job(
    *,
    title: str,
    pictures: Iterable[SlotSpec],
    engine: str = "",
    owner: AbstractBaseUser | None = None,
    priority: Priority = Priority.BULK,
    request_key: str | None = None,
    request: dict[str, Any] | None = None,
) -> GenerationJob:
    """Save a job and its slots, then wake workers. A repeated `request_key` returns the existing job.

    Raises UnsupportedSizeError before anything is saved.
    """
    engine = engine or settings.GENERATION_DEFAULT_ENGINE
    job = GenerationJob(title=title, owner=owner, priority=priority, request_key=request_key, request=request or {})  # type: ignore[misc]
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            _save_slots(_slots(job, pictures, engine))
            wake_workers(engine)
    except IntegrityError as error:
        existing = GenerationJob.objects.filter(request_key=request_key).first() if request_key else None
        if existing is None:
            raise KeyTakenError("Another job already uses these keys.") from error
        return existing
    return job


def submit_named(pictures: Callable[[str], Iterable[SlotSpec]], **fields: Any) -> GenerationJob:
    """As `submit_job`, for pictures whose keys begin with the time; a suffix avoids clashes within a second."""
    name = time_name()
    try:
        return submit_job(pictures=pictures(name), **fields)
    except KeyTakenError:
        return submit_job(pictures=pictures(f"{name}-{secrets.token_hex(4)}"), **fields)


def time_name() -> str:
    """`img_YYYYMMDD-HHMMSS`, in the site's time."""
    return f"img_{timezone.localtime():%Y%m%d-%H%M%S}"


@transaction.atomic
def add_pictures(
    *, job: GenerationJob, pictures: Iterable[SlotSpec], engine: str = "", priority: Priority | None = None
) -> None:
    """Add slots to a job: paused if it is paused; a cancelled job becomes active."""
    engine = engine or settings.GENERATION_DEFAULT_ENGINE
    _save_slots(_slots(job, pictures, engine, priority))
    locked = _lock(job)
    if locked.control == Control.CANCELLED:
        _set_control(job, Control.ACTIVE)
    elif locked.control == Control.PAUSED:
        job.slots.filter(state=State.QUEUED).update(state=State.PAUSED)
    wake_workers(engine)


def pause_job(*, job: GenerationJob) -> None:
    """Queued slots wait; leased ones are finished. Raises JobStateError."""
    _change(job, "pause")


def resume_job(*, job: GenerationJob) -> None:
    """Queue paused slots again. Raises JobStateError."""
    _change(job, "resume")
    _wake_workers_of(job)


def cancel_job(*, job: GenerationJob) -> None:
    """Cancel all open slots, leased ones at their next step. Finished pictures stay. Raises JobStateError."""
    _change(job, "cancel")


def cancel_slot(*, slot: Slot) -> bool:
    """Cancel one open slot. A job with nothing but cancelled slots becomes cancelled. False if it was not open."""
    with transaction.atomic():
        job = _lock(slot.job)
        cancelled = Slot.objects.open().filter(pk=slot.pk).update(**_cancelled_fields()) > 0
        if cancelled and not job.slots.exclude(state=State.CANCELLED).exists():
            _set_control(job, Control.CANCELLED)
    return cancelled


def retry_failed(*, job: GenerationJob) -> int:
    """Queue failed slots again with all attempts; returns how many. A paused job stays paused.

    Raises NoCreditsError when the requesting users have too few credits.
    """
    with transaction.atomic(), within_credits(payers_of(job)):
        retried = _retry(job, job.slots.filter(state=State.FAILED))
    _wake_workers_of(job)
    return retried


ACTIONS: dict[str, Callable[..., object]] = {
    "pause": pause_job,
    "resume": resume_job,
    "cancel": cancel_job,
    "retry": retry_failed,
}
"""Actions by their name in routes and commands."""


def retry_slot(*, slot: Slot) -> bool:
    """Queue one failed or cancelled slot again with all attempts. False if it was neither.

    Raises NoCreditsError when the requesting user has too few credits.
    """
    with transaction.atomic(), within_credits(payers_of(slot.job)):
        slots = Slot.objects.filter(pk=slot.pk, state__in=[State.FAILED, State.CANCELLED])
        retried = _retry(slot.job, slots) > 0
    _wake_workers_of(slot.job)
    return retried


def _retry(job: GenerationJob, slots: SlotQuerySet) -> int:
    """Call it in a transaction: the job is locked while its control and its slots change."""
    locked = _lock(job)
    state = State.PAUSED if locked.control == Control.PAUSED else State.QUEUED
    retried = slots.update(state=state, **REQUEUED)
    if retried and locked.control == Control.CANCELLED:
        _set_control(job, Control.ACTIVE)
    return retried


def _cancelled_fields() -> dict[str, Any]:
    """The worker loses its lease, so the result is neither stored nor charged."""
    return {
        "state": State.CANCELLED,
        "finished_at": timezone.now(),
        "lease_token": None,
        "lease_deadline": None,
    }


def _change(job: GenerationJob, action: str) -> None:
    transition = TRANSITIONS[action]
    changes = _cancelled_fields() if transition.slots_end == State.CANCELLED else {"state": transition.slots_end}
    with transaction.atomic():
        state: str = _lock(job).compute_state()
        if state == transition.end:
            job.control = transition.end
            return
        if state not in transition.start:
            raise _refused(job, action, state)
        changed = job.slots.filter(state__in=transition.slots).update(**changes)
        if transition.end == Control.CANCELLED and not changed:  # A worker finished the last slot meanwhile.
            raise _refused(job, action, JobState.FINISHED)
        _set_control(job, transition.end)


def _lock(job: GenerationJob) -> GenerationJob:
    """The job as it is now, locked until the transaction ends."""
    return GenerationJob.objects.select_for_update(no_key=True).get(pk=job.pk)


def _set_control(job: GenerationJob, control: Control) -> None:
    GenerationJob.objects.filter(pk=job.pk).update(control=control)
    job.control = control


def _refused(job: GenerationJob, action: str, state: str) -> JobStateError:
    starts = " or ".join(TRANSITIONS[action].start)
    return JobStateError(
        f"The job is {state}: {action} needs a job that is {starts}.", job=str(job.pk), state=str(state)
    )


def _wake_workers_of(job: GenerationJob) -> None:
    for engine in job.slots.claimable().engines():
        wake_workers(engine)


def _slots(
    job: GenerationJob, pictures: Iterable[SlotSpec], engine: str, priority: Priority | None = None
) -> Iterator[Slot]:
    limits = get_engine(engine).limits
    for picture in pictures:
        limits.check(picture.request.width, picture.request.height)
        slot = Slot(
            job=job,
            index=picture.index,
            orientation=picture.orientation,
            key=picture.key,
            engine=engine,
            owner=job.owner_id or 0,
            priority=job.priority if priority is None else priority,
            template_id=picture.template,
            kind=picture.kind,
            **asdict(picture.request),
        )
        slot.batch_key = slot.compute_batch_key()
        yield slot


def _save_slots(slots: Iterator[Slot]) -> None:
    for part in batches(slots, BATCH):
        Slot.objects.bulk_create(part)
