"""Exploration: pictures drawn by chance, any that are left alike, or those of the cold start, where they cost least.

The cold start: pictures that nobody has looked at. Which of them fits a slate is believed from their features: chance
takes them as a softmax of what each would add to this slate, so a new picture gets its first look from a visitor whom
it is likely to please.
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
    """Chances of all; 0 for what is not left."""
    scaled = np.where(left, values / temperature, -np.inf)
    best = scaled.max(initial=-np.inf)
    if best == -np.inf:
        return np.zeros(len(values))
    weights = np.exp(scaled - best)
    chances: Doubles = weights / weights.sum(dtype=np.float64)
    return chances


def picked(chances: Doubles, lot: float) -> int:
    """The index whose share of [0, 1) holds the lot."""
    shares = np.cumsum(chances)
    return int(min(np.searchsorted(shares, lot * shares[-1], side="right"), np.flatnonzero(chances)[-1]))


def share_of_chance(looks: Floats, floor: float, ceiling: float) -> float:
    """As many slots as there are pictures nobody has looked at, within the bounds; `looks` at each picture (n > 0)."""
    return float(np.clip(1.0 - np.count_nonzero(looks) / len(looks), floor, ceiling))


@dataclass(slots=True)
class ColdStart:
    """`candidates` (m, ascending) and, asked for when they are needed first, their `odds`: slate × m × samples."""

    candidates: Indices
    odds: Callable[[], Floats]
    temperature: float
    left: NDArray[np.bool_] = field(init=False)
    _chances: Doubles | None = None

    def __post_init__(self) -> None:
        self.left = np.ones(len(self.candidates), np.bool_)

    def chances(self, place: int, weight: Floats) -> Doubles:
        """Of each in this place of a slate of total odds `weight` (samples), the same until one is taken."""
        if self._chances is None:
            self._chances = softmax(marginal_gains(self.odds()[place], weight), self.left, self.temperature)
        return self._chances

    def find(self, candidate: int) -> int | None:
        """Where this candidate stands among them, if it is one."""
        place = int(np.searchsorted(self.candidates, candidate))
        return place if place < len(self.candidates) and int(self.candidates[place]) == candidate else None

    def take(self, candidate: int) -> None:
        """The next place begins; `candidate` has the one before."""
        self._chances = None
        if (place := self.find(candidate)) is not None:
            self.left[place] = False


@dataclass(slots=True)
class Exploration:
    """`total` candidates of which those at `seen` are out; `fresh`: the part of the draws kept for the cold start."""

    fresh: float
    total: int
    seen: Indices
    cold_start: ColdStart
    drawn: list[int] = field(default_factory=list)

    def left(self) -> int:
        return self.total - len(self.seen) - len(self.drawn)

    def pick(self, lot: float, place: int, weight: Floats) -> int:
        """A candidate for a lot in [0, 1), in this place of a slate of total odds `weight` (samples)."""
        fresh = self._fresh_part()
        if lot < fresh:
            return int(self.cold_start.candidates[picked(self.cold_start.chances(place, weight), lot / fresh)])
        return self._any((lot - fresh) / (1.0 - fresh))

    def of(self, candidate: int, place: int, weight: Floats) -> float:
        """The probability with which `pick` picks this candidate, which is left."""
        fresh, found = self._fresh_part(), self.cold_start.find(candidate)
        as_cold_start = 0.0 if found is None else fresh * float(self.cold_start.chances(place, weight)[found])
        return (1.0 - fresh) / self.left() + as_cold_start

    def take(self, candidate: int) -> None:
        self.drawn.append(candidate)
        self.cold_start.take(candidate)

    def _fresh_part(self) -> float:
        return self.fresh if self.cold_start.left.any() else 0.0

    def _any(self, lot: float) -> int:
        """One of the candidates neither seen nor drawn, each with the same chance."""
        taken = np.sort(np.concatenate([self.seen, np.array(self.drawn, np.intp)]))
        choice = int(lot * self.left())
        for one in taken.tolist():
            choice += choice >= one
        return choice
