"""What could be reached by who knows the tastes: the ceilings that ours is measured against.

Both know every picture's true latent vector and quality. One knows the true context, and what tastes visitors may
have, but not this visitor's; the other knows the visitor. Both build slates greedily to maximise P(any like).
"""

import numpy as np

from benchmarks.simulator.play import Ask, Items, Player
from benchmarks.simulator.world import Doubles, World

_SHORTLIST = 60
_DRAWS = 64


class ContextOracle(Player):
    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        width = world.constants.dimensions
        half = np.random.default_rng(5).standard_normal((_DRAWS // 2, width)) * world.constants.own / np.sqrt(width)
        self._own = np.concatenate([half, -half])

    def slate(self, ask: Ask) -> Items:
        tastes = self._tastes(ask)
        world = self.world
        utilities = world.latent[: ask.there] @ tastes.mean(0).astype(np.float32) + world.quality[: ask.there]
        utilities[ask.seen] = -np.inf
        best = np.argpartition(-utilities, _SHORTLIST)[:_SHORTLIST]
        each = world.constants.base + world.quality[best][:, None] + world.latent[best] @ tastes.T
        return best[_greedy(np.exp(each))]

    def _tastes(self, ask: Ask) -> Doubles:
        """Tastes the visitor may have, draws × dimensions."""
        tastes: Doubles = self.world.tastes[ask.session.cell] + self._own
        return tastes


class VisitorOracle(ContextOracle):
    def _tastes(self, ask: Ask) -> Doubles:
        return ask.session.taste[None, :]


def _greedy(weights: Doubles) -> list[int]:
    """Three rows of `weights` (pictures × draws, e^utility) with the highest mean Σ / (1 + Σ), found one by one."""
    chosen: list[int] = []
    total = np.zeros(weights.shape[1])
    for _ in range(3):
        together = total + weights
        gain = (together / (1.0 + together)).mean(1)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
        total = together[chosen[-1]]
    return chosen
