"""Where photos are read: few at once, each in time. An analyzer that hangs costs a visitor seconds, others nothing.

Nothing of a photo leaves this module but its reading: what a backend raises may hold the photo, so that only the
name of a surprise is logged.
"""

import contextvars
import logging
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from garden.breaker import CircuitBreaker, ClosedError
from garden.errors import GardenError
from garden.faces.base import AnalyzerFailingError, AnalyzerUnavailableError, FaceReading

logger = logging.getLogger(__name__)
_Outcome = FaceReading | GardenError | str


class AnalyzerHangsError(AnalyzerUnavailableError):
    """The one reading that was left behind still holds its photo."""


class _HangingError(Exception):
    """No reading within the deadline."""


@dataclass(slots=True)
class ReadingPool:
    """No more readings at once than `slots`, one a core, whatever the number of threads.

    `wait` is how long a photo waits for a slot, `deadline` how long its reading may take (seconds). The slot of a
    reading that hangs is given to others, until `most_hanging` of them hang. An analyzer that hangs or fails again and
    again is left alone for a while.
    """

    wait: float = 10.0
    deadline: float = 15.0
    most_hanging: int = 8
    slots: int = os.cpu_count() or 1
    breaker: CircuitBreaker = field(default_factory=lambda: CircuitBreaker(threshold=3, cool_down=30.0))
    _free: threading.Semaphore = field(init=False)
    _hanging: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.slots)

    def read(self, read: Callable[[bytes], FaceReading], photo: bytes) -> FaceReading:
        """Raises the analyzer's own errors, and AnalyzerUnavailableError for all else that goes wrong."""
        if not self._free.acquire(timeout=self.wait):
            raise AnalyzerUnavailableError("Too many photos are being read at this moment.")
        task = _Reading(self, read, photo)
        try:
            with self.breaker.passing(_HangingError, AnalyzerFailingError):
                outcome = task.outcome(self.deadline)
                if isinstance(outcome, AnalyzerFailingError):
                    raise outcome
        except _HangingError:
            logger.error("The face analyzer has not answered for %s s.", self.deadline)
            raise AnalyzerHangsError("The face analyzer cannot answer now.") from None
        except ClosedError:
            self._free.release()
            outcome = ""
        if isinstance(outcome, FaceReading):
            return outcome
        if isinstance(outcome, GardenError):
            raise outcome
        if outcome:
            logger.error("The face analyzer failed with %s.", outcome)
        raise AnalyzerUnavailableError("The face analyzer cannot answer now.")

    def release(self) -> None:
        self._free.release()

    def abandon(self) -> bool:
        """Whether the slot of one who hangs may be given to another."""
        with self._counting:
            self._hanging += 1
            given = self._hanging <= self.most_hanging
        if given:
            self._free.release()
        return given

    def wake(self, *, gave_slot: bool) -> None:
        """One who hung has come to an end."""
        with self._counting:
            self._hanging -= 1
        if not gave_slot:
            self._free.release()


class _Reading:
    """One reading in a thread of its own, which cannot be stopped but can be left."""

    def __init__(self, pool: ReadingPool, read: Callable[[bytes], FaceReading], photo: bytes) -> None:
        self._pool = pool
        self._photo: bytes | None = photo
        self._outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._ending = threading.Lock()
        self._ended = False
        self._abandoned: bool | None = None
        work = contextvars.copy_context().run
        self._thread = threading.Thread(target=work, args=(self._work, read), name="reading", daemon=True)

    def outcome(self, deadline: float) -> _Outcome:
        try:
            self._thread.start()
        except RuntimeError as error:  # The system gives no more threads.
            self._pool.release()
            return f"{type(error).__name__}: {error}"
        try:
            return self._outcomes.get(timeout=deadline)
        except queue.Empty:
            self._leave_alone()
            raise _HangingError from None

    def _work(self, read: Callable[[bytes], FaceReading]) -> None:
        try:
            self._outcomes.put(self._attempt(read))
        finally:
            self._end()

    def _attempt(self, read: Callable[[bytes], FaceReading]) -> _Outcome:
        """When this returns, nothing of this thread holds the photo any more."""
        photo, self._photo = self._photo or b"", None
        try:
            return read(photo)
        except GardenError as error:
            return error
        except BaseException as error:
            return type(error).__name__

    def _end(self) -> None:
        with self._ending:
            self._ended = True
        if self._abandoned is None:
            self._pool.release()
        else:
            self._pool.wake(gave_slot=self._abandoned)

    def _leave_alone(self) -> None:
        with self._ending:
            if not self._ended:
                self._abandoned = self._pool.abandon()
