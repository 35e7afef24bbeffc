"""A circuit breaker: a service that keeps failing is left alone for a while, then tried once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class BreakerState(StrEnum):
    """`CLOSED` lets work through, `OPEN` none of it, `HALF_OPEN` one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(slots=True)
class CircuitBreaker:
    """Opens after `threshold` failures in a row; `cool_down` seconds after the last one a probe may pass."""

    threshold: int
    cool_down: float
    clock: Callable[[], float] = time.monotonic
    failures: int = 0
    failed_at: float = 0.0

    @property
    def state(self) -> BreakerState:
        if self.failures < self.threshold:
            return BreakerState.CLOSED
        cooled = self.clock() - self.failed_at >= self.cool_down
        return BreakerState.HALF_OPEN if cooled else BreakerState.OPEN

    def succeed(self) -> None:
        self.failures = 0

    def fail(self) -> None:
        self.failures += 1
        self.failed_at = self.clock()


class ClosedError(Exception):
    """The service failed a moment ago and is left alone: nobody was asked."""


@dataclass(slots=True)
class Gate:
    """A breaker that the threads of a process pass together: while it is half-open, one of them is the probe."""

    breaker: CircuitBreaker
    _probing: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def passing(self, *failures: type[Exception]) -> Iterator[None]:
        """Work that counts as failed when it raises one of these. Raises ClosedError instead of letting it begin."""
        state = self.breaker.state
        probes = state is BreakerState.HALF_OPEN and self._probing.acquire(blocking=False)
        if probes and self.breaker.state is BreakerState.OPEN:  # Another probe has failed since the state was read.
            self._probing.release()
            raise ClosedError
        if state is not BreakerState.CLOSED and not probes:
            raise ClosedError
        try:
            yield
        except failures:
            self.breaker.fail()
            raise
        else:
            self.breaker.succeed()
        finally:
            if probes:
                self._probing.release()
