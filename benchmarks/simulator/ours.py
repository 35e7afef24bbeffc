"""The slate model of the garden, through the same functions that serve visitors."""

from dataclasses import replace

import numpy as np

from benchmarks.simulator.crowd import EXAMINED, MISREAD
from benchmarks.simulator.play import Ask, Player
from benchmarks.simulator.world import KINDS, Doubles, Floats, Items, World
from recommend.bandit.context import slate_impression
from recommend.bandit.exploration import exploration_share
from recommend.bandit.policy import Candidates, SlatePolicy, rank
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.visitors import Memory

CHANCE = (0.01, 0.02)
NEVER_TUNED = 3 << 60
"""A number of impressions long after priors were tuned, and long before they are tuned again."""


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


class InformedSlates(SlatePlayer):
    """The same, told before the first visit what visitors of every context like of what features show, how often each
    context is misread, and how much visitors and pictures differ: all but what is hidden of the pictures.

    What it does not reach, no recommender of these features reaches by knowing preferences better. For visitors who do
    not return.
    """

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        constants = world.constants
        shown = np.linalg.lstsq(world.features.astype(np.float64), world.latent.astype(np.float64), rcond=None)[0]
        hidden = (world.latent - world.features @ shown).var(0)
        own = constants.own**2 / constants.dimensions
        tastes = (world.tastes**2).mean(0) + own
        effect = constants.quality**2 + float(hidden @ tastes)
        self.priors = Priors(constant=1e-9, shared=1e-9, context=1e-9, effect=effect, position=1e-9)
        super().__init__(world, rng)
        self._shown, self._own = shown, np.eye(constants.dimensions) * own
        self.model.joint.mean[0] = constants.base
        self.model.positions.mean[: len(EXAMINED)] = np.log(EXAMINED)
        self.model.learned = NEVER_TUNED

    def order(self, ask: Ask) -> Items:
        visitor, known = str(ask.session.visitor), self.model.visitors.known
        if visitor not in known:
            mean, covariance = self._expected(ask.session.read)
            known[visitor] = Memory(self._shown @ mean, self._shown @ covariance @ self._shown.T)
        return super().order(ask)

    def _expected(self, read: tuple[int, ...]) -> tuple[Doubles, Doubles]:
        """Mean and covariance of the tastes of visitors who are read so."""
        shares = np.ones(1)
        for kind, count, wrong in zip(read, KINDS, MISREAD, strict=True):
            shares = np.outer(shares, np.where(np.arange(count) == kind, 1.0 - wrong, wrong / (count - 1))).ravel()
        mean: Doubles = shares @ self.world.tastes
        away = self.world.tastes - mean
        return mean, self._own + (away * shares[:, None]).T @ away
