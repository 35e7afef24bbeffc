"""Pictures that may be shown, and the numbers a ranking answers with."""

from dataclasses import dataclass

import numpy as np

from recommend.learning.arrays import Doubles, Floats, Indices, Items


@dataclass(frozen=True, slots=True)
class Candidates:
    """n pictures of one emotion, orientation and favorite.

    `items`: their numbers (n), ascending; `features`: n × d, contiguous.
    """

    items: Items
    features: Floats

    def __post_init__(self) -> None:
        if self.features.dtype != np.float32 or not self.features.flags.c_contiguous:
            raise ValueError("Features of candidates are contiguous 32-bit floats.")
        if len(self.items) != len(self.features):
            raise ValueError("Candidates have one row of features each.")
        if (np.diff(self.items) <= 0).any():
            raise ValueError("Numbers of candidates ascend.")

    def __len__(self) -> int:
        return len(self.items)

    def places_of(self, items: Items) -> Indices:
        """Indexes of those of `items` that are candidates, in the order of `items`."""
        if not len(self):
            return np.empty(0, np.intp)
        found = np.minimum(np.searchsorted(self.items, items), len(self) - 1)
        places: Indices = found[self.items[found] == items]
        return places


@dataclass(frozen=True, slots=True)
class Ranked:
    """`order`: indexes into the candidates, best first; `scores`: expected logits, without optimism, in that order.

    `propensities`: P(this candidate in this slot | the slots before it), of the first slots only.
    """

    order: Indices
    scores: Floats
    propensities: Doubles
