"""What is remembered of single visitors: their own weights, what they saw, and their last looks."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

from recommend.bandit.context import Look
from recommend.bandit.inference import Doubles, Flags, Items, Step, exchanged, likes_step, log_probability, normals

if TYPE_CHECKING:
    from recommend.bandit.slate_model import SlateModel

GROUPS = (slice(0, 1), slice(1, None))
_POINTS = 32
_NEARBY = 0.3
_CERTAIN_AT_FIRST = 20.0
_KEPT = 0.9
_FARTHEST_MOVE = 0.7
_LEAST, _MOST = 1e-6, 4.0


@dataclass(slots=True)
class PrequentialTuning:
    """How much visitors differ, learned from how well their next answers are foreseen.

    Before a look is learned, it has a probability under what is believed of its visitor (prequential evidence; Dawid
    1984). Had the prior variances P of visitors' own weights been eᵗ times as large, their posterior mean m and
    covariance C, and with them the utilities of the look, would differ by

        dm/dt = C · P⁻¹ · m,    dC/dt = C · P⁻¹ · C.

    So every look has a slope in t. At the right scale slopes cancel out; elsewhere the scale moves by their sum,
    divided by the sum of their squares, which is about the curvature (empirical Fisher information). The evidence of
    Laplace's posteriors (priors.py) is highest at variances that are too small where there are few answers a person
    (Breslow & Lin 1995). Who has said nothing yet says nothing of it.

    Of the constant's weight and of all others: `slopes` and their `squares` since the scales last moved, and the
    `certainty` of the scales' logarithms by then; 2 each.
    """

    slopes: Doubles
    squares: Doubles
    certainty: Doubles

    @classmethod
    def none_yet(cls) -> Self:
        return cls(np.zeros(2), np.zeros(2), np.full(2, _CERTAIN_AT_FIRST))

    def hear(
        self, mean: Doubles, covariance: Doubles, own: Doubles, prior: Doubles, columns: Doubles, liked: Flags
    ) -> None:
        """A look that is not learned yet: k `liked` flags; `mean` (k) and `covariance` (k × k) of its utilities.

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
        """Prior variances (d) moved to where what was heard since has been foreseen best; older looks weigh less."""
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
    """A look that can still be corrected: `items` (k) and which of them were `liked` (k flags)."""

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
    looks: deque[Remembered] = field(default_factory=deque)

    def under(self, prior: Doubles) -> tuple[Doubles, Doubles]:
        """Mean and covariance under prior variances that may have changed since."""
        if not self.is_under(prior):
            return exchanged(self.mean, self.covariance, self.prior, prior)
        return self.mean, self.covariance

    def is_under(self, prior: Doubles) -> bool:
        return bool((self.prior == prior).all())

    def believe(self, prior: Doubles) -> None:
        self.mean, self.covariance = self.under(prior)
        self.prior = prior

    def remember(self, look: Remembered, *, looks: int, items: int) -> None:
        """Keep the last `looks` looks and the last `items` items."""
        self.looks.append(look)
        while len(self.looks) > looks:
            self.looks.popleft()
        self.have_seen(look.items, most=items)

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

    def take(self, step: Step, columns: Doubles) -> None:
        """Learn a step; `columns`: covariance of these weights with the k utilities, d × k."""
        self.mean += columns @ step.push
        change = columns @ step.root
        self.covariance -= change @ change.T

    def recall(self, look: int) -> Remembered | None:
        return next((one for one in self.looks if one.id == look), None)


@dataclass(slots=True)
class Visitors:
    """The `capacity` visitors heard of last. Who was heard of longest ago is forgotten first.

    `prior`: variances (d) of everybody's own weights; `tuning`: what looks said of them since they moved. When the
    prior has changed, who is touched has it at once and the others when `renew` comes to them. Only `touch` changes the
    order, and only learning touches: ranking leaves the state as it is.
    """

    prior: Doubles
    capacity: int
    known: OrderedDict[str, Memory] = field(default_factory=OrderedDict)
    tuning: PrequentialTuning = field(default_factory=PrequentialTuning.none_yet)

    def get(self, visitor: str) -> Memory | None:
        return self.known.get(visitor)

    def touch(self, visitor: str, recall: Callable[[], Memory]) -> Memory:
        """This visitor's memory, recalled if there is none, as the most recent one."""
        memory = self.known.get(visitor)
        if memory is None:
            memory = self.known[visitor] = recall()
        memory.believe(self.prior)
        self.known.move_to_end(visitor)
        while len(self.known) > self.capacity:
            self.known.popitem(last=False)
        return memory

    def renew(self, most: int) -> bool:
        """Bring `most` memories under the prior of today. Whether all are now."""
        behind = [memory for memory in self.known.values() if not memory.is_under(self.prior)]
        for memory in behind[:most]:
            memory.believe(self.prior)
        return len(behind) <= most

    def forget(self, visitor: str) -> None:
        self.known.pop(visitor, None)


Earlier = Callable[[], Sequence[Look]]
"""A visitor's looks in the order in which they began, each as it was told last; asked for only where it is needed."""


def nothing_earlier() -> Sequence[Look]:
    return ()


def recalled(model: "SlateModel", looks: Sequence[Look]) -> Memory:
    """The memory of a visitor who is not remembered; none of these looks can be told again.

    What was said is replayed look by look against what is believed of everybody today, so that a visitor who is
    remembered by their words alone profits from all that was learned since. Everybody's weights stay as they are: they
    have learned these looks already.
    """
    prior = model.visitors.prior
    memory = Memory(np.zeros(len(prior)), np.diag(prior), prior)
    for look in looks[-model.priors.recalled :]:
        replay(model, look, memory)
        memory.have_seen(look.items, most=model.priors.seen)
    return memory


def replay(model: "SlateModel", look: Look, memory: Memory) -> None:
    """What this visitor said moves their own weights, as if everybody's were known for sure."""
    rows = look.features.astype(np.float64)
    effects, variances = model.effects.of_items(look.items)
    places, uncertain = model.places(look)
    columns = memory.covariance @ rows.T
    covariance = rows @ columns + np.diag(variances + uncertain)
    mean = rows @ (_shared_weights(model, look) + memory.mean) + effects + places
    memory.take(likes_step(mean, covariance, look.liked), columns)


def _shared_weights(model: "SlateModel", look: Look) -> Doubles:
    """All but the visitor's own (d)."""
    weights = model.joint.summed(model.joint.mean, look.context.joint_blocks(), model.width)
    for block in look.context.side_blocks():
        weights = weights + model.side.mean[block]
    return weights
