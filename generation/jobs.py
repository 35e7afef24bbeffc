"""What people do with jobs: ask, pause, resume, cancel, try again."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from garden.errors import RefusedError
from garden.vocabulary import Orientation
from generation.bell import wake_workers
from generation.credits.spending import payers_of, within_credits
from generation.engines.base import PictureRequest
from generation.engines.registry import get_engine
from generation.models import GenerationJob, Slot
from generation.models.job import Control, Priority
from generation.models.slot import OPEN, SlotKind, SlotState

BATCH = 1_000

State = SlotState

_FRESH = {"attempt": 0, "error": "", "finished_at": None, "not_before": None, "progress": 0.0}
"""A slot that begins anew."""


class KeyTakenError(RefusedError):
    """Two jobs cannot make the same key."""

    code = "key_taken"
    status = 409


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """One picture of a job to be: where it goes, what is asked of the engine, which template the prompt came from."""

    index: int
    orientation: Orientation
    key: str
    request: PictureRequest
    template: int | None = None
    kind: SlotKind = SlotKind.PICTURE


def submit_job(
    *,
    title: str,
    pictures: Iterable[WantedPicture],
    engine: str = "",
    owner: AbstractBaseUser | None = None,
    priority: Priority = Priority.BULK,
    request_key: str | None = None,
    request: dict[str, Any] | None = None,
) -> GenerationJob:
    """Save a job and its slots, then ring. The same `request_key` again answers the job that exists.

    Raises UnsupportedSizeError before anything is saved.
    """
    engine = engine or settings.GENERATION_DEFAULT_ENGINE
    job = GenerationJob(title=title, owner=owner, priority=priority, request_key=request_key, request=request or {})  # type: ignore[misc]
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            _save_slots(_slots(job, pictures, engine))
            transaction.on_commit(lambda: wake_workers(engine))
    except IntegrityError as error:
        existing = GenerationJob.objects.filter(request_key=request_key).first() if request_key else None
        if existing is None:
            raise KeyTakenError("Another job makes pictures under these keys already.") from error
        return existing
    return job


@transaction.atomic
def add_pictures(
    *, job: GenerationJob, pictures: Iterable[WantedPicture], engine: str = "", priority: Priority | None = None
) -> None:
    """More slots for a job: they wait with it while it is paused, and a cancelled one goes on with them."""
    engine = engine or settings.GENERATION_DEFAULT_ENGINE
    _save_slots(_slots(job, pictures, engine, priority))
    held = GenerationJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    if held.control == Control.CANCELLED:
        GenerationJob.objects.filter(pk=job.pk).update(control=Control.ACTIVE)
    elif held.control == Control.PAUSED:
        job.slots.filter(state=State.QUEUED).update(state=State.PAUSED)
    transaction.on_commit(lambda: wake_workers(engine))


def pause_job(*, job: GenerationJob) -> None:
    """Nothing more of it is begun; what is being made is finished."""
    _control(job, Control.PAUSED, [State.QUEUED], {"state": State.PAUSED})


def resume_job(*, job: GenerationJob) -> None:
    _control(job, Control.ACTIVE, [State.PAUSED], {"state": State.QUEUED})
    _ring_for_all(job)


def cancel_job(*, job: GenerationJob) -> None:
    """Nothing more of it is made; a running step is the last one. Finished pictures stay."""
    _control(job, Control.CANCELLED, list(OPEN), _withdrawn())


def cancel_slot(*, slot: Slot) -> bool:
    """One picture that is not finished yet is withdrawn; the others of its job go on. Any other is left alone.

    A job of which nothing but cancelled pictures is left is a cancelled one.
    """
    with transaction.atomic():
        job = GenerationJob.objects.select_for_update(no_key=True).get(pk=slot.job_id)
        cancelled = Slot.objects.open().filter(pk=slot.pk).update(**_withdrawn()) > 0
        if cancelled and not job.slots.exclude(state=State.CANCELLED).exists():
            GenerationJob.objects.filter(pk=job.pk).update(control=Control.CANCELLED)
    return cancelled


def retry_failed(*, job: GenerationJob) -> int:
    """Failed slots wait again with all their attempts; returns how many. A paused job stays paused.

    Raises NoCreditsError where those who asked for retouches cannot pay for them any more.
    """
    paused = job.control == Control.PAUSED
    with transaction.atomic(), within_credits(payers_of(job)):
        GenerationJob.objects.filter(pk=job.pk, control=Control.CANCELLED).update(control=Control.ACTIVE)
        state = State.PAUSED if paused else State.QUEUED
        retried = job.slots.filter(state=State.FAILED).update(state=state, **_FRESH)
    _ring_for_all(job)
    return retried


def retry_slot(*, slot: Slot) -> bool:
    """One failed or cancelled slot waits again with all its attempts; the rest of its job stays as it is.

    Any other is left alone. Raises NoCreditsError where who asked for it cannot pay for it any more.
    """
    with transaction.atomic(), within_credits(payers_of(slot.job)):
        job = GenerationJob.objects.select_for_update(no_key=True).get(pk=slot.job_id)
        state = State.PAUSED if job.control == Control.PAUSED else State.QUEUED
        ended = Slot.objects.filter(pk=slot.pk, state__in=[State.FAILED, State.CANCELLED])
        retried = ended.update(state=state, **_FRESH) > 0
        if retried and job.control == Control.CANCELLED:
            GenerationJob.objects.filter(pk=job.pk).update(control=Control.ACTIVE)
    _ring_for_all(slot.job)
    return retried


def _withdrawn() -> dict[str, Any]:
    """Whoever makes it has lost the lease: what comes of it is neither stored nor charged."""
    return {
        "state": State.CANCELLED,
        "finished_at": timezone.now(),
        "lease_token": None,
        "lease_deadline": None,
    }


def _control(job: GenerationJob, control: Control, states: list[SlotState], changes: dict[str, Any]) -> None:
    with transaction.atomic():
        GenerationJob.objects.filter(pk=job.pk).update(control=control)
        job.slots.filter(state__in=states).update(**changes)
    job.control = control


def _ring_for_all(job: GenerationJob) -> None:
    for engine in job.slots.claimable().engines():
        wake_workers(engine)


def _slots(
    job: GenerationJob, pictures: Iterable[WantedPicture], engine: str, priority: Priority | None = None
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
    while part := list(islice(slots, BATCH)):
        Slot.objects.bulk_create(part)
