"""The Bayesian slate model, learned impression by impression.

    utility = features · (shared + emotion + generation + gender weights      joint Gaussian
                          + this visitor's weights)                           Gaussian per visitor
              + picture effect + position effect                              Gaussian each
    a probability for every set of pictures of a slate that may be liked (inference.py)

An impression is one Laplace step in the utilities of its pictures and one Kalman update of all their parts.
Means and covariances are float64; the same impressions in the same order give the same bits on one machine."""

from dataclasses import dataclass

import numpy as np

from recommend.bandit.context import Context, Impression
from recommend.bandit.inference import Doubles, Items, Step, correction_step, likes_step
from recommend.bandit.priors import POSITIONS, ModelState, retune
from recommend.bandit.visitors import Memory, Remembered


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

    def learn(self, impression: Impression) -> None:
        """Learn one impression; with a known id it replaces the earlier state."""
        memory = self.visitors.touch(impression.visitor)
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

    def belief(self, context: Context, visitor: str = "") -> Belief:
        """The belief about this visitor in this context."""
        mean, covariance = self.joint.sum_of(context.blocks(), self.width)
        memory = self.visitors.get(visitor)
        places = self.positions.mean.astype(np.float64)
        return Belief(mean + memory.mean, covariance + memory.covariance, places, memory.items())

    def forget(self, visitor: str) -> None:
        """Delete the visitor's memory; the shared weights stay as they are."""
        self.visitors.forget(visitor)

    def places(self, impression: Impression) -> tuple[Doubles, Doubles]:
        """Means and variances of the effects of an impression's places (k); none where it is not known."""
        means, variances = self.positions.of_items(np.clip(impression.positions, 0, POSITIONS - 1))
        known = impression.positions >= 0
        return np.where(known, means, 0.0), np.where(known, variances, 0.0)

    def _observe(self, impression: Impression, memory: Memory) -> None:
        parts = _Parts.of(self, impression, memory)
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
    visitor: Doubles

    @classmethod
    def of(cls, model: SlateModel, impression: Impression, memory: Memory) -> "_Parts":
        rows = impression.features.astype(np.float64)
        blocks, width = impression.context.blocks(), model.width
        joint, visitor = model.joint.columns(blocks, rows), memory.covariance @ rows.T
        weights = model.joint.summed(model.joint.mean, blocks, width) + memory.mean
        effects, variances = model.effects.of_items(impression.items)
        places, uncertain = model.places(impression)
        covariance = rows @ (model.joint.summed(joint, blocks, width) + visitor)
        covariance[np.diag_indices(len(rows))] += variances + uncertain
        return cls(rows @ weights + effects + places, covariance, joint, visitor)

    def take(self, model: SlateModel, impression: Impression, memory: Memory, step: Step) -> None:
        step.update(model.joint.mean, model.joint.covariance, self.joint)
        step.update(memory.mean, memory.covariance, self.visitor)
        model.effects.take(impression.items, step)
        placed = impression.positions >= 0
        part = Step(step.push[placed], step.root[placed], step.impressions)
        model.positions.take(np.minimum(impression.positions[placed], POSITIONS - 1), part)
