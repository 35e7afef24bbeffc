"""The serving images in memory, kept true by looking for changed rows."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from garden.vocabulary import Orientation
from recommend.backends.embedded import images as reader
from recommend.backends.embedded.fresh import FreshRows
from recommend.backends.embedded.shelf import Shelf
from recommend.learning.candidates import Candidates
from recommend.models import Ledger

Stand = tuple[Candidates, NDArray[np.object_]]
"""Candidates of one orientation and their keys."""
_Place = tuple[str, str]
# Looking back takes at most this share of the time, however many pictures were published lately.
_BUSY_SHARE = 0.1
# A row is stamped by this process a moment before it is committed.
_COMMIT = timedelta(seconds=1)
# Who asked nobody for so long may have missed a row that changed and was then deleted: it counts.
_IDLE = timedelta(seconds=60)
# Pictures grow old in steps of days and more.
_AGEING = timedelta(hours=1)


class Catalogue:
    """One per process. Rows are re-read and their values overwritten, so that reading one twice changes nothing.

    Before each ranking it asks for images stamped since it asked last; every `poll_seconds` it looks back
    `overlap_seconds`, for rows that were stamped before they were committed or by a slower clock, and asks for
    new descriptions.
    """

    def __init__(self, poll_seconds: float, overlap_seconds: float) -> None:
        self._poll_seconds = poll_seconds
        self._overlap = timedelta(seconds=overlap_seconds)
        self._lock = threading.Lock()
        self._shelves: defaultdict[_Place, Shelf] | None = None
        self._changes = FreshRows[reader.ImageRow](lambda row: row.id)
        self._described_to = 0
        self._next_look_back = 0.0

    def candidates(self, emotion: str, favorite: str | None) -> dict[Orientation, Stand]:
        """What stands in one emotion now."""
        with self._lock:
            shelves = self._refresh(self._load() if self._shelves is None else self._shelves)
            sides = [side for side in Orientation if (emotion, side) in shelves]
            return {side: shelves[emotion, side].candidates(favorite) for side in sides}

    def _load(self) -> defaultdict[_Place, Shelf]:
        self._looked_at, self._described_to = timezone.now(), Ledger.objects.current().head
        shelves = defaultdict[_Place, Shelf](Shelf)
        for rows in reader.serving_images():
            _put(shelves, rows, self._looked_at)
            _describe(shelves, reader.descriptions_of([row.id for row in rows]))
        self._grow_old_at = self._looked_at + _AGEING
        self._shelves = shelves
        return shelves

    def _refresh(self, shelves: defaultdict[_Place, Shelf]) -> defaultdict[_Place, Shelf]:
        started, now = time.monotonic(), timezone.now()
        look_back = started >= self._next_look_back
        since = self._looked_at - (max(self._overlap, _COMMIT) if look_back else _COMMIT)
        changed = self._changes.among(reader.images_changed_since(since), forget_others=look_back)
        if changed:
            self._shelves = None  # Everything is read again if this fails half-way.
            _place(shelves, changed, now)
            self._shelves = shelves
        self._grow_old(shelves, now)
        idle, self._looked_at = now - self._looked_at > _IDLE, now
        if idle and sum(map(len, shelves.values())) != reader.count_of_serving():
            return self._load()
        if look_back:
            took = time.monotonic() - started
            self._next_look_back = time.monotonic() + max(self._poll_seconds, took / _BUSY_SHARE)
            self._described_to = _describe(shelves, reader.descriptions_after(self._described_to), self._described_to)
        return shelves

    def _grow_old(self, shelves: defaultdict[_Place, Shelf], now: datetime) -> None:
        if now >= self._grow_old_at:
            self._grow_old_at = now + _AGEING
            for shelf in shelves.values():
                shelf.grow_old(now)


def _place(shelves: defaultdict[_Place, Shelf], changed: Sequence[reader.ImageRow], now: datetime) -> None:
    """Make every image stand where its row says, or nowhere if it is not serving."""
    by_place = _by_place([row for row in changed if row.is_serving])
    for place, shelf in shelves.items():
        staying = {row.id for row in by_place.get(place, ())}
        shelf.take_out(np.array([row.id for row in changed if row.id not in staying], np.int64))
    for place, rows in by_place.items():
        ids = np.array([row.id for row in rows], np.int64)
        new = ids[~shelves[place].holds(ids)].tolist()
        shelves[place].put(rows, now)
        _describe(shelves, reader.descriptions_of(new))


def _put(shelves: defaultdict[_Place, Shelf], rows: Iterable[reader.ImageRow], now: datetime) -> None:
    for place, standing in _by_place(rows).items():
        shelves[place].put(standing, now)


def _by_place(rows: Iterable[reader.ImageRow]) -> dict[_Place, list[reader.ImageRow]]:
    by_place = defaultdict(list)
    for row in rows:
        by_place[row.emotion, row.orientation].append(row)
    return dict(by_place)


def _describe(shelves: defaultdict[_Place, Shelf], found: Iterable[reader.Described], last: int = 0) -> int:
    """Write descriptions where their images stand. Returns the number of the last one, or `last` if there is none."""
    for images, vectors, number in found:
        for shelf in shelves.values():
            shelf.describe(images, vectors)
        last = number
    return last
