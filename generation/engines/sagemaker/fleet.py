"""Endpoints used together: the next picture goes where it will be ready first."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from garden.breaker import BreakerState, CircuitBreaker
from generation.engines.base import PictureRequest
from generation.engines.inpainting import InpaintRequest
from generation.engines.sagemaker.speed import Speed

UNKNOWN_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Endpoint:
    """One endpoint: its breaker, its speed, how many pictures it makes now and may make at once."""

    name: str
    parallel: int
    breaker: CircuitBreaker
    speed: Speed
    in_flight: int = 0

    @property
    def capacity(self) -> int:
        """How many pictures it may make at once now: none while its breaker is open, one as a probe."""
        return {BreakerState.CLOSED: self.parallel, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 0}[self.breaker.state]


@dataclass(slots=True, eq=False)
class Errand:
    """A picture on its way: tries so far, where it failed, when it may be tried again (monotonic seconds)."""

    index: int
    request: PictureRequest | InpaintRequest
    attempts: int = 0
    not_before: float = 0.0
    failed_at: set[str] = field(default_factory=set)

    def choices(self, endpoints: Sequence[Endpoint]) -> Sequence[Endpoint]:
        """Endpoints where it has not failed; all of them once it has failed everywhere."""
        fresh = [endpoint for endpoint in endpoints if endpoint.name not in self.failed_at]
        return fresh or endpoints


class Fleet:
    """The endpoints of one engine, shared by all threads that ask it for pictures."""

    def __init__(
        self,
        names: Sequence[str],
        parallel: int,
        threshold: int,
        cool_down: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.endpoints = tuple(
            Endpoint(name, parallel, CircuitBreaker(threshold, cool_down, clock), Speed(clock)) for name in names
        )
        self._lock = threading.Lock()

    @property
    def usable(self) -> list[Endpoint]:
        return [endpoint for endpoint in self.endpoints if endpoint.capacity]

    def take(self, errands: Sequence[Errand]) -> list[tuple[Errand, Endpoint]]:
        """Errands that start now, each with a reserved place; give every place back with a verdict."""
        with self._lock:
            started = list(assign(errands, self.usable))
            for _, endpoint in started:
                endpoint.in_flight += 1
            return started

    def succeeded(self, endpoint: Endpoint, *, seconds: float) -> None:
        with self._lock:
            endpoint.in_flight -= 1
            endpoint.breaker.succeed()
            endpoint.speed.measure(seconds)

    def failed(self, endpoint: Endpoint, *, for_good: bool = False) -> None:
        """`for_good`: the endpoint itself refuses (gone, forbidden), so it is left alone at once."""
        with self._lock:
            endpoint.in_flight -= 1
            if for_good:
                endpoint.breaker.trip()
            else:
                endpoint.breaker.fail()

    def released(self, endpoint: Endpoint) -> None:
        """Nothing was learned about the endpoint: the picture was at fault, or the program."""
        with self._lock:
            endpoint.in_flight -= 1


def assign(errands: Sequence[Errand], endpoints: Sequence[Endpoint]) -> Iterator[tuple[Errand, Endpoint]]:
    """List scheduling: plan every errand where it would be ready first; yield those whose place is free now.

    A slow endpoint so gets pictures in proportion to its speed, and none that a fast one would finish sooner.
    """
    if not endpoints:
        return
    seconds = _expected_seconds(endpoints)
    load = {endpoint.name: endpoint.in_flight for endpoint in endpoints}

    def ready_after(endpoint: Endpoint) -> float:
        rounds = math.ceil((load[endpoint.name] + 1) / endpoint.capacity)
        return rounds * seconds[endpoint.name]

    for errand in errands:
        best = min(errand.choices(endpoints), key=ready_after)
        load[best.name] += 1
        if load[best.name] <= best.capacity:
            yield errand, best


def _expected_seconds(endpoints: Sequence[Endpoint]) -> dict[str, float]:
    """What is not known yet is hoped to be as fast as the fastest, so that it becomes known."""
    measured = {endpoint.name: endpoint.speed.seconds for endpoint in endpoints}
    known = [seconds for seconds in measured.values() if seconds is not None]
    hope = min(known, default=UNKNOWN_SECONDS)
    return {name: hope if seconds is None else seconds for name, seconds in measured.items()}
