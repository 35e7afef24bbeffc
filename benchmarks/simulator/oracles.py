"""What could be reached by who knows the tastes: the ceiling that ours is measured against.

It knows every picture's true latent vector and quality, the true context, and what tastes visitors may have, but not
this visitor's; it builds slates greedily to maximise P(any like).
"""

import numpy as np

from benchmarks.simulator.crowd import SLATE
from benchmarks.simulator.play import Ask, Player
from benchmarks.simulator.world import Doubles, Items, World

_SHORTLIST = 60
_DRAWS = 64


class ContextOracle(Player):
    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        width = world.constants.dimensions
        half = np.random.default_rng(5).standard_normal((_DRAWS // 2, width)) * world.constants.own / np.sqrt(width)
        self._own = np.concatenate([half, -half])

    def order(self, ask: Ask) -> Items:
        tastes = self.world.tastes[ask.session.cell] + self._own
        expected = self.world.utilities(ask.items, tastes.mean(0), ask.days)
        short = np.argsort(-expected)[:_SHORTLIST]
        each = expected[short][:, None] + self.world.latent[ask.items[short]] @ (tastes - tastes.mean(0)).T
        return ask.items[short[_greedy(np.exp(each), ask.count)]]


def _greedy(weights: Doubles, count: int) -> list[int]:
    """Rows of `weights` (pictures × draws, e^utility) with the highest mean Σ / (1 + Σ) of each slate, one by one."""
    chosen: list[int] = []
    total = np.zeros(weights.shape[1])
    for slot in range(count):
        together = (total if slot % SLATE else 0.0) + weights
        gain = (together / (1.0 + together)).mean(1)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
        total = together[chosen[-1]]
    return chosen
