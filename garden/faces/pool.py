"""Where photos are read: few at once, each in time. An analyzer that hangs costs a visitor seconds, others nothing.

Nothing of a photo leaves this module but its reading: what a backend raises may hold the photo, so that only the
name of a surprise is logged.
"""

import contextvars
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connections

from garden.errors import GardenError
from garden.faces.base import AnalyzerFailingError, AnalyzerUnavailableError, FaceReading

logger = logging.getLogger(__name__)
_Outcome = FaceReading | GardenError | str


class AnalyzerHangsError(AnalyzerUnavailableError):
    """The one reading that was left behind still holds its photo."""


class _HangingError(Exception):
    """No reading within the deadline."""


class _ClosedError(Exception):
    """The analyzer failed a moment ago: it gets no photo."""


@dataclass(slots=True)
class ReadingPool:
    """No more readings at once than `slots`, one a core, whatever the number of threads.

    `wait` is how long a photo waits for a slot, `deadline` how long its reading may take (seconds). The slot of a
    reading that hangs is given to others, until `most_hanging` of them hang. After
    `threshold` readings in a row that hung or failed, the analyzer gets no photo for `cool_down` seconds, then one at a
    time; the first success ends that (a circuit breaker).
    """

    wait: float = 10.0
    deadline: float = 15.0
    most_hanging: int = 8
    slots: int = os.cpu_count() or 1
    threshold: int = 3
    cool_down: float = 30.0
    failures: int = 0
    failed_at: float = 0.0
    _probing: threading.Lock = field(default_factory=threading.Lock)
    _free: threading.Semaphore = field(init=False)
    _hanging: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.slots)

    def read(self, read: Callable[[bytes], FaceReading], photo: bytes) -> FaceReading:
        """Raises the analyzer's own errors, and AnalyzerUnavailableError for all else that goes wrong."""
        if not self._free.acquire(timeout=self.wait):
            raise AnalyzerUnavailableError("Too many photos are being read at the moment.")
        task = _Reading(self, read, photo)
        try:
            with self._breaker():
                outcome = task.outcome(self.deadline)
                if isinstance(outcome, AnalyzerFailingError):
                    raise outcome
        except _HangingError:
            logger.error("The face analyzer has not answered for %s s.", self.deadline)
            raise AnalyzerHangsError("The face analyzer is unavailable.") from None
        except _ClosedError:
            self._free.release()
            outcome = ""
        if isinstance(outcome, FaceReading):
            return outcome
        if isinstance(outcome, GardenError):
            raise outcome
        if outcome:
            logger.error("The face analyzer failed with %s.", outcome)
        raise AnalyzerUnavailableError("The face analyzer is unavailable.")

    @contextmanager
    def _breaker(self) -> Iterator[None]:
        is_open = self.failures >= self.threshold
        if is_open and not self._probing.acquire(blocking=False):
            raise _ClosedError
        try:
            if is_open and time.monotonic() - self.failed_at < self.cool_down:
                raise _ClosedError
            yield
        except (_HangingError, AnalyzerFailingError):
            self.failures, self.failed_at = self.failures + 1, time.monotonic()
            raise
        else:
            self.failures = 0
        finally:
            if is_open:
                self._probing.release()

    def release(self) -> None:
        self._free.release()

    def leave(self, reading: "_Reading") -> None:
        """The deadline has passed: give the slot of a reading that hangs to others, unless too many hang."""
        with self._lock:
            if reading.ended:
                return
            reading.hangs = True
            self._hanging += 1
            if self._hanging <= self.most_hanging:
                reading.has_slot = False
                self.release()

    def end(self, reading: "_Reading") -> None:
        with self._lock:
            reading.ended = True
            self._hanging -= reading.hangs
            if reading.has_slot:
                self.release()


class _Reading:
    """One reading in a thread of its own, which cannot be stopped but can be left."""

    def __init__(self, pool: ReadingPool, read: Callable[[bytes], FaceReading], photo: bytes) -> None:
        self.hangs, self.ended, self.has_slot = False, False, True
        self._pool = pool
        self._photo: bytes | None = photo
        self._outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
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
            self._pool.leave(self)
            raise _HangingError from None

    def _work(self, read: Callable[[bytes], FaceReading]) -> None:
        try:
            self._outcomes.put(self._attempt(read))
        finally:
            self._pool.end(self)
            connections.close_all()

    def _attempt(self, read: Callable[[bytes], FaceReading]) -> _Outcome:
        """When this returns, nothing of this thread holds the photo any more."""
        photo, self._photo = self._photo or b"", None
        try:
            return read(photo)
        except GardenError as error:
            return error
        except BaseException as error:
            return type(error).__name__
