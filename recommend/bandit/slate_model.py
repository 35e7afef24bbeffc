"""The Bayesian slate model: what a visitor is believed to like, learned look by look.

    utility = features · (shared + emotion + generation + gender weights      joint Gaussian
                          + cell, time of day, zone, favorite weights         Gaussian blocks of their own
                          + this visitor's weights)                           Gaussian per visitor
              + picture effect + position effect                              Gaussian each
    a probability for every set of pictures of a slate that may be liked (inference.py)

A look is one Laplace step in the utilities of its pictures and one Kalman update of everything they are made
of. Means and covariances are float64; the same looks in the same order give the same bits on one machine."""

from dataclasses import dataclass, field

import numpy as np

from recommend.bandit.context import CELLS, JOINT_BLOCKS, SIDE_BLOCKS, Context, Look
from recommend.bandit.inference import (
    Doubles,
    Effects,
    Items,
    JointWeights,
    SideWeights,
    Step,
    correction_step,
    likes_step,
)
from recommend.bandit.priors import Priors, retune
from recommend.bandit.visitors import Earlier, Memory, Remembered, Visitors, nothing_earlier, recalled

POSITIONS = 32


@dataclass(frozen=True, slots=True)
class Belief:
    """What ranking needs to know of one visitor in one context: a copy, safe beside further learning.

    `mean` (d) and `covariance` (d × d) of their weights; `positions`: mean effect of each place.
    """

    mean: Doubles
    covariance: Doubles
    positions: Doubles
    seen: Items


@dataclass(slots=True)
class SlateModel:
    """The state. Not for two threads at once: `learn` and `belief` are to be called under one lock."""

    width: int
    priors: Priors = field(default_factory=Priors)
    joint: JointWeights = field(init=False)
    side: SideWeights = field(init=False)
    visitors: Visitors = field(init=False)
    effects: Effects = field(init=False)
    positions: Effects = field(init=False)
    learned: int = 0

    def __post_init__(self) -> None:
        priors, width = self.priors, self.width
        self.joint = JointWeights.of(priors.joint_variances(JOINT_BLOCKS, width))
        self.side = SideWeights.of(priors.side_variances(SIDE_BLOCKS, CELLS, width))
        self.visitors = Visitors(np.full(width, priors.visitor), priors.visitors)
        self.effects = Effects.of(priors.effect, priors.optimism)
        self.positions = Effects.of(priors.position, size=POSITIONS)
        self.positions.variance[0] = 1e-6
        self.joint.mean[0] = priors.intercept

    def learn(self, look: Look, earlier: Earlier = nothing_earlier) -> None:
        """Take one look in; told again, it replaces what it said before.

        `earlier` tells this visitor's looks before it, if they are remembered no more.
        """
        memory = self.visitors.touch(look.visitor, lambda: recalled(self, earlier()))
        known = memory.recall(look.id)
        if known is None:
            self._observe(look, memory)
        else:
            self._correct(look, memory, known)
        memory.remember(Remembered(look.id, look.items, look.liked), looks=self.priors.looks, items=self.priors.seen)
        self.learned += 1
        retune(self)

    def belief(self, context: Context, visitor: str = "", earlier: Earlier = nothing_earlier) -> Belief:
        """What is believed of this visitor here and now; `earlier` as in `learn`."""
        return self.belief_with(context, self.memory_of(visitor, earlier))

    def memory_of(self, visitor: str, earlier: Earlier = nothing_earlier) -> Memory:
        """What is remembered of a visitor, or recalled; it is the model's own, not to be changed."""
        return self.visitors.get(visitor) or recalled(self, earlier())

    def belief_with(self, context: Context, memory: Memory) -> Belief:
        """What is believed of a visitor of this memory."""
        mean, covariance = self.joint.sum_of(context.joint_blocks(), self.width)
        for block in context.side_blocks():
            mean, covariance = mean + self.side.mean[block], covariance + self.side.covariance[block]
        own, uncertain = memory.under(self.visitors.prior)
        return Belief(mean + own, covariance + uncertain, self.positions.mean.astype(np.float64), memory.items())

    def forget(self, visitor: str) -> None:
        """Nothing that is kept by visitor remains; what everybody taught the shared weights stays."""
        self.visitors.forget(visitor)

    def places(self, look: Look) -> tuple[Doubles, Doubles]:
        """Means and variances of the effects of a look's places (k); none where it is not known."""
        means, variances = self.positions.of_items(np.clip(look.positions, 0, POSITIONS - 1))
        known = look.positions >= 0
        return np.where(known, means, 0.0), np.where(known, variances, 0.0)

    def _observe(self, look: Look, memory: Memory) -> None:
        parts = _Parts.of(self, look, memory)
        if memory.mean.any():
            own = memory.mean, memory.prior, parts.visitor
            self.visitors.tuning.hear(parts.mean, parts.covariance, *own, look.liked)
        parts.take(self, look, memory, likes_step(parts.mean, parts.covariance, look.liked))

    def _correct(self, look: Look, memory: Memory, known: Remembered) -> None:
        """A look is counted once: what it says now takes the place of what it said before."""
        memory.looks.remove(known)
        before = np.isin(look.items, known.items[known.liked])
        _Parts.of(self, look, memory).take(self, look, memory, correction_step(before, look.liked))


@dataclass(slots=True)
class _Parts:
    """Utilities of a look (`mean` k, `covariance` k × k) and the covariance columns of what they are made of."""

    mean: Doubles
    covariance: Doubles
    joint: Doubles
    side: dict[int, Doubles]
    visitor: Doubles

    @classmethod
    def of(cls, model: SlateModel, look: Look, memory: Memory) -> "_Parts":
        rows = look.features.astype(np.float64)
        blocks, width = look.context.joint_blocks(), model.width
        joint = model.joint.columns(blocks, rows)
        side = {block: model.side.columns(block, rows) for block in look.context.side_blocks()}
        visitor = memory.covariance @ rows.T
        weights = model.joint.summed(model.joint.mean, blocks, width) + memory.mean
        shared = model.joint.summed(joint, blocks, width) + visitor
        for block, columns in side.items():
            weights, shared = weights + model.side.mean[block], shared + columns
        effects, variances = model.effects.of_items(look.items)
        places, uncertain = model.places(look)
        covariance = rows @ shared
        covariance[np.diag_indices(len(rows))] += variances + uncertain
        return cls(rows @ weights + effects + places, covariance, joint, side, visitor)

    def take(self, model: SlateModel, look: Look, memory: Memory, step: Step) -> None:
        model.joint.take(step, self.joint)
        for block, columns in self.side.items():
            model.side.take(block, step, columns)
        memory.take(step, self.visitor)
        model.effects.take(look.items, step)
        placed = look.positions >= 0
        part = Step(step.push[placed], step.root[placed], step.looks)
        model.positions.take(np.minimum(look.positions[placed], POSITIONS - 1), part)
