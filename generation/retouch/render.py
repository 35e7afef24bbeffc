"""One retouch while somebody waits for it: through the queue as every other, and withdrawn when it takes too long."""

import hashlib
import uuid
from contextlib import suppress

from django.contrib.auth.models import AbstractBaseUser

from garden.errors import GardenError
from generation.engines.base import EngineUnavailableError
from generation.jobs import JobStateError, cancel_job
from generation.models import Canvas, GenerationJob, Version
from generation.queue.eta import workers_online
from generation.queue.events import sentence_of
from generation.queue.waiting import first_error, wait_for
from generation.retouch.edits import Edit, begin_retouch
from generation.retouch.inpainters import engine_name
from generation.retouch.versions import open_upload


class TooSlowError(GardenError):
    """Workers are there, but it was not finished in time."""

    code = "too_slow"
    status = 504


def canvas_for(content: bytes, *, title: str, by: AbstractBaseUser) -> Canvas:
    """The canvas of a picture that somebody sends: sent again it is the same one. Raises BadLayerError."""
    name = f"{by.pk}:{hashlib.sha256(content).hexdigest()}"
    return open_upload(content=content, title=title, by=by, canvas_id=uuid.uuid5(uuid.NAMESPACE_OID, name))


def render(*, edit: Edit, by: AbstractBaseUser, seconds: float) -> Version:
    """The finished version. Raises what `begin_retouch` raises, EngineUnavailableError and TooSlowError.

    What was not finished in time is withdrawn: nobody would come for it, and nothing is charged.
    """
    job, [version] = begin_retouch(edits=[edit], by=by)
    if not wait_for(job, seconds):
        with suppress(JobStateError):  # It was finished in this moment.
            cancel_job(job=job)
    made = Version.objects.select_related("canvas").get(pk=version.pk)
    if made.done_at is None:
        raise _reason(job, engine_name(edit.settings), seconds)
    return made


def _reason(job: GenerationJob, engine: str, seconds: float) -> GardenError:
    if job.control != GenerationJob.Control.CANCELLED:
        return EngineUnavailableError(sentence_of(first_error(job)) or "It was not made.", job=str(job.pk))
    if not workers_online(engine):
        return EngineUnavailableError(f"No worker is there for {engine}. Nothing was charged.", job=str(job.pk))
    return TooSlowError(f"It was not finished within {seconds:g} s, and withdrawn. Nothing was charged.")
