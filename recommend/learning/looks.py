"""What the model learns from: one slate that a visitor saw, and which of its pictures they liked."""

from dataclasses import dataclass

import numpy as np

from recommend.learning.arrays import Flags, Floats, Items
from recommend.learning.context import Context


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


def single_like(look: int, visitor: str, context: Context, item: int, features: Floats) -> Look:
    """A like of one picture of which nothing else is known; `features`: its row (d)."""
    one = np.ones(1, np.bool_)
    return Look(look, visitor, context, np.array([item]), features[None, :], one, np.array([-1]))
