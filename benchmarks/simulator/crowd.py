"""Who comes when, in what mood, and what the kiosk knows of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from benchmarks.simulator.world import KINDS, SIDES, Doubles, World
from garden.vocabulary import Emotion, Gender, Generation
from recommend.bandit.context import Context

MOST_SLATES = 8
SLATE = 3
MISREAD = (0.0, 0.20, 0.05)
"""How often the kiosk is wrong about the mood, which the visitor confirms, the generation and the gender."""
EXAMINED = np.array([1.0, 0.85, 0.7])
_LOOKED = np.array(list(product((0.0, 1.0), repeat=SLATE)))
_CHANCES = np.where(_LOOKED, EXAMINED, 1.0 - EXAMINED).prod(1)
_WORDS = (tuple(Emotion), tuple(Generation), tuple(Gender))


@dataclass(frozen=True, slots=True)
class Session:
    """One visit. `kinds`: true emotion, generation, gender; `read`: as known to the kiosk, whose screen has the
    orientation `side`; `lots`: deciding lots, slates × 4.
    """

    number: int
    visitor: int
    side: int
    kinds: tuple[int, ...]
    read: tuple[int, ...]
    taste: Doubles
    lots: Doubles

    @property
    def context(self) -> Context:
        """The input of a recommender."""
        emotion, generation, gender = (words[kind] for words, kind in zip(_WORDS, self.read, strict=True))
        return Context(emotion, generation, gender)

    @property
    def cell(self) -> int:
        return int(np.ravel_multi_index(self.kinds, KINDS))


def sessions_of(world: World, sessions: int, returning: float, seed: int) -> Iterator[Session]:
    """The same visits for every recommender: nothing here depends on what is shown.

    A share of `returning` visitors keeps generation, gender and taste, and comes in a new mood; each visit has a new
    reading.
    """
    rng = np.random.default_rng([seed, 1])
    own: list[tuple[Doubles, int, int]] = []
    width, deviation = world.constants.dimensions, world.constants.own
    for number in range(sessions):
        visitor = int(rng.integers(len(own))) if own and rng.random() < returning else len(own)
        if visitor == len(own):
            taste = rng.standard_normal(width) * deviation / np.sqrt(width)
            own.append((taste, int(rng.integers(KINDS[1])), int(rng.integers(KINDS[2]))))
        taste, generation, gender = own[visitor]
        kinds = int(rng.integers(KINDS[0])), generation, gender
        read = tuple(_read(kind, count, wrong, rng) for kind, count, wrong in zip(kinds, KINDS, MISREAD, strict=True))
        side, lots = int(rng.integers(SIDES)), rng.random((int(rng.integers(1, MOST_SLATES + 1)), 4))
        cell = int(np.ravel_multi_index(kinds, KINDS))
        yield Session(number, visitor, side, kinds, read, world.tastes[cell] + taste, lots)


def choice(utilities: Doubles, lots: Doubles) -> int:
    """Which of three pictures is liked, −1 for none: one choice among those examined and leaving it be.

    Each place is looked at with its own probability (the first three lots); among what was looked at the choice is
    multinomial (the fourth lot), where none weighs 1.
    """
    weights = np.exp(utilities) * (lots[:3] < EXAMINED)
    shares = np.cumsum(weights) / (1.0 + weights.sum())
    return int(np.searchsorted(shares, lots[3], side="right")) if lots[3] < shares[-1] else -1


def any_like(utilities: Doubles) -> float:
    """How probable it is that `choice` likes one of three pictures."""
    looked = _LOOKED * np.exp(utilities)
    total = looked.sum(1)
    return float((_CHANCES * total / (1.0 + total)).sum())


def _read(kind: int, count: int, wrong: float, rng: np.random.Generator) -> int:
    if rng.random() >= wrong:
        return kind
    return (kind + int(rng.integers(1, count))) % count
