"""Who waits for a picture keeps a thread of the web process: a few for each person, and never all of them."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from garden.errors import GardenError, UnavailableError
from generation.models import GenerationJob
from generation.waiting import wait_for


class TooManyWaitsError(GardenError):
    """One person waits for as many pictures as one person may."""

    code = "too_many_waits"
    status = 429
    retry_after = 5


class SeatsTakenError(UnavailableError):
    """Everybody together waits for as many pictures as this process has threads to spare."""

    code = "too_many_waiting"


class Seats:
    """Of one process, as threads are: nothing is left behind by a process that ends."""

    def __init__(self) -> None:
        self._taken: Counter[object] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one_for(self, user: AbstractBaseUser) -> Iterator[None]:
        """While the block lasts. Raises TooManyWaitsError and SeatsTakenError before it begins."""
        self._sit_down(user.pk)
        try:
            yield
        finally:
            self._get_up(user.pk)

    def _sit_down(self, person: object) -> None:
        with self._lock:
            if self._taken[person] >= settings.PICTURE_WAITS_PER_USER:
                raise TooManyWaitsError(f"You wait for {self._taken[person]} pictures already. Ask when one is there.")
            if self._taken.total() >= settings.PICTURE_WAITS:
                raise SeatsTakenError("As many wait for pictures as can. Nothing was begun; ask again in a moment.")
            self._taken[person] += 1

    def _get_up(self, person: object) -> None:
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]


seats = Seats()


def wait_seated(job: GenerationJob, *, by: AbstractBaseUser, seconds: float) -> bool:
    """As `wait_for`; where no seat is left nobody waits."""
    try:
        with seats.one_for(by):
            return wait_for(job, seconds)
    except (TooManyWaitsError, SeatsTakenError):
        return False
