"""Waiting a little for a picture, so that most callers get it in the answer."""

import time

from generation.models import GenerationJob, Slot

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
