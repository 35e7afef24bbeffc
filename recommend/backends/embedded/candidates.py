"""The serving images in memory, as arrays for each emotion and orientation; kept true by looking for changed rows."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from django.db import models
from django.utils import timezone
from numpy.typing import NDArray

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.bandit.policy import Candidates
from recommend.features import CONSTANT, UNKNOWN_AGE, Layout, days_since, layout, newness, seconds_of
from recommend.models import Ledger
from recommend.models.description import Description

_CHUNK = 5_000
_Row = tuple[int, bytes | memoryview, int]
"""Id of an image, its vector, the number of the description; SQLite gives bytes, PostgreSQL may give a view of them."""


class ImageRow(NamedTuple):
    id: int
    key: str
    emotion: str
    favorite: str
    orientation: str
    state: str
    published_at: datetime | None

    @property
    def is_serving(self) -> bool:
        return self.state == Image.State.SERVING


class Described(NamedTuple):
    """Descriptions as they were made: ids of images (k), their vectors (k × dimension), the number of the last one."""

    images: NDArray[np.int64]
    vectors: NDArray[np.float32]
    number: int


def serving_images() -> Iterator[list[ImageRow]]:
    """All of one moment, ids ascending, some thousands at a time."""
    rows = Image.objects.serving().order_by("id").values_list(*ImageRow._fields).iterator(chunk_size=_CHUNK)
    while some := [ImageRow._make(row) for row in islice(rows, _CHUNK)]:
        yield some


def images_changed_since(when: datetime) -> list[ImageRow]:
    """Few or none nearly always: not through a cursor, which PostgreSQL opens, reads and closes one by one."""
    rows = Image.objects.filter(changed_at__gte=when).values_list(*ImageRow._fields)
    return [ImageRow._make(row) for row in rows]


def descriptions_after(sequence: int) -> Iterator[Described]:
    return _in_chunks(_rows(Description.objects.filter(sequence__gt=sequence)))


def descriptions_of(images: list[int]) -> Iterator[Described]:
    """Some thousands at a time, between bounds: so a planner that knows nothing of the table takes its index.

    Not through a cursor: PostgreSQL then takes the plan that begins soonest, which without statistics may have no end.
    """
    ordered = sorted(images)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        between = Description.objects.filter(image_id__gte=some[0], image_id__lte=some[-1])
        yield from _in_chunks(_rows(between.of_images(some)))


def _rows(descriptions: models.QuerySet[Description]) -> models.QuerySet[Description, _Row]:
    todays = descriptions.filter(version=layout().version).order_by("sequence")
    return todays.values_list("image_id", "vector", "sequence")


def _in_chunks(rows: Iterable[_Row]) -> Iterator[Described]:
    source = iter(rows)
    while some := list(islice(source, _CHUNK)):
        vectors = np.frombuffer(b"".join(bytes(vector) for _, vector, _ in some), "<f4").astype(np.float32, copy=False)
        images = np.array([image for image, _, _ in some], np.int64)
        yield Described(images, vectors.reshape(-1, layout().dimension), some[-1][2])


_ROOM = 64
KeyedCandidates = tuple[Candidates, NDArray[np.object_]]
"""Candidates and their keys."""


class CandidateIndex:
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
        self._made: dict[str | None, KeyedCandidates] = {}

    def __len__(self) -> int:
        return self._count

    def candidates(self, favorite: str | None) -> KeyedCandidates:
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

    def _candidates(self, favorite: str | None) -> KeyedCandidates:
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
        columns += (np.full(size, UNKNOWN_AGE), empty)
        known: tuple[NDArray[Any], ...] = (self._ids, self._keys, self._favorites, self._published, self._features)
        for new, old in zip(columns, known, strict=True):
            new[places] = old[rows]
        self._ids, self._keys, self._favorites, self._published, self._features = columns
        self._count = len(rows)
        self._made = {}


_Place = tuple[str, str]
# Looking back takes at most this share of the time, however many pictures were published lately.
_BUSY_SHARE = 0.1
# A row is stamped by this process a moment before it is committed.
_COMMIT = timedelta(seconds=1)
# Who asked nobody for so long may have missed a row that changed and was then deleted: it counts.
_IDLE = timedelta(seconds=60)
# Pictures grow old in steps of days and more.
_AGEING = timedelta(hours=1)


class CandidatePool:
    """One per process. Rows are re-read and their values overwritten, so that reading one twice changes nothing.

    Before each ranking it asks for images stamped since it asked last; every `poll_seconds` it looks back
    `overlap_seconds`, for rows that were stamped before they were committed or by a slower clock, and asks for
    new descriptions.
    """

    def __init__(self, poll_seconds: float, overlap_seconds: float) -> None:
        self._poll_seconds = poll_seconds
        self._overlap = timedelta(seconds=overlap_seconds)
        self._lock = threading.Lock()
        self._indexes: defaultdict[_Place, CandidateIndex] | None = None
        self._read: dict[int, ImageRow] = {}
        self._described_to = 0
        self._next_look_back = 0.0

    def candidates(self, emotion: str, favorite: str | None) -> dict[Orientation, KeyedCandidates]:
        """What stands in one emotion now."""
        with self._lock:
            indexes = self._refresh(self._load() if self._indexes is None else self._indexes)
            sides = [side for side in Orientation if (emotion, side) in indexes]
            return {side: indexes[emotion, side].candidates(favorite) for side in sides}

    def _load(self) -> defaultdict[_Place, CandidateIndex]:
        self._looked_at, self._described_to = timezone.now(), Ledger.objects.current().head
        indexes = defaultdict[_Place, CandidateIndex](CandidateIndex)
        for rows in serving_images():
            for place, standing in _by_place(rows).items():
                indexes[place].put(standing, self._looked_at)
            _describe(indexes, descriptions_of([row.id for row in rows]))
        self._grow_old_at = self._looked_at + _AGEING
        self._indexes = indexes
        return indexes

    def _refresh(self, indexes: defaultdict[_Place, CandidateIndex]) -> defaultdict[_Place, CandidateIndex]:
        started, now = time.monotonic(), timezone.now()
        look_back = started >= self._next_look_back
        since = self._looked_at - (max(self._overlap, _COMMIT) if look_back else _COMMIT)
        changed = self._fresh(images_changed_since(since), forget_others=look_back)
        if changed:
            self._indexes = None  # Everything is read again if this fails half-way.
            _place(indexes, changed, now)
            self._indexes = indexes
        self._grow_old(indexes, now)
        idle, self._looked_at = now - self._looked_at > _IDLE, now
        if idle and sum(map(len, indexes.values())) != Image.objects.serving().count():
            return self._load()
        if look_back:
            took = time.monotonic() - started
            self._next_look_back = time.monotonic() + max(self._poll_seconds, took / _BUSY_SHARE)
            self._described_to = _describe(indexes, descriptions_after(self._described_to), self._described_to)
        return indexes

    def _fresh(self, rows: Iterable[ImageRow], *, forget_others: bool) -> list[ImageRow]:
        """Rows that differ from their last reading. `forget_others` when `rows` are all that changed lately.

        By identity, not as a set of rows: a value that changes and changes back must be seen changing back.
        """
        read = {row.id: row for row in rows}
        fresh = [row for identity, row in read.items() if self._read.get(identity) != row]
        self._read = read if forget_others else {**self._read, **read}
        return fresh

    def _grow_old(self, indexes: defaultdict[_Place, CandidateIndex], now: datetime) -> None:
        if now >= self._grow_old_at:
            self._grow_old_at = now + _AGEING
            for index in indexes.values():
                index.grow_old(now)


def _place(indexes: defaultdict[_Place, CandidateIndex], changed: Sequence[ImageRow], now: datetime) -> None:
    """Make every image stand where its row says, or nowhere if it is not serving."""
    by_place = _by_place([row for row in changed if row.is_serving])
    for place, index in indexes.items():
        staying = {row.id for row in by_place.get(place, ())}
        index.take_out(np.array([row.id for row in changed if row.id not in staying], np.int64))
    for place, rows in by_place.items():
        ids = np.array([row.id for row in rows], np.int64)
        new = ids[~indexes[place].holds(ids)].tolist()
        indexes[place].put(rows, now)
        _describe(indexes, descriptions_of(new))


def _by_place(rows: Iterable[ImageRow]) -> dict[_Place, list[ImageRow]]:
    by_place = defaultdict(list)
    for row in rows:
        by_place[row.emotion, row.orientation].append(row)
    return dict(by_place)


def _describe(indexes: defaultdict[_Place, CandidateIndex], found: Iterable[Described], last: int = 0) -> int:
    """Write descriptions where their images stand. Returns the number of the last one, or `last` if there is none."""
    for images, vectors, number in found:
        for index in indexes.values():
            index.describe(images, vectors)
        last = number
    return last
