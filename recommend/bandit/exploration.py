"""Exploration: random pictures, uniformly from the rest, or from the cold start, in the positions where it costs least.

The cold start is the pictures without impressions. They are drawn by a softmax of what each is expected to add to this
slate, by its features, so that a new picture is first shown to a visitor who is likely to like it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommend.bandit.inference import Doubles, Floats, Indices


def marginal_gains(odds: Floats, weight: Floats) -> Floats:
    """What each picture (rows of `odds`, by sample) adds to P(any like) of a slate of total odds `weight` (samples)."""
    together = weight + odds
    gain: Floats = (together / (1.0 + together)).mean(1) - (weight / (1.0 + weight)).mean()
    return gain


def softmax(values: Floats, left: NDArray[np.bool_], temperature: float) -> Doubles:
    """Probabilities of all; 0 for those not left."""
    scaled = np.where(left, values / temperature, -np.inf)
    best = scaled.max(initial=-np.inf)
    if best == -np.inf:
        return np.zeros(len(values))
    weights = np.exp(scaled - best)
    chances: Doubles = weights / weights.sum(dtype=np.float64)
    return chances


def picked(chances: Doubles, lot: float) -> int:
    """The index whose share of [0, 1) contains the number `lot`."""
    shares = np.cumsum(chances)
    return int(min(np.searchsorted(shares, lot * shares[-1], side="right"), np.flatnonzero(chances)[-1]))


def share_of_position(epsilon: float, place: int, slate: int) -> float:
    """Exploration in a position of a slate: a sixteenth of `epsilon`, and in the last one the remainder."""
    if place < slate - 1:
        return epsilon / 16.0
    return min(epsilon * (1.0 + 15.0 / 16.0 * (slate - 1)), 1.0)


def exploration_share(impressions: Floats, floor: float, ceiling: float) -> float:
    """The share of pictures without `impressions` (n > 0), within the bounds."""
    return float(np.clip(1.0 - np.count_nonzero(impressions) / len(impressions), floor, ceiling))


@dataclass(slots=True)
class Exploration:
    """`total` candidates without those at `seen`; `fresh`: the part of the draws for the cold start.

    `cold_start`: its m candidates; `odds`: slate × m × samples, computed at first use.
    """

    fresh: float
    total: int
    seen: Indices
    cold_start: Indices
    odds: Callable[[], Floats]
    temperature: float
    drawn: list[int] = field(default_factory=list)
    _left: NDArray[np.bool_] = field(init=False)
    _chances: Doubles | None = None

    def __post_init__(self) -> None:
        self._left = np.ones(len(self.cold_start), np.bool_)

    def left(self) -> int:
        return self.total - len(self.seen) - len(self.drawn)

    def pick(self, lot: float, place: int, weight: Floats) -> int:
        """A candidate for a number in [0, 1), in this position of a slate of total odds `weight` (samples)."""
        fresh = self._fresh_part()
        if lot < fresh:
            return int(self.cold_start[picked(self._cold_start_chances(place, weight), lot / fresh)])
        return self._any((lot - fresh) / (1.0 - fresh))

    def of(self, candidate: int, place: int, weight: Floats) -> float:
        """The probability with which `pick` picks this candidate, which is left."""
        fresh, found = self._fresh_part(), self.cold_start == candidate
        as_cold_start = fresh * self._cold_start_chances(place, weight)[found].sum() if found.any() else 0.0
        return float((1.0 - fresh) / self.left() + as_cold_start)

    def take(self, candidate: int) -> None:
        """`candidate` is chosen; the next position follows."""
        self.drawn.append(candidate)
        self._left[self.cold_start == candidate] = False
        self._chances = None

    def _fresh_part(self) -> float:
        return self.fresh if self._left.any() else 0.0

    def _cold_start_chances(self, place: int, weight: Floats) -> Doubles:
        """Computed once until one is chosen."""
        if self._chances is None:
            self._chances = softmax(marginal_gains(self.odds()[place], weight), self._left, self.temperature)
        return self._chances

    def _any(self, lot: float) -> int:
        """One of the candidates neither seen nor drawn, all with the same probability."""
        taken = np.sort(np.concatenate([self.seen, np.array(self.drawn, np.intp)]))
        choice = int(lot * self.left())
        for one in taken.tolist():
            choice += choice >= one
        return choice
