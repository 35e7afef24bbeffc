"""What is known of who asks and where, as indexes of weight blocks.

A picture's appeal is the sum of its features times several blocks of weights: one shared by everybody, one per
emotion, generation and gender (learned jointly), and lighter ones per emotion × generation × gender cell,
time of day, zone and favorite. Every field of a context may be unknown (""): its blocks then stay silent.

A look is one slate that a visitor saw, and which of its pictures they liked: what the model learns from.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from garden.vocabulary import Emotion, Gender, Generation
from recommend.bandit.inference import Flags, Floats, Items

UNKNOWN = "unknown"
GROUPS = tuple(f"{generation}/{gender}" for generation in (*Generation, UNKNOWN) for gender in (*Gender, UNKNOWN))
UNKNOWN_GROUP = f"{UNKNOWN}/{UNKNOWN}"


def group_of(generation: str, gender: str) -> str:
    """`adult`, `Female` → `adult/Female`; a word that is not of the vocabulary counts as unknown."""
    known_generation = generation if generation in set(Generation) else UNKNOWN
    known_gender = gender if gender in set(Gender) else UNKNOWN
    return f"{known_generation}/{known_gender}"


_EMOTIONS = tuple(Emotion)
_GENERATIONS = tuple(Generation)
_GENDERS = tuple(Gender)
_AGES_AND_GENDERS = len(_GENERATIONS) * len(_GENDERS)

SHARED = 0
KINDS = (
    slice(0, 1),
    slice(1, 1 + len(_EMOTIONS)),
    slice(1 + len(_EMOTIONS), 1 + len(_EMOTIONS) + len(_GENERATIONS)),
    slice(1 + len(_EMOTIONS) + len(_GENERATIONS), 1 + len(_EMOTIONS) + len(_GENERATIONS) + len(_GENDERS)),
)
JOINT_BLOCKS = 1 + len(_EMOTIONS) + len(_GENERATIONS) + len(_GENDERS)
CELLS = len(_EMOTIONS) * _AGES_AND_GENDERS
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
        offset, blocks = 1, [SHARED]
        for word, words in ((self.emotion, _EMOTIONS), (self.generation, _GENERATIONS), (self.gender, _GENDERS)):
            if word in words:
                blocks.append(offset + words.index(word))
            offset += len(words)
        return blocks

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
        if self.emotion not in _EMOTIONS or self.generation not in _GENERATIONS or self.gender not in _GENDERS:
            return None
        places = _EMOTIONS.index(self.emotion), _GENERATIONS.index(self.generation), _GENDERS.index(self.gender)
        return int(np.ravel_multi_index(places, (len(_EMOTIONS), len(_GENERATIONS), len(_GENDERS))))


def _bucket(word: str, buckets: int) -> int:
    return crc32(word.encode()) % buckets


@dataclass(frozen=True, slots=True)
class Look:
    """k pictures seen together.

    `items`: their numbers (k), dense and not negative; `features`: their rows (k × d); `liked`: k flags;
    `positions`: place of each in its slate, 0 first, −1 if it is not known where it stood. `id` names the
    look: a look that is told again (another like in the same slate, a like taken back) replaces what was
    learned from it before, for as long as this visitor's memory reaches.
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
            raise ValueError("items, features, liked and positions of a look have one row per picture.")


def slate_look(
    look: int, visitor: str, context: Context, items: Items, features: Floats, liked: Flags, *, slate: int = 3
) -> Look:
    """A look at pictures in the order of their slots, in slates of `slate`."""
    return Look(look, visitor, context, items, features, liked, np.arange(len(items)) % slate)
