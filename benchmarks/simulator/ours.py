"""The slate model of the garden, through the same functions that serve visitors."""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from benchmarks.simulator.play import Ask, Items, Player
from benchmarks.simulator.world import World
from recommend.bandit.context import Impression, slate_impression
from recommend.bandit.exploration import exploration_share
from recommend.bandit.policy import Candidates, SlatePolicy, rank
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import Belief, SlateModel

CHANCE = (0.01, 0.02)


class SlatePlayer(Player):
    """Everything as the garden does it by default; only the depth is that of one slate.

    Who gives a policy has its share of chance in every slate.
    """

    def __init__(
        self, world: World, rng: np.random.Generator, priors: Priors | None = None, policy: SlatePolicy | None = None
    ) -> None:
        super().__init__(world, rng)
        self.model = SlateModel(world.features.shape[1], priors or Priors())
        self.bounds = (policy.epsilon, policy.epsilon) if policy else CHANCE
        self.policy = replace(policy or SlatePolicy(), depth=3)
        self.pool = self._pool(0)
        self.impressions = defaultdict[int, list[Impression]](list)

    def slate(self, ask: Ask) -> Items:
        if len(self.pool) != ask.there:
            self.pool = self._pool(ask.there)
        return self._slate(ask, self.pool)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        session, features = ask.session, self.world.features[slate]
        flags = np.arange(len(slate)) == liked
        impression = slate_impression(self.model.learned, str(session.visitor), session.context, slate, features, flags)
        impressions = self.impressions[session.visitor]
        self.model.learn(impression, lambda: impressions)
        impressions.append(impression)

    def believed(self, ask: Ask) -> Belief:
        """Impressions and likes are stored, as in the garden's database."""
        session = ask.session
        belief = self.model.belief(session.context, str(session.visitor), lambda: self.impressions[session.visitor])
        return replace(belief, seen=ask.seen)

    def _slate(self, ask: Ask, pool: Candidates) -> Items:
        self.model.effects.reserve(ask.there)
        policy = replace(
            self.policy, epsilon=exploration_share(self.model.effects.impressions[: ask.there], *self.bounds)
        )
        ranked = rank(pool, self.believed(ask), self.model.effects, self.rng, policy=policy, count=3)
        return pool.items[ranked.order]

    def _pool(self, there: int) -> Candidates:
        return Candidates(np.arange(there), self.world.features[:there])
