"""LinUCB over context × picture (Li, Chu, Langford & Schapire 2010): ridge regression with a confidence bonus."""

import numpy as np

from benchmarks.simulator.counting import best_unseen
from benchmarks.simulator.crowd import EXAMINED, Session
from benchmarks.simulator.play import Ask, Items, Player
from benchmarks.simulator.world import KINDS, Doubles, World


class LinUcb(Player):
    """612 weights: 34 picture features for everybody, and for each emotion, generation and gender.

    Places are weighed by how often they are looked at, which it is told. `alpha`: standard errors of bonus;
    `ridge`: prior precision in likes squared. Both were chosen on worlds kept for development.
    """

    alpha, ridge = 0.1, 10.0

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.width = world.features.shape[1]
        self.inverse = np.eye((1 + sum(KINDS)) * self.width) / self.ridge
        self.target = np.zeros(len(self.inverse))

    def slate(self, ask: Ask) -> Items:
        blocks, features = blocks_of(ask.session), self.world.features[: ask.there]
        weights = (self.inverse @ self.target).reshape(-1, self.width)[blocks].sum(0)
        by_block = self.inverse.reshape(-1, self.width, len(self.inverse) // self.width, self.width)
        spread = by_block[blocks][:, :, blocks].sum((0, 2)).astype(np.float32)
        bonus = np.einsum("nd,nd->n", features @ spread, features)
        scores = features @ weights.astype(np.float32) + self.alpha * np.sqrt(np.maximum(bonus, 0.0))
        return best_unseen(scores, ask.seen)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        weight = np.sqrt(EXAMINED)
        rows = self._rows(blocks_of(ask.session), slate) * weight[:, None]
        columns = self.inverse @ rows.T
        gain = np.linalg.solve(np.eye(len(rows)) + rows @ columns, columns.T)
        self.inverse -= columns @ gain
        if liked >= 0:
            self.target += rows[liked] / weight[liked]

    def _rows(self, blocks: list[int], slate: Items) -> Doubles:
        rows = np.zeros((len(slate), len(self.inverse) // self.width, self.width))
        rows[:, blocks] = self.world.features[slate][:, None]
        return rows.reshape(len(slate), -1)


def blocks_of(session: Session) -> list[int]:
    """Which blocks of weights speak in this visit: everybody's, and those of what its context was read as."""
    emotion, generation, gender = session.read
    return [0, 1 + emotion, 1 + KINDS[0] + generation, 1 + KINDS[0] + KINDS[1] + gender]
