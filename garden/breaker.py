"""The circuit breaker before paid services: one that keeps failing is left alone for a while, then tried once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class ClosedError(Exception):
    """The service failed a moment ago and is left alone: nobody was asked."""


@dataclass(slots=True)
class CircuitBreaker:
    """Open after `threshold` failures in a row. `cool_down` seconds after the last one it is half-open: of the threads
    of a process one may pass at a time, as the probe; its success closes the breaker."""

    threshold: int
    cool_down: float
    clock: Callable[[], float] = time.monotonic
    failures: int = 0
    failed_at: float = 0.0
    _probing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_open(self) -> bool:
        return self.failures >= self.threshold and self.clock() - self.failed_at < self.cool_down

    def reset(self) -> None:
        self.failures = 0

    @contextmanager
    def passing(self, *failures: type[Exception]) -> Iterator[None]:
        """Work that counts as failed when it raises one of these. Raises ClosedError instead of letting it begin."""
        if self.failures < self.threshold:
            with self._counting(failures):
                yield
            return
        if not self._probing.acquire(blocking=False):
            raise ClosedError
        try:
            if self.is_open:
                raise ClosedError
            with self._counting(failures):
                yield
        finally:
            self._probing.release()

    @contextmanager
    def _counting(self, failures: tuple[type[Exception], ...]) -> Iterator[None]:
        try:
            yield
        except failures:
            self.failures += 1
            self.failed_at = self.clock()
            raise
        else:
            self.reset()
