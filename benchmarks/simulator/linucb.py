"""LinUCB over context × picture (Li, Chu, Langford & Schapire 2010): ridge regression with a confidence bonus."""

import numpy as np

from benchmarks.simulator.blocks import BLOCKS, blocks_of, rows_of
from benchmarks.simulator.counting import best
from benchmarks.simulator.crowd import EXAMINED
from benchmarks.simulator.play import Ask, Player
from benchmarks.simulator.world import Items, World


class LinUcb(Player):
    """Weights of the picture features for everybody, and for each emotion, generation and gender.

    Places are weighed by the probability that they are looked at, which is given. `alpha`: standard errors of bonus;
    `ridge`: prior precision in likes squared. Both were chosen on worlds kept for development.
    """

    alpha, ridge = 0.1, 10.0

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.width = world.features.shape[1]
        self.inverse = np.eye(BLOCKS * self.width) / self.ridge
        self.target = np.zeros(len(self.inverse))

    def order(self, ask: Ask) -> Items:
        blocks, features = blocks_of(ask.session), self.world.features[ask.items]
        weights = (self.inverse @ self.target).reshape(-1, self.width)[blocks].sum(0)
        by_block = self.inverse.reshape(BLOCKS, self.width, BLOCKS, self.width)
        spread = by_block[blocks][:, :, blocks].sum((0, 2)).astype(np.float32)
        bonus = np.einsum("nd,nd->n", features @ spread, features)
        return best(ask, features @ weights.astype(np.float32) + self.alpha * np.sqrt(np.maximum(bonus, 0.0)))

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        weight = np.sqrt(EXAMINED)
        rows = rows_of(self.world.features[slate], blocks_of(ask.session)) * weight[:, None]
        columns = self.inverse @ rows.T
        gain = np.linalg.solve(np.eye(len(rows)) + rows @ columns, columns.T)
        self.inverse -= columns @ gain
        if liked >= 0:
            self.target += rows[liked] / weight[liked]
