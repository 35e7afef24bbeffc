"""The context of a request, as indexes of weight blocks.

A picture's appeal is the sum of its features times several blocks of weights: one shared by everybody, one per
emotion, generation and gender (learned jointly), and lighter ones per emotion × generation × gender cell,
time of day, zone and favorite. Every field of a context may be unknown (""): its blocks are then unused.

An impression is one slate that a visitor saw, and which of its pictures they liked.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from zlib import crc32

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
JOINT_BLOCKS = _BOUNDS[-1]
CELLS = len(Emotion) * len(Generation) * len(Gender)
DAY_PARTS = 6
ZONE_BUCKETS = 8
FAVORITE_BUCKETS = 16
SIDE_BLOCKS = CELLS + DAY_PARTS + ZONE_BUCKETS + FAVORITE_BUCKETS


@dataclass(frozen=True, slots=True)
class Context:
    """`hour` is the local hour of the kiosk, 0–23; zones and favorites share buckets by hash."""

    emotion: str = ""
    generation: str = ""
    gender: str = ""
    favorite: str = ""
    hour: int | None = None
    zone: str = ""

    def joint_blocks(self) -> list[int]:
        """Indexes within `JOINT_BLOCKS`; the shared block always comes first."""
        named = zip(self._named(), _WORDS, _BOUNDS[1:], strict=False)
        return [SHARED, *(start + words.index(word) for word, words, start in named if word in words)]

    def side_blocks(self) -> list[int]:
        """Indexes within `SIDE_BLOCKS`."""
        blocks = [] if (cell := self.cell()) is None else [cell]
        if self.hour is not None:
            blocks.append(CELLS + self.hour % 24 * DAY_PARTS // 24)
        if self.zone:
            blocks.append(CELLS + DAY_PARTS + _bucket(self.zone, ZONE_BUCKETS))
        if self.favorite:
            blocks.append(CELLS + DAY_PARTS + ZONE_BUCKETS + _bucket(self.favorite, FAVORITE_BUCKETS))
        return blocks

    def cell(self) -> int | None:
        """Emotion × generation × gender as one index below `CELLS`; None unless all three are known."""
        named = list(zip(self._named(), _WORDS, strict=True))
        if not all(word in words for word, words in named):
            return None
        places = [words.index(word) for word, words in named]
        return int(np.ravel_multi_index(places, [len(words) for words in _WORDS]))

    def _named(self) -> tuple[str, str, str]:
        return self.emotion, self.generation, self.gender


def _bucket(word: str, buckets: int) -> int:
    return crc32(word.encode()) % buckets


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
