"""Recommenders that count likes: chance, smoothed like-rates, Thompson sampling."""

import numpy as np

from benchmarks.simulator.play import Ask, Player
from benchmarks.simulator.world import Floats, Items, World

_PRIOR_RATE = 0.07


def best(ask: Ask, scores: Floats) -> Items:
    """The items with the highest of their scores, as many as are wanted."""
    return ask.items[np.argsort(-scores, kind="stable")[: ask.count]]


class Chance(Player):
    def order(self, ask: Ask) -> Items:
        return self.rng.choice(ask.items, ask.count, replace=False)


class Popularity(Player):
    """Like-rates, smoothed to a rate of chance; every picture is of one mood."""

    strength = 10.0

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.shown, self.liked = np.zeros((2, world.pictures), np.float32)

    def order(self, ask: Ask) -> Items:
        return best(ask, self.scores(ask))

    def scores(self, ask: Ask) -> Floats:
        rates = (self.liked[ask.items] + self.strength * _PRIOR_RATE) / (self.shown[ask.items] + self.strength)
        scores: Floats = rates + 1e-6 * self.rng.random(len(rates), np.float32)
        return scores

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        self.shown[slate] += 1
        if liked >= 0:
            self.liked[slate[liked]] += 1


class Thompson(Popularity):
    """One Beta posterior a picture (Chapelle & Li 2011)."""

    strength = 15.0

    def scores(self, ask: Ask) -> Floats:
        liked, missed = self.liked[ask.items], (self.shown - self.liked)[ask.items]
        drawn: Floats = self.rng.beta(
            liked + self.strength * _PRIOR_RATE, missed + self.strength * (1.0 - _PRIOR_RATE)
        ).astype(np.float32)
        return drawn
