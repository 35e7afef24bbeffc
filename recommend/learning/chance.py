"""Pictures drawn by chance: uniformly among all that are left, or among the fresh ones left."""

from dataclasses import dataclass, field

import numpy as np

from recommend.learning.arrays import Indices
from recommend.learning.policy import SlatePolicy


@dataclass(slots=True)
class Chance:
    """`total` candidates of which those at `seen` are out; `fresh`: candidates nobody looked at, ascending."""

    policy: SlatePolicy
    total: int
    seen: Indices
    fresh: Indices
    drawn: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fresh = np.setdiff1d(self.fresh, self.seen, assume_unique=True) if len(self.seen) else self.fresh

    def left(self) -> int:
        return self.total - len(self.seen) - len(self.drawn)

    def pick(self, lot: float) -> int:
        """A candidate for a lot in [0, 1)."""
        fresh = self._fresh_part()
        if lot < fresh:
            return int(self.fresh[int(lot / fresh * len(self.fresh))])
        return self._any((lot - fresh) / (1.0 - fresh))

    def of(self, candidate: int) -> float:
        """The probability with which `pick` picks this candidate, which is left."""
        fresh = self._fresh_part()
        place = int(np.searchsorted(self.fresh, candidate))
        is_fresh = place < len(self.fresh) and int(self.fresh[place]) == candidate
        return (1.0 - fresh) / self.left() + (fresh / len(self.fresh) if is_fresh else 0.0)

    def take(self, candidate: int) -> None:
        self.drawn.append(candidate)
        place = int(np.searchsorted(self.fresh, candidate))
        if place < len(self.fresh) and int(self.fresh[place]) == candidate:
            self.fresh = np.delete(self.fresh, place)

    def _fresh_part(self) -> float:
        return self.policy.fresh if len(self.fresh) else 0.0

    def _any(self, lot: float) -> int:
        """One of the candidates neither seen nor drawn, each with the same chance."""
        taken = np.sort(np.concatenate([self.seen, np.array(self.drawn, np.intp)]))
        choice = int(lot * self.left())
        for one in taken.tolist():
            choice += choice >= one
        return choice
