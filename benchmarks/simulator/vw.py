"""Vowpal Wabbit's contextual bandit with action features (cb_explore_adf, softmax), taught by what it showed."""

import numpy as np
from numpy.typing import NDArray
from vowpalwabbit import pyvw  # type: ignore[import-untyped]

from benchmarks.simulator.counting import Popularity
from benchmarks.simulator.crowd import Session
from benchmarks.simulator.play import Ask
from benchmarks.simulator.world import Items, World

_OPTIONS = "--cb_explore_adf --softmax --cb_type mtr -b 20 -q SF --ignore_linear S --quiet --random_seed 3"


class VowpalWabbit(Popularity):
    """It reads text, too slow for every picture of a large pool: the `popular` best by like-rate and
    `others` by chance are offered to it (two-stage retrieval). The picture's number is a feature, too.

    The slate is drawn from its probabilities without replacement; each place is taught as one decision with the
    probability that the first place had. A like costs −1 and is weighed by how often the place is looked at.
    """

    popular, others, sharpness, rate = 40, 60, 100.0, 0.1

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.workspace = pyvw.Workspace(f"{_OPTIONS} --lambda {self.sharpness} --learning_rate {self.rate}")
        self.lines: dict[int, str] = {}
        self.offered: Items = np.empty(0, np.int64)
        self.chances: NDArray[np.float64] = np.empty(0)

    def order(self, ask: Ask) -> Items:
        self.offered = self._offer(ask)
        text = [_shared(ask.session), *(self._line(item) for item in self.offered.tolist())]
        self.chances = np.maximum(np.array(self.workspace.predict(text)), 1e-9)
        return self.offered[np.argsort(self.rng.standard_exponential(len(self.offered)) / self.chances)[: ask.count]]

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        super().learn(ask, slate, liked)
        for place, item in enumerate(slate.tolist()):
            chosen = int(np.flatnonzero(self.offered == item)[0])
            cost = -1 if place == liked else 0
            lines = [self._line(other) for other in self.offered.tolist()]
            lines[chosen] = f"0:{cost}:{self.chances[chosen]:.6f} {lines[chosen]}"
            self.workspace.learn([_shared(ask.session), *lines])

    def _offer(self, ask: Ask) -> Items:
        popular = ask.items[np.argsort(-self.scores(ask))[: self.popular]]
        others = self.rng.choice(ask.items, min(self.others, len(ask.items)), replace=False)
        return np.union1d(popular, others)

    def _line(self, item: int) -> str:
        if item not in self.lines:
            features = " ".join(f"{name}:{value:.4f}" for name, value in enumerate(self.world.features[item]))
            self.lines[item] = f"|F {features} |I i{item}"
        return self.lines[item]


def _shared(session: Session) -> str:
    emotion, generation, gender = session.read
    return f"shared |S all e{emotion} g{generation} m{gender}"
