"""The context of a request, as indexes of weight blocks.

A picture's appeal is the sum of its features times several blocks of weights, learned jointly: one shared by everybody,
and one per emotion, generation and gender. Every field of a context may be unknown (""): its block is then unused.

An impression is one slate that a visitor saw, and which of its pictures they liked.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from garden.vocabulary import Emotion, Gender, Generation
from recommend.bandit.inference import Flags, Floats, Items

UNKNOWN = "unknown"
GROUPS = tuple(f"{generation}/{gender}" for generation in (*Generation, UNKNOWN) for gender in (*Gender, UNKNOWN))
UNKNOWN_GROUP = f"{UNKNOWN}/{UNKNOWN}"


def group_of(generation: str, gender: str) -> str:
    """`adult`, `Female` → `adult/Female`; a word outside the vocabulary counts as unknown."""
    known_generation = generation if generation in set(Generation) else UNKNOWN
    known_gender = gender if gender in set(Gender) else UNKNOWN
    return f"{known_generation}/{known_gender}"


_WORDS = (tuple(Emotion), tuple(Generation), tuple(Gender))
_BOUNDS = (0, *accumulate(map(len, _WORDS), initial=1))
SHARED = 0
KINDS = tuple(slice(*pair) for pair in pairwise(_BOUNDS))
BLOCKS = _BOUNDS[-1]


@dataclass(frozen=True, slots=True)
class Context:
    emotion: str = ""
    generation: str = ""
    gender: str = ""

    def blocks(self) -> list[int]:
        """Indexes within `BLOCKS`; the shared block always comes first."""
        named = zip((self.emotion, self.generation, self.gender), _WORDS, _BOUNDS[1:], strict=False)
        return [SHARED, *(start + words.index(word) for word, words, start in named if word in words)]


@dataclass(frozen=True, slots=True)
class Impression:
    """k pictures seen together.

    `items`: their numbers (k), dense and not negative; `features`: their rows (k × d); `liked`: k flags;
    `positions`: position of each in its slate from 0, −1 if unknown. An impression with a known `id` (another
    like in the same slate, a like taken back) replaces what was learned from it before, as long as it is in this
    visitor's memory.
    """

    id: int
    visitor: str
    context: Context
    items: Items
    features: Floats
    liked: Flags
    positions: Items

    def __post_init__(self) -> None:
        shape = self.items.shape
        if self.liked.shape != shape or self.positions.shape != shape or self.features.shape[:1] != shape:
            raise ValueError("items, features, liked and positions of an impression have one row per picture.")


def slate_impression(
    impression: int, visitor: str, context: Context, items: Items, features: Floats, liked: Flags, *, slate: int = 3
) -> Impression:
    """An impression of pictures in the order of their slots, in slates of `slate`."""
    return Impression(impression, visitor, context, items, features, liked, np.arange(len(items)) % slate)
