"""The serving images in memory, as arrays for each emotion and orientation, updated from changed rows."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

import numpy as np
from django.db import models
from django.utils import timezone
from numpy.typing import NDArray

from garden.batches import batches
from garden.models import Image
from garden.vocabulary import Emotion, Orientation
from recommend.bandit.policy import Candidates
from recommend.features import CONSTANT, UNKNOWN_AGE, days_since, layout, newness, opinion_of, seconds_of
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
    rating: int | None


class Described(NamedTuple):
    """Descriptions in order: ids of images (k), their vectors (k × dimension), the number of the last one."""

    images: NDArray[np.int64]
    vectors: NDArray[np.float32]
    number: int


def serving_images() -> Iterator[list[ImageRow]]:
    """Chunks of one emotion each, ids ascending."""
    for emotion in Emotion:
        images = Image.objects.serving().of_emotion(emotion).order_by("id")
        rows = images.values_list(*ImageRow._fields).iterator(chunk_size=_CHUNK)
        while some := [ImageRow._make(row) for row in islice(rows, _CHUNK)]:
            yield some


def images_changed_since(when: datetime) -> list[ImageRow]:
    """Usually few or none, so without a server-side cursor, which costs PostgreSQL three statements."""
    rows = Image.objects.filter(changed_at__gte=when).values_list(*ImageRow._fields)
    return [ImageRow._make(row) for row in rows]


def descriptions_of(images: list[int]) -> Iterator[Described]:
    """Chunks between bounds, so that a planner without statistics uses the index.

    Without a server-side cursor: for one, PostgreSQL prefers plans that start fast, which may take very long.
    """
    ordered = sorted(images)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        between = Description.objects.filter(image_id__gte=some[0], image_id__lte=some[-1])
        yield from _in_chunks(_rows(between.filter(image__in=some)))


def _rows(descriptions: models.QuerySet[Description]) -> models.QuerySet[Description, _Row]:
    todays = descriptions.filter(version=layout().version).order_by("sequence")
    return todays.values_list("image_id", "vector", "sequence")


def _in_chunks(rows: Iterable[_Row]) -> Iterator[Described]:
    for some in batches(rows, _CHUNK):
        vectors = np.frombuffer(b"".join(bytes(vector) for _, vector, _ in some), "<f4").astype(np.float32, copy=False)
        images = np.array([image for image, _, _ in some], np.int64)
        yield Described(images, vectors.reshape(-1, layout().dimension), some[-1][2])


KeyedCandidates = tuple[Candidates, NDArray[np.object_]]
"""Candidates and their keys."""


class CandidateIndex:
    """Images of one emotion and orientation, ids ascending. Not for two threads at once.

    Results of `candidates()` stay unchanged when images are added or removed: arrays are copied then. Descriptions
    are written into the rows that readers have.
    """

    def __init__(self) -> None:
        self._columns = layout()
        self._ids = np.empty(0, np.int64)
        self._keys, self._favorites = np.empty((2, 0), object)
        self._published = np.empty(0, np.int64)
        self._opinions = np.empty(0, np.float32)
        self._features = np.empty((0, self._columns.width), np.float32)
        self._made: dict[str | None, KeyedCandidates] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def candidates(self, favorite: str | None) -> KeyedCandidates:
        """Those of one favorite (None: all), and their keys."""
        if favorite not in self._made:
            rows = slice(None) if favorite is None else np.flatnonzero(self._favorites == favorite)
            opinions = self._opinions[rows] if self._opinions.any() else None
            self._made[favorite] = Candidates(self._ids[rows], self._features[rows], opinions), self._keys[rows]
        return self._made[favorite]

    def contains(self, images: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these images are in the index; shape of `images`."""
        return np.searchsorted(self._ids, images, "right") > np.searchsorted(self._ids, images, "left")

    def put(self, images: Sequence[ImageRow], now: datetime) -> None:
        """Add or update these images; new ones are neutral, the others keep their description."""
        ids = np.array([image.id for image in images], np.int64)
        if not self.contains(ids).all():
            self._rearrange(np.union1d(self._ids, ids))
        rows = np.searchsorted(self._ids, ids)
        for row, image in zip(rows.tolist(), images, strict=True):
            self._keys[row], self._favorites[row] = image.key, image.favorite
        self._published[rows] = [seconds_of(image.published_at) for image in images]
        self._opinions[rows] = [opinion_of(image.rating) for image in images]
        self._features[rows, self._columns.newness] = newness(days_since(self._published[rows], now))
        self._made.clear()

    def remove(self, images: NDArray[np.int64]) -> None:
        left = np.setdiff1d(self._ids, images)
        if len(left) < len(self):
            self._rearrange(left)

    def describe(self, images: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Write descriptions (k × dimension) of images in this index; the last one of an image counts."""
        here = self.contains(images)
        if here.any():
            self._features[np.searchsorted(self._ids, images[here]), self._columns.described] = vectors[here]
            self._drop_copies()

    def update_newness(self, now: datetime) -> None:
        """Write how new every image is now."""
        self._features[:, self._columns.newness] = newness(days_since(self._published, now))
        self._drop_copies()

    def _drop_copies(self) -> None:
        """Candidates of one favorite have rows of their own."""
        self._made = {favorite: made for favorite, made in self._made.items() if favorite is None}

    def _rearrange(self, ids: NDArray[np.int64]) -> None:
        """New arrays for these images, ascending; new ones are neutral."""
        _, to, rows = np.intersect1d(ids, self._ids, assume_unique=True, return_indices=True)
        features = np.zeros((len(ids), self._columns.width), np.float32)
        features[:, 0] = CONSTANT
        features[to] = self._features[rows]
        published = np.full(len(ids), UNKNOWN_AGE, np.int64)
        published[to] = self._published[rows]
        opinions = np.zeros(len(ids), np.float32)
        opinions[to] = self._opinions[rows]
        keys, favorites = np.empty((2, len(ids)), object)
        keys[to], favorites[to] = self._keys[rows], self._favorites[rows]
        self._ids, self._keys, self._favorites = ids, keys, favorites
        self._published, self._opinions, self._features, self._made = published, opinions, features, {}


_Side = tuple[str, str]
# Looking back takes at most this share of the time, however many pictures were published lately.
_MOST_BUSY = 0.1
# A row is stamped by this process a moment before it is committed.
_COMMIT = timedelta(seconds=1)
# After so long without a request, a row that changed and was then deleted may have been missed: rows are counted.
_IDLE = timedelta(seconds=60)
# Newness changes in steps of days and more.
_AGEING = timedelta(hours=1)


class CandidatePool:
    """One per process. Rows are read again and their values overwritten, so that reading one twice changes nothing.

    Before each ranking it reads images changed since the last time; every `poll_seconds` it looks back
    `overlap_seconds`, for rows committed after their time or with the time of a slow clock, and reads
    new descriptions.
    """

    def __init__(self, poll_seconds: float, overlap_seconds: float) -> None:
        self._poll_seconds = poll_seconds
        self._overlap = timedelta(seconds=overlap_seconds)
        self._lock = threading.Lock()
        self._indexes: defaultdict[_Side, CandidateIndex] | None = None
        self._read: dict[int, ImageRow] = {}
        self._described_to = 0
        self._next_look_back = 0.0

    def candidates(self, emotion: str, favorite: str | None) -> dict[Orientation, KeyedCandidates]:
        """Candidates of one emotion."""
        with self._lock:
            indexes = self._refresh(self._load() if self._indexes is None else self._indexes)
            sides = [side for side in Orientation if (emotion, side) in indexes]
            return {side: indexes[emotion, side].candidates(favorite) for side in sides}

    def _load(self) -> defaultdict[_Side, CandidateIndex]:
        self._looked_at, self._described_to = timezone.now(), Ledger.objects.current().head
        indexes = defaultdict[_Side, CandidateIndex](CandidateIndex)
        for rows in serving_images():
            for place, rows_there in _by_place(rows).items():
                indexes[place].put(rows_there, self._looked_at)
            _describe(indexes, descriptions_of([row.id for row in rows]))
        self._newness_due = self._looked_at + _AGEING
        self._indexes = indexes
        return indexes

    def _refresh(self, indexes: defaultdict[_Side, CandidateIndex]) -> defaultdict[_Side, CandidateIndex]:
        started, now = time.monotonic(), timezone.now()
        look_back = started >= self._next_look_back
        since = self._looked_at - (max(self._overlap, _COMMIT) if look_back else _COMMIT)
        changed = self._fresh(images_changed_since(since), forget_others=look_back)
        if changed:
            self._indexes = None  # If this fails, everything is read again.
            _move(indexes, changed, now)
            self._indexes = indexes
        self._update_newness(indexes, now)
        idle, self._looked_at = now - self._looked_at > _IDLE, now
        if idle and sum(map(len, indexes.values())) != Image.objects.serving().count():
            return self._load()
        if look_back:
            took = time.monotonic() - started
            self._next_look_back = time.monotonic() + max(self._poll_seconds, took / _MOST_BUSY)
            new = Description.objects.filter(sequence__gt=self._described_to)
            self._described_to = _describe(indexes, _in_chunks(_rows(new)), self._described_to)
        return indexes

    def _fresh(self, rows: Iterable[ImageRow], *, forget_others: bool) -> list[ImageRow]:
        """Rows that differ from their last reading. `forget_others` when `rows` are all that changed lately.

        By identity, not as a set of rows: a value that changes and changes back must be seen changing back.
        """
        read = {row.id: row for row in rows}
        fresh = [row for identity, row in read.items() if self._read.get(identity) != row]
        self._read = read if forget_others else {**self._read, **read}
        return fresh

    def _update_newness(self, indexes: defaultdict[_Side, CandidateIndex], now: datetime) -> None:
        if now >= self._newness_due:
            self._newness_due = now + _AGEING
            for index in indexes.values():
                index.update_newness(now)


def _move(indexes: defaultdict[_Side, CandidateIndex], changed: Sequence[ImageRow], now: datetime) -> None:
    """Move every changed image to the index of its row, or to none if it is not serving."""
    by_place = _by_place([row for row in changed if row.state == Image.State.SERVING])
    for place, index in indexes.items():
        staying = {row.id for row in by_place.get(place, ())}
        index.remove(np.array([row.id for row in changed if row.id not in staying], np.int64))
    for place, rows in by_place.items():
        ids = np.array([row.id for row in rows], np.int64)
        new = ids[~indexes[place].contains(ids)].tolist()
        indexes[place].put(rows, now)
        _describe(indexes, descriptions_of(new))


def _by_place(rows: Iterable[ImageRow]) -> dict[_Side, list[ImageRow]]:
    by_place = defaultdict(list)
    for row in rows:
        by_place[row.emotion, row.orientation].append(row)
    return dict(by_place)


def _describe(indexes: defaultdict[_Side, CandidateIndex], found: Iterable[Described], last: int = 0) -> int:
    """Write descriptions into the indexes of their images. Returns the last number, or `last` without any."""
    for images, vectors, number in found:
        for index in indexes.values():
            index.describe(images, vectors)
        last = number
    return last
