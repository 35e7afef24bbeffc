"""The plain Bayesian slate model: fixed priors, independent likes, 3 % of slots by chance. What ours has to beat.

    utility = features · (shared + emotion + generation + gender weights + this visitor's weights)
              + picture effect + position effect

Everything is Gaussian; a slate is one Laplace step in the utilities of its three pictures and one Kalman update
(MacKay 1992; Chapelle & Li 2011). Slates are built greedily to maximise P(any like) over posterior samples.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulator.blocks import BLOCKS, blocks_of, rows_of
from benchmarks.simulator.crowd import EXAMINED
from benchmarks.simulator.play import Ask, Player
from benchmarks.simulator.world import Doubles, Items, World

_SLATE = len(EXAMINED)
_SHORTLIST, _SAMPLES = 200, 16
_NEWTON_STEPS = 8


class PlainSlates(Player):
    """Variances of weights are in squared logits; none of six tried on worlds kept for development was better."""

    intercept, constant, shared, context, own, effect, position = -2.5, 1.0, 0.05, 0.01, 0.02, 0.1, 0.1
    uniform = 0.03

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.width = world.features.shape[1]
        prior = np.full((BLOCKS, self.width), self.context)
        prior[0], prior[0, 0] = self.shared, self.constant
        self.mean, self.covariance = np.zeros(prior.size), np.diag(prior.ravel())
        self.mean[0] = self.intercept
        self.visitors = dict[int, tuple[Doubles, Doubles]]()
        self.effects = np.array([np.zeros(world.pictures), np.full(world.pictures, self.effect)])
        self.places = np.array([np.zeros(_SLATE), [1e-6, *[self.position] * (_SLATE - 1)]])

    def order(self, ask: Ask) -> Items:
        blocks, (own, spread) = blocks_of(ask.session), self._visitor(ask.session.visitor)
        mean = self.mean.reshape(-1, self.width)[blocks].sum(0) + own
        covariance = (
            self.covariance.reshape(BLOCKS, self.width, BLOCKS, self.width)[blocks][:, :, blocks].sum((0, 2)) + spread
        )
        features, effects = self.world.features[ask.items], self.effects[0, ask.items]
        short = np.argsort(-(features @ mean.astype(np.float32) + effects))[:_SHORTLIST]
        weights = mean[:, None] + np.linalg.cholesky(covariance) @ self.rng.standard_normal((self.width, _SAMPLES))
        sampled = features[short] @ weights + effects[short][:, None]
        return self._with_chance(ask.items[short[_greedy(sampled, self.places[0], ask.count)]], ask)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        rows = rows_of(self.world.features[slate], blocks_of(ask.session))
        own, spread = self._visitor(ask.session.visitor)
        features = self.world.features[slate].astype(np.float64)
        columns, own_columns = self.covariance @ rows.T, spread @ features.T
        each = self.effects[1, slate], self.places[1]
        covariance = rows @ columns + features @ own_columns + np.diag(sum(each))
        mean = rows @ self.mean + features @ own + self.effects[0, slate] + self.places[0]
        push, root = _step(mean, covariance, np.arange(_SLATE) == liked)
        self.mean += columns @ push
        self.covariance -= (columns @ root) @ (columns @ root).T
        moved = own_columns @ root
        self.visitors[ask.session.visitor] = own + own_columns @ push, spread - moved @ moved.T
        for (means, variances), at in ((self.effects, slate), (self.places, np.arange(_SLATE))):
            variance = variances[at]
            means[at] += variance * push
            variances[at] = variance - variance**2 * (root**2).sum(1)

    def _visitor(self, visitor: int) -> tuple[Doubles, Doubles]:
        known = self.visitors.get(visitor)
        return known or (np.zeros(self.width), np.eye(self.width) * self.own)

    def _with_chance(self, order: Items, ask: Ask) -> Items:
        for place in np.flatnonzero(self.rng.random(len(order)) < self.uniform):
            other = self.rng.choice(ask.items)
            if other not in order:
                order[place] = other
        return order


def _greedy(utilities: Doubles, places: Doubles, count: int) -> list[int]:
    """Rows of `utilities` (pictures × samples) with the highest mean P(any like) of each slate, one by one."""
    chosen, missed = list[int](), np.ones(utilities.shape[1])
    for slot in range(count):
        place = places[slot % _SLATE]
        missed = missed if slot % _SLATE else np.ones(utilities.shape[1])
        gain = (missed / (1.0 + np.exp(-utilities - place))).mean(1)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
        missed = missed * (1.0 - 1.0 / (1.0 + np.exp(-utilities[chosen[-1]] - place)))
    return chosen


def _step(mean: Doubles, covariance: Doubles, liked: NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
    """What columns towards three utilities are multiplied by: to move means, and as a root of what variances lose."""
    mode = mean.copy()
    for _ in range(_NEWTON_STEPS):
        rate = 1.0 / (1.0 + np.exp(-mode))
        curvature = np.diag(rate * (1.0 - rate))
        error = mean + covariance @ (liked - rate) - mode
        mode += np.linalg.solve(np.eye(len(mean)) + covariance @ curvature, error)
    rate = 1.0 / (1.0 + np.exp(-mode))
    half = np.diag(np.sqrt(rate * (1.0 - rate)))
    lost = np.linalg.inv(np.eye(len(mean)) + half @ covariance @ half)
    return liked - rate, half @ np.linalg.cholesky(lost)
