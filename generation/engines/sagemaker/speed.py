"""How long an endpoint takes for a picture, learned from the pictures it made."""

import time
from collections.abc import Callable
from dataclasses import dataclass

WEIGHT = 0.3
FORGET_AFTER = 300.0


@dataclass(slots=True)
class Speed:
    """An exponentially weighted mean of seconds per picture.

    What was measured long ago is forgotten: an endpoint that was slow while it woke is tried again.
    """

    clock: Callable[[], float] = time.monotonic
    mean: float | None = None
    measured_at: float = 0.0

    def measure(self, seconds: float) -> None:
        known = self.seconds
        self.mean = seconds if known is None else known + WEIGHT * (seconds - known)
        self.measured_at = self.clock()

    @property
    def seconds(self) -> float | None:
        """None while nothing recent is known."""
        return self.mean if self.clock() - self.measured_at < FORGET_AFTER else None
