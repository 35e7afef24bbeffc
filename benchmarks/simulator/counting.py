"""Recommenders that count likes: chance, most liked, emotion popularity, Thompson sampling without context."""

import numpy as np

from benchmarks.simulator.play import Ask, Items, Player
from benchmarks.simulator.world import KINDS, Floats, World

_PRIOR_RATE = 0.07


def best_unseen(scores: Floats, seen: Items) -> Items:
    """Three highest of the scores, which are overwritten where seen."""
    scores[seen] = -np.inf
    best = np.argpartition(-scores, 3)[:3]
    return best[np.argsort(-scores[best])]


class Chance(Player):
    def slate(self, ask: Ask) -> Items:
        return best_unseen(self.rng.random(ask.there, np.float32), ask.seen)


class MostLiked(Player):
    """The most liked pictures, ties by chance; with probability `epsilon` a slate by chance."""

    epsilon = 0.1

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.likes = np.zeros(world.pictures, np.float32)

    def slate(self, ask: Ask) -> Items:
        scores = self.rng.random(ask.there, np.float32)
        if self.rng.random() >= self.epsilon:
            scores += self.likes[: ask.there]
        return best_unseen(scores, ask.seen)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        if liked >= 0:
            self.likes[slate[liked]] += 1


class EmotionPopularity(Player):
    """Like-rate in the emotion as read, smoothed to the like-rate in all emotions, smoothed to a rate of chance."""

    strength, emotion_strength = 10.0, 10.0

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.shown = np.zeros((KINDS[0] + 1, world.pictures), np.float32)
        self.liked = np.zeros((KINDS[0] + 1, world.pictures), np.float32)

    def slate(self, ask: Ask) -> Items:
        return best_unseen(self.scores(ask), ask.seen)

    def scores(self, ask: Ask) -> Floats:
        there, emotion = ask.there, ask.session.read[0]
        rate = (self.liked[-1, :there] + self.strength * _PRIOR_RATE) / (self.shown[-1, :there] + self.strength)
        own = self.liked[emotion, :there] + self.emotion_strength * rate
        own /= self.shown[emotion, :there] + self.emotion_strength
        scores: Floats = own + 1e-6 * self.rng.random(there, np.float32)
        return scores

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        for row in (ask.session.read[0], -1):
            self.shown[row, slate] += 1
            if liked >= 0:
                self.liked[row, slate[liked]] += 1


class Thompson(Player):
    """One Beta posterior a picture, for everybody; its prior has the rate of chance (Chapelle & Li 2011)."""

    strength = 15.0

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        super().__init__(world, rng)
        self.liked = np.full(world.pictures, self.strength * _PRIOR_RATE)
        self.missed = np.full(world.pictures, self.strength * (1.0 - _PRIOR_RATE))

    def slate(self, ask: Ask) -> Items:
        drawn = self.rng.beta(self.liked[: ask.there], self.missed[: ask.there]).astype(np.float32)
        return best_unseen(drawn, ask.seen)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        self.missed[slate] += 1
        if liked >= 0:
            self.missed[slate[liked]] -= 1
            self.liked[slate[liked]] += 1
