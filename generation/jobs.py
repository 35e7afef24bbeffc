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
from generation.engines.base import PictureRequest
from generation.engines.registry import get_engine
from generation.models import GenerationJob, Slot
from generation.models.job import Control, Priority
from generation.models.slot import SlotState

BATCH = 1_000

State = SlotState


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


def pause_job(*, job: GenerationJob) -> None:
    """Nothing more of it is begun; what is being made is finished."""
    _control(job, Control.PAUSED, [State.QUEUED], {"state": State.PAUSED})


def resume_job(*, job: GenerationJob) -> None:
    _control(job, Control.ACTIVE, [State.PAUSED], {"state": State.QUEUED})
    _ring_for_all(job)


def cancel_job(*, job: GenerationJob) -> None:
    """Nothing more of it is made; a running step is the last one. Finished pictures stay."""
    withdrawn = {"state": State.CANCELLED, "finished_at": timezone.now(), "lease_token": None, "lease_deadline": None}
    _control(job, Control.CANCELLED, [State.QUEUED, State.PAUSED, State.LEASED], withdrawn)


def retry_failed(*, job: GenerationJob) -> int:
    """Failed slots wait again with all their attempts; returns how many. A paused job stays paused."""
    paused = job.control == Control.PAUSED
    fresh = {"attempt": 0, "error": "", "finished_at": None, "not_before": None}
    with transaction.atomic():
        GenerationJob.objects.filter(pk=job.pk, control=Control.CANCELLED).update(control=Control.ACTIVE)
        state = State.PAUSED if paused else State.QUEUED
        retried = job.slots.filter(state=State.FAILED).update(state=state, **fresh)
    _ring_for_all(job)
    return retried


def _control(job: GenerationJob, control: Control, states: list[SlotState], changes: dict[str, Any]) -> None:
    with transaction.atomic():
        GenerationJob.objects.filter(pk=job.pk).update(control=control)
        job.slots.filter(state__in=states).update(**changes)
    job.control = control


def _ring_for_all(job: GenerationJob) -> None:
    for engine in job.slots.claimable().engines():
        wake_workers(engine)


def _slots(job: GenerationJob, pictures: Iterable[WantedPicture], engine: str) -> Iterator[Slot]:
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
            priority=job.priority,
            template_id=picture.template,
            **asdict(picture.request),
        )
        slot.batch_key = slot.compute_batch_key()
        yield slot


def _save_slots(slots: Iterator[Slot]) -> None:
    while part := list(islice(slots, BATCH)):
        Slot.objects.bulk_create(part)
