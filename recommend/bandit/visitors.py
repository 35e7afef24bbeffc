"""Memory of single visitors: their own weights, the items seen, and their last impressions."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from recommend.bandit.inference import Doubles, Flags, Items, exchanged, log_probability, normals

GROUPS = (slice(0, 1), slice(1, None))
_POINTS = 32
_NEARBY = 0.3
_CERTAIN_AT_FIRST = 20.0
_KEPT = 0.9
_FARTHEST_MOVE = 0.7
_LEAST, _MOST = 1e-6, 4.0


@dataclass(slots=True)
class PrequentialTuning:
    """How much visitors differ, learned from how well their next likes are predicted.

    Before an impression is learned, it has a probability under the belief about its visitor (prequential evidence;
    Dawid 1984). Had the prior variances P of visitors' own weights been eᵗ times as large, their posterior mean m and
    covariance C, and with them the utilities of the impression, would differ by

        dm/dt = C · P⁻¹ · m,    dC/dt = C · P⁻¹ · C.

    So every impression has a slope in t. At the right scale slopes cancel out; elsewhere the scale moves by their sum,
    divided by the sum of their squares, which is about the curvature (empirical Fisher information). The evidence of
    Laplace's posteriors (priors.py) is highest at variances that are too small with few likes per person
    (Breslow & Lin 1995). First impressions of visitors do not count.

    Of the constant's weight and of all others: `slopes` and their `squares` since the scales last moved, and the
    `certainty` of the scales' logarithms by then; 2 each.
    """

    slopes: Doubles
    squares: Doubles
    certainty: Doubles

    @classmethod
    def none_yet(cls) -> Self:
        return cls(np.zeros(2), np.zeros(2), np.full(2, _CERTAIN_AT_FIRST))

    def observe(
        self, mean: Doubles, covariance: Doubles, own: Doubles, prior: Doubles, columns: Doubles, liked: Flags
    ) -> None:
        """An impression that is not learned yet: k `liked` flags; `mean` (k) and `covariance` (k × k) of its utilities.

        Of the visitor's weights: the mean `own` (d), `prior` variances (d), covariance with the utilities (d × k).
        """
        for group, part in enumerate(GROUPS):
            towards = columns[part] / prior[part, None]
            moved, widened = towards.T @ own[part], towards.T @ columns[part]
            more, less = (
                log_chance(mean + sign * moved, covariance + sign * widened, liked) for sign in (_NEARBY, -_NEARBY)
            )
            slope = (more - less) / (2.0 * _NEARBY)
            self.slopes[group] += slope
            self.squares[group] += slope**2

    def moved(self, prior: Doubles) -> Doubles:
        """Prior variances (d) moved to where the impressions since then are predicted best; older ones weigh less."""
        self.certainty = np.maximum(_KEPT * self.certainty + self.squares, _CERTAIN_AT_FIRST)
        factors = np.exp(np.clip(self.slopes / self.certainty, -_FARTHEST_MOVE, _FARTHEST_MOVE))
        changed = prior.copy()
        for part, factor in zip(GROUPS, factors, strict=True):
            changed[part] = np.clip(prior[part] * factor, _LEAST, _MOST)
        self.slopes, self.squares = np.zeros(2), np.zeros(2)
        return changed


def log_chance(mean: Doubles, covariance: Doubles, liked: Flags) -> float:
    """log P(these and no others of k pictures are liked), as inference.py has it, over utilities of this Gaussian."""
    count = len(mean)
    points = np.linalg.cholesky(covariance + 1e-9 * np.eye(count)) @ normals(count, max(_POINTS, 2 * count))
    chances = np.exp(log_probability(mean[:, None] + points, liked))
    return float(np.log(np.maximum(chances.mean(), 1e-300)))


@dataclass(slots=True)
class Remembered:
    """An impression that can still be corrected: `items` (k) and which of them were `liked` (k flags)."""

    id: int
    items: Items
    liked: Flags


@dataclass(slots=True)
class Memory:
    """One visitor: `mean` (d) and `covariance` (d × d) of their own weights under the variances `prior` (d).

    `seen`: items, oldest first.
    """

    mean: Doubles
    covariance: Doubles
    prior: Doubles
    seen: dict[int, None] = field(default_factory=dict)
    impressions: deque[Remembered] = field(default_factory=deque)

    def under(self, prior: Doubles) -> tuple[Doubles, Doubles]:
        """Mean and covariance under prior variances that may have changed."""
        if not self.is_under(prior):
            return exchanged(self.mean, self.covariance, self.prior, prior)
        return self.mean, self.covariance

    def is_under(self, prior: Doubles) -> bool:
        return bool((self.prior == prior).all())

    def believe(self, prior: Doubles) -> None:
        self.mean, self.covariance = self.under(prior)
        self.prior = prior

    def remember(self, impression: Remembered, *, impressions: int, items: int) -> None:
        """Keep the last `impressions` impressions and the last `items` items."""
        self.impressions.append(impression)
        while len(self.impressions) > impressions:
            self.impressions.popleft()
        self.have_seen(impression.items, most=items)

    def items(self) -> Items:
        """Items seen, oldest first."""
        return np.fromiter(self.seen, np.int64)

    def have_seen(self, items: Items, *, most: int) -> None:
        """Keep the last `most` items."""
        for item in items.tolist():
            self.seen.pop(item, None)
            self.seen[item] = None
        for item in list(self.seen)[: len(self.seen) - most]:
            del self.seen[item]

    def recall(self, impression: int) -> Remembered | None:
        return next((one for one in self.impressions if one.id == impression), None)


@dataclass(slots=True)
class Visitors:
    """The `capacity` visitors learned from last; the least recent one is dropped first.

    `prior`: variances (d) of every visitor's own weights; `tuning`: the impressions' evidence on them since they moved.
    After a change of the prior, a touched visitor gets it at once and the others by `renew`. Only `touch` changes the
    order, and only learning touches: ranking leaves the state unchanged.
    """

    prior: Doubles
    capacity: int
    known: OrderedDict[str, Memory] = field(default_factory=OrderedDict)
    tuning: PrequentialTuning = field(default_factory=PrequentialTuning.none_yet)

    def get(self, visitor: str) -> Memory:
        """This visitor's memory, or that of a new one, which is not kept."""
        return self.known.get(visitor) or Memory(np.zeros(len(self.prior)), np.diag(self.prior), self.prior)

    def touch(self, visitor: str) -> Memory:
        """This visitor's memory, which becomes the most recent one."""
        memory = self.known[visitor] = self.get(visitor)
        memory.believe(self.prior)
        self.known.move_to_end(visitor)
        while len(self.known) > self.capacity:
            self.known.popitem(last=False)
        return memory

    def renew(self, most: int) -> bool:
        """Change `most` memories to the current prior. Whether all have it now."""
        behind = [memory for memory in self.known.values() if not memory.is_under(self.prior)]
        for memory in behind[:most]:
            memory.believe(self.prior)
        return len(behind) <= most

    def forget(self, visitor: str) -> None:
        self.known.pop(visitor, None)
