"""Rates and their intervals. Plain Python."""

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `tries`, and Wilson's interval (1927), which holds for few tries and rates near 0 or 1 too."""

    hits: int
    tries: int

    @property
    def value(self) -> float | None:
        return self.hits / self.tries if self.tries else None

    @property
    def low(self) -> float:
        return max(self._middle - self._reach, 0.0) if self.hits else 0.0

    @property
    def high(self) -> float:
        return min(self._middle + self._reach, 1.0) if self.hits < self.tries else 1.0

    @property
    def _middle(self) -> float:
        return (self.hits + Z**2 / 2) / (self.tries + Z**2)

    @property
    def _reach(self) -> float:
        spread = self.hits * (self.tries - self.hits) / self.tries if self.tries else 0.0
        return Z * math.sqrt(spread + Z**2 / 4) / (self.tries + Z**2)


@dataclass(frozen=True, slots=True)
class Lift:
    """How much larger a rate is than another (0.5: half as large again), with the log ratio's interval (Katz 1978)."""

    value: float
    low: float
    high: float


def lift(rate: Rate, baseline: Rate) -> Lift | None:
    """None while either has no hit: the ratio is not known then."""
    if not rate.hits or not baseline.hits:
        return None
    ratio = (rate.hits / rate.tries) / (baseline.hits / baseline.tries)
    spread = 1 / rate.hits - 1 / rate.tries + 1 / baseline.hits - 1 / baseline.tries
    reach = math.exp(Z * math.sqrt(spread))
    return Lift(ratio - 1, ratio / reach - 1, ratio * reach - 1)
