"""The images of one emotion and orientation as contiguous arrays, ids ascending."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommend.backends.embedded.images import ImageRow
from recommend.features import CONSTANT, Layout, layout
from recommend.learning.age import UNKNOWN, days_since, newness, seconds_of
from recommend.learning.candidates import Candidates

_ROOM = 64


class Shelf:
    """Not for two threads at once. What `candidates()` gave stays as it is when images come and go.

    Images mostly come with higher ids than those that stand here: they take the room at the end, and nothing is
    copied. Descriptions are written into the rows that readers have.
    """

    def __init__(self, columns: Layout | None = None) -> None:
        self._columns = columns or layout()
        self._count = 0
        self._ids = np.empty(0, np.int64)
        self._keys = np.empty(0, object)
        self._favorites = np.empty(0, object)
        self._published = np.empty(0, np.int64)
        self._features = np.empty((0, self._columns.width), np.float32)
        self._made: dict[str | None, tuple[Candidates, NDArray[np.object_]]] = {}

    def __len__(self) -> int:
        return self._count

    def candidates(self, favorite: str | None) -> tuple[Candidates, NDArray[np.object_]]:
        """Those of one favorite (None: all), and their keys."""
        if favorite not in self._made:
            self._made[favorite] = self._candidates(favorite)
        return self._made[favorite]

    def holds(self, images: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these images stand here; shape of `images`."""
        return self._rows(images) >= 0

    def put(self, images: Sequence[ImageRow], now: datetime) -> None:
        """Make these images stand here; what is new is neutral, the others keep their description."""
        ids = np.array([image.id for image in images], np.int64)
        self._make_room(np.unique(ids[~self.holds(ids)]))
        rows = self._rows(ids)
        for row, image in zip(rows.tolist(), images, strict=True):
            self._keys[row], self._favorites[row] = image.key, image.favorite
        self._published[rows] = [seconds_of(image.published_at) for image in images]
        self._features[rows, self._columns.newness] = newness(days_since(self._published[rows], now))
        self._made.clear()

    def take_out(self, images: NDArray[np.int64]) -> None:
        left = np.isin(self._ids[: self._count], images, invert=True)
        if not left.all():
            self._move(np.flatnonzero(left), int(left.sum()))

    def describe(self, images: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Write descriptions (k × dimension) of those that stand here; the last one of an image counts."""
        rows = self._rows(images)
        here = rows >= 0
        if here.any():
            self._features[rows[here], self._columns.described] = vectors[here]
            self._drop_copies()

    def grow_old(self, now: datetime) -> None:
        """Write how new every image is now."""
        days = days_since(self._published[: self._count], now)
        self._features[: self._count, self._columns.newness] = newness(days)
        self._drop_copies()

    def _drop_copies(self) -> None:
        """Candidates of one favorite have rows of their own."""
        self._made = {favorite: made for favorite, made in self._made.items() if favorite is None}

    def _candidates(self, favorite: str | None) -> tuple[Candidates, NDArray[np.object_]]:
        ids, features, keys = self._ids[: self._count], self._features[: self._count], self._keys[: self._count]
        if favorite is None:
            return Candidates(ids, features), keys
        rows = np.flatnonzero(self._favorites[: self._count] == favorite)
        return Candidates(ids[rows], features[rows]), keys[rows]

    def _rows(self, images: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where these images stand; −1 for those that do not."""
        if not self._count:
            return np.full(len(images), -1, np.intp)
        ids = self._ids[: self._count]
        found = np.minimum(np.searchsorted(ids, images), self._count - 1)
        return np.where(ids[found] == images, found, -1)

    def _make_room(self, new: NDArray[np.int64]) -> None:
        """Rows for new ids, ascending: at the end if they belong there, else all rows move apart."""
        if not len(new):
            return
        before, total = self._count, self._count + len(new)
        at_end = not before or bool(new[0] > self._ids[before - 1])
        if total > len(self._ids) or not at_end:
            order = np.argsort(np.concatenate([self._ids[:before], new]), kind="stable")
            self._move(np.arange(before), total + max(_ROOM, total // 4), to=np.flatnonzero(order < before))
            self._ids[np.flatnonzero(order >= before)] = new
        else:
            self._ids[before:total] = new
        self._count = total

    def _move(self, rows: NDArray[np.intp], size: int, to: NDArray[np.intp] | None = None) -> None:
        """Rows to new arrays, one after the other or to the places of `to`; the other places are neutral."""
        places = np.arange(len(rows)) if to is None else to
        empty = np.zeros((size, self._columns.width), np.float32)
        empty[:, 0] = CONSTANT
        columns: tuple[NDArray[Any], ...] = (np.empty(size, np.int64), *np.empty((2, size), object))
        columns += (np.full(size, UNKNOWN), empty)
        known: tuple[NDArray[Any], ...] = (self._ids, self._keys, self._favorites, self._published, self._features)
        for new, old in zip(columns, known, strict=True):
            new[places] = old[rows]
        self._ids, self._keys, self._favorites, self._published, self._features = columns
        self._count = len(rows)
        self._made = {}
