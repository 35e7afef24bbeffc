"""The Bayesian slate model, learned impression by impression.

    utility = features · (shared + emotion + generation + gender weights      joint Gaussian
                          + cell, time of day, zone, favorite weights         Gaussian blocks of their own
                          + this visitor's weights)                           Gaussian per visitor
              + picture effect + position effect                              Gaussian each
    a probability for every set of pictures of a slate that may be liked (inference.py)

An impression is one Laplace step in the utilities of its pictures and one Kalman update of all their parts.
Means and covariances are float64; the same impressions in the same order give the same bits on one machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recommend.bandit.context import Context, Impression
from recommend.bandit.inference import Doubles, Items, Step, correction_step, likes_step
from recommend.bandit.priors import POSITIONS, ModelState, retune
from recommend.bandit.visitors import Memory, Remembered

Earlier = Callable[[], Sequence[Impression]]
"""A visitor's impressions in the order in which they began, each as it was last; called only if needed."""


def nothing_earlier() -> Sequence[Impression]:
    return ()


@dataclass(frozen=True, slots=True)
class Belief:
    """The belief about one visitor in one context, for ranking: a copy that later learning does not change.

    `mean` (d) and `covariance` (d × d) of their weights; `positions`: mean effect of each place.
    """

    mean: Doubles
    covariance: Doubles
    positions: Doubles
    seen: Items


@dataclass(slots=True)
class SlateModel(ModelState):
    """Not for two threads at once: `learn` and `belief` are to be called under one lock."""

    def learn(self, impression: Impression, earlier: Earlier = nothing_earlier) -> None:
        """Learn one impression; with a known id it replaces the earlier state.

        `earlier` returns this visitor's impressions before it, if they are no longer remembered.
        """
        memory = self.visitors.touch(impression.visitor, lambda: self.recall(earlier()))
        known = memory.recall(impression.id)
        if known is None:
            self._observe(impression, memory)
        else:
            self._correct(impression, memory, known)
        memory.remember(
            Remembered(impression.id, impression.items, impression.liked),
            impressions=self.priors.impressions,
            items=self.priors.seen,
        )
        self.learned += 1
        retune(self)

    def belief(self, context: Context, visitor: str = "", earlier: Earlier = nothing_earlier) -> Belief:
        """The belief about this visitor in this context; `earlier` as in `learn`."""
        return self.belief_with(context, self.memory_of(visitor, earlier))

    def memory_of(self, visitor: str, earlier: Earlier = nothing_earlier) -> Memory:
        """A visitor's memory, or a recalled one; it is the model's own and must not be changed."""
        return self.visitors.get(visitor) or self.recall(earlier())

    def belief_with(self, context: Context, memory: Memory) -> Belief:
        """The belief about a visitor with this memory."""
        mean, covariance = self.joint.sum_of(context.joint_blocks(), self.width)
        for block in context.side_blocks():
            mean, covariance = mean + self.side.mean[block], covariance + self.side.covariance[block]
        own, uncertain = memory.under(self.visitors.prior)
        return Belief(mean + own, covariance + uncertain, self.positions.mean.astype(np.float64), memory.items())

    def forget(self, visitor: str) -> None:
        """Delete the visitor's memory; the shared weights stay as they are."""
        self.visitors.forget(visitor)

    def places(self, impression: Impression) -> tuple[Doubles, Doubles]:
        """Means and variances of the effects of an impression's places (k); none where it is not known."""
        means, variances = self.positions.of_items(np.clip(impression.positions, 0, POSITIONS - 1))
        known = impression.positions >= 0
        return np.where(known, means, 0.0), np.where(known, variances, 0.0)

    def recall(self, impressions: Sequence[Impression]) -> Memory:
        """The memory of a visitor who is not remembered; these impressions can no longer be corrected.

        They are replayed one by one against what is believed of everybody today, so that a visitor who is
        remembered by them alone profits from all that was learned since. Everybody's weights stay as they are: they
        have learned these impressions already.
        """
        prior = self.visitors.prior
        memory = Memory(np.zeros(len(prior)), np.diag(prior), prior)
        for impression in impressions[-self.priors.recalled :]:
            self.replay(impression, memory)
            memory.have_seen(impression.items, most=self.priors.seen)
        return memory

    def replay(self, impression: Impression, memory: Memory) -> None:
        """Move this visitor's own weights by an impression, as if everybody's were known for sure."""
        rows = impression.features.astype(np.float64)
        effects, variances = self.effects.of_items(impression.items)
        places, uncertain = self.places(impression)
        columns = memory.covariance @ rows.T
        covariance = rows @ columns + np.diag(variances + uncertain)
        weights = self.joint.summed(self.joint.mean, impression.context.joint_blocks(), self.width)
        for block in impression.context.side_blocks():
            weights = weights + self.side.mean[block]
        mean = rows @ (weights + memory.mean) + effects + places
        likes_step(mean, covariance, impression.liked).update(memory.mean, memory.covariance, columns)

    def _observe(self, impression: Impression, memory: Memory) -> None:
        parts = _Parts.of(self, impression, memory)
        if memory.mean.any():
            own = memory.mean, memory.prior, parts.visitor
            self.visitors.tuning.observe(parts.mean, parts.covariance, *own, impression.liked)
        parts.take(self, impression, memory, likes_step(parts.mean, parts.covariance, impression.liked))

    def _correct(self, impression: Impression, memory: Memory, known: Remembered) -> None:
        """An impression is counted once: its new state replaces the earlier one."""
        memory.impressions.remove(known)
        before = np.isin(impression.items, known.items[known.liked])
        _Parts.of(self, impression, memory).take(self, impression, memory, correction_step(before, impression.liked))


@dataclass(slots=True)
class _Parts:
    """Utilities of an impression (`mean` k, `covariance` k × k) and the covariance columns of their parts."""

    mean: Doubles
    covariance: Doubles
    joint: Doubles
    side: dict[int, Doubles]
    visitor: Doubles

    @classmethod
    def of(cls, model: SlateModel, impression: Impression, memory: Memory) -> "_Parts":
        rows = impression.features.astype(np.float64)
        blocks, width = impression.context.joint_blocks(), model.width
        joint = model.joint.columns(blocks, rows)
        side = {block: model.side.columns(block, rows) for block in impression.context.side_blocks()}
        visitor = memory.covariance @ rows.T
        weights = model.joint.summed(model.joint.mean, blocks, width) + memory.mean
        shared = model.joint.summed(joint, blocks, width) + visitor
        for block, columns in side.items():
            weights, shared = weights + model.side.mean[block], shared + columns
        effects, variances = model.effects.of_items(impression.items)
        places, uncertain = model.places(impression)
        covariance = rows @ shared
        covariance[np.diag_indices(len(rows))] += variances + uncertain
        return cls(rows @ weights + effects + places, covariance, joint, side, visitor)

    def take(self, model: SlateModel, impression: Impression, memory: Memory, step: Step) -> None:
        step.update(model.joint.mean, model.joint.covariance, self.joint)
        for block, columns in self.side.items():
            step.update(model.side.mean[block], model.side.covariance[block], columns)
        step.update(memory.mean, memory.covariance, self.visitor)
        model.effects.take(impression.items, step)
        placed = impression.positions >= 0
        part = Step(step.push[placed], step.root[placed], step.impressions)
        model.positions.take(np.minimum(impression.positions[placed], POSITIONS - 1), part)
