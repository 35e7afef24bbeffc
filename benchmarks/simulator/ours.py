"""The slate model of the garden, through the same functions that serve visitors."""

from dataclasses import replace

import numpy as np

from benchmarks.simulator.play import Ask, Player
from benchmarks.simulator.world import Floats, Items, World
from recommend.bandit.context import slate_impression
from recommend.bandit.exploration import exploration_share
from recommend.bandit.policy import Candidates, SlatePolicy, rank
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel

CHANCE = (0.01, 0.02)


class SlatePlayer(Player):
    """Everything as the garden does it by default; only as many slots are drawn as a visit can show."""

    width_of_age = 0
    priors = Priors()

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.model = SlateModel(world.features.shape[1] + self.width_of_age, self.priors)

    def order(self, ask: Ask) -> Items:
        effects = self.model.effects
        effects.reserve(self.world.pictures)
        policy = replace(
            SlatePolicy(), depth=ask.count, epsilon=exploration_share(effects.impressions[ask.items], *CHANCE)
        )
        belief = self.model.belief(ask.session.context, str(ask.session.visitor))
        belief = replace(belief, seen=np.empty(0, np.int64))
        pool = Candidates(ask.items, self.features(ask.items, ask.days), self.opinions(ask.items))
        return ask.items[rank(pool, belief, effects, self.rng, policy=policy, count=ask.count).order]

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        session, places = ask.session, np.searchsorted(ask.items, slate)
        impression = slate_impression(
            self.model.learned,
            str(session.visitor),
            session.context,
            slate,
            self.features(slate, ask.days[places]),
            np.arange(len(slate)) == liked,
        )
        self.model.learn(impression)

    def features(self, items: Items, days: Items) -> Floats:
        """Of `items`, which are `days` old."""
        return self.world.features[items]

    def opinions(self, items: Items) -> Floats | None:
        """What curators expect of `items`: nothing."""
        return None
