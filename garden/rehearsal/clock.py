"""Time of the rehearsal: a day that may go by faster, and may be stopped."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HEARTBEAT_SECONDS = 15
GATHER_SECONDS = 0.2


@dataclass(slots=True)
class Clock:
    """`pace` is how many seconds of a real day go by in one of ours."""

    pace: float
    stopped: threading.Event = field(default_factory=threading.Event)
    begun: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Since the doors opened."""
        return time.perf_counter() - self.begun

    def rest(self, seconds: float) -> bool:
        """Of our time; False when the rehearsal was stopped."""
        return not self.stopped.wait(max(0.0, seconds))


@dataclass(slots=True)
class Pulse:
    """Rests like the clock, and sends a heartbeat whenever one is due."""

    clock: Clock
    beat: Callable[[], object]
    due: float = 0.0

    def soon(self) -> None:
        """Something changed; what changes together is told together."""
        self.due = min(self.due, self.clock.seconds + GATHER_SECONDS)

    def rest(self, seconds: float) -> bool:
        until = self.clock.seconds + seconds
        while (left := until - self.clock.seconds) > 0:
            if self.clock.seconds >= self.due:
                self.due = self.clock.seconds + HEARTBEAT_SECONDS
                self.beat()
            elif not self.clock.rest(min(left, self.due - self.clock.seconds)):
                return False
        return not self.clock.stopped.is_set()
