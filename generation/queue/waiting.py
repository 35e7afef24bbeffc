"""Waiting for a picture within a request. It holds a thread of the web process, so the number of waits is limited."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from garden.errors import GardenError, UnavailableError
from generation.models import GenerationJob, Slot


class TooManyWaitsError(GardenError):
    """A user waits for as many pictures as one user may."""

    code = "too_many_waits"
    status = 429
    retry_after = 5


class WaitLimitError(UnavailableError):
    """As many requests wait for pictures as this process allows."""

    code = "too_many_waiting"


class WaitSlots:
    """The requests of this process that wait for a picture, by user."""

    def __init__(self) -> None:
        self._taken: Counter[object] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def slot_for(self, user: AbstractBaseUser) -> Iterator[None]:
        """Take a slot for the duration of the block. Raises TooManyWaitsError and WaitLimitError before it begins."""
        self._take(user.pk)
        try:
            yield
        finally:
            self._give_back(user.pk)

    def _take(self, person: object) -> None:
        with self._lock:
            if self._taken[person] >= settings.PICTURE_WAITS_PER_USER:
                raise TooManyWaitsError(f"You wait for {self._taken[person]} pictures already. Ask when one is there.")
            if self._taken.total() >= settings.PICTURE_WAITS:
                raise WaitLimitError("As many wait for pictures as can. Nothing was begun; ask again in a moment.")
            self._taken[person] += 1

    def _give_back(self, person: object) -> None:
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]


wait_slots = WaitSlots()


def wait_if_free(job: GenerationJob, *, by: AbstractBaseUser, seconds: float) -> bool:
    """As `wait_for`; False at once where no slot is free."""
    try:
        with wait_slots.slot_for(by):
            return wait_for(job, seconds)
    except (TooManyWaitsError, WaitLimitError):
        return False


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
