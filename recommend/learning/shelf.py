"""The images of one emotion and orientation as immutable arrays, newest first, with what is known of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommend.learning.rates import Codes, Floats

EVERYBODY = ""


class ShelfImage(NamedTuple):
    """An image as a shelf takes it: `published` in microseconds of Unix time, `favorite` as a code."""

    id: int
    key: str
    favorite: int
    published: int


class Counts(NamedTuple):
    """Looks and likes per image (both of shape images)."""

    shown: Floats
    liked: Floats


@dataclass(frozen=True, slots=True)
class Shelf:
    """Parallel arrays of shape images; `counts` per visitor group and for everybody, absent where nobody looked."""

    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    keys: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))
    favorites: Codes = field(default_factory=lambda: np.empty(0, np.int32))
    published: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    by_id: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))
    counts: Mapping[str, Counts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def counts_of(self, group: str) -> Counts:
        nothing = np.zeros(len(self), np.float32)
        return self.counts.get(group, Counts(nothing, nothing))

    def positions(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where these images stand; −1 for those that do not."""
        if not len(self):
            return np.full(len(ids), -1, np.intp)
        found = self.by_id[np.minimum(np.searchsorted(self.ids, ids, sorter=self.by_id), len(self) - 1)]
        return np.where(self.ids[found] == ids, found, -1)

    def with_images(self, changed: NDArray[np.int64], standing: Sequence[ShelfImage]) -> Self:
        """Take the changed images out, then put those that stand here (again) in, with no counts yet."""
        kept = np.isin(self.ids, changed, invert=True)
        ids, keys, favorites, published = _columns(standing)
        merged = {
            "ids": np.concatenate([ids, self.ids[kept]]),
            "keys": np.concatenate([keys, self.keys[kept]]),
            "favorites": np.concatenate([favorites, self.favorites[kept]]),
            "published": np.concatenate([published, self.published[kept]]),
        }
        order = np.lexsort((-merged["ids"], -merged["published"]))
        room = np.zeros(len(ids), np.float32)
        counts = {
            group: Counts(*(np.concatenate([room, column[kept]])[order] for column in columns))
            for group, columns in self.counts.items()
        }
        sorted_columns: dict[str, Any] = {name: column[order] for name, column in merged.items()}
        return replace(self, **sorted_columns, by_id=np.argsort(sorted_columns["ids"]), counts=counts)

    def with_counts(self, group: str, positions: NDArray[np.intp], shown: Floats, liked: Floats) -> Self:
        """Overwrite a group's counts at some positions (no position twice), and keep everybody's in step."""
        before, everybody = self.counts_of(group), self.counts_of(EVERYBODY)
        own = Counts(_put(before.shown, positions, shown), _put(before.liked, positions, liked))
        total = Counts(
            _put(everybody.shown, positions, everybody.shown[positions] + shown - before.shown[positions]),
            _put(everybody.liked, positions, everybody.liked[positions] + liked - before.liked[positions]),
        )
        return replace(self, counts={**self.counts, group: own, EVERYBODY: total})


def _columns(images: Sequence[ShelfImage]) -> tuple[NDArray[Any], ...]:
    ids = np.array([image.id for image in images], np.int64)
    keys = np.empty(len(images), object)
    keys[:] = [image.key for image in images]
    favorites = np.array([image.favorite for image in images], np.int32)
    published = np.array([image.published for image in images], np.int64)
    return ids, keys, favorites, published


def _put(column: Floats, positions: NDArray[np.intp], values: Floats) -> Floats:
    changed = column.copy()
    changed[positions] = values
    return changed
