"""Rows of the database put onto the shelves of immutable moods."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from recommend.backends.embedded.reader import ImageRow, RateRow
from recommend.learning.mood import Mood
from recommend.learning.shelf import Shelf, ShelfImage

Moods = Mapping[str, Mood]
Ids = NDArray[np.int64]
Rates = Mapping[str, NDArray[np.int64]]
"""Per visitor group: rows of image ids, looks and likes (3 × images)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def place_images(moods: Moods, rows: Sequence[ImageRow], empty: Mood) -> Moods:
    """Make every image of `rows` stand where its row says, or nowhere if it is not serving."""
    changed = np.array([row.id for row in rows], np.int64)
    serving = [row for row in rows if row.is_serving]
    emotions = {**dict.fromkeys(moods), **dict.fromkeys(row.emotion for row in serving)}
    by_emotion = defaultdict(list)
    for row in serving:
        by_emotion[row.emotion].append(row)
    return {emotion: _place(moods.get(emotion, empty), changed, by_emotion[emotion]) for emotion in emotions}


def _place(mood: Mood, changed: Ids, rows: Sequence[ImageRow]) -> Mood:
    new = dict.fromkeys(row.favorite for row in rows if row.favorite not in mood.favorites)
    mood = mood.with_favorites((*mood.favorites, *new)) if new else mood
    codes = {favorite: code for code, favorite in enumerate(mood.favorites)}
    for orientation, shelf in mood.shelves.items():
        standing = [_shelf_image(row, codes) for row in rows if row.orientation == orientation]
        if standing or (shelf.positions(changed) >= 0).any():
            mood = mood.with_shelf(orientation, shelf.with_images(changed, standing))
    return mood


def _shelf_image(row: ImageRow, codes: Mapping[str, int]) -> ShelfImage:
    published = row.published_at or _EPOCH  # The database holds that a serving image has one.
    return ShelfImage(row.id, row.key, codes[row.favorite], (published - _EPOCH) // _MICROSECOND)


def place_rates(moods: Moods, rows: Sequence[RateRow]) -> Moods:
    """Overwrite the counts of the images that stand on a shelf; other rows are passed over."""
    if not rows:
        return moods
    rates = _by_group(rows)
    return {emotion: _count(mood, rates) for emotion, mood in moods.items()}


def _by_group(rows: Sequence[RateRow]) -> Rates:
    numbers = defaultdict(list)
    for row in rows:
        numbers[row.group].append((row.image, row.shown, row.liked))
    return {group: np.array(of_group, np.int64).T for group, of_group in numbers.items()}


def _count(mood: Mood, rates: Rates) -> Mood:
    for orientation, shelf in mood.shelves.items():
        counted = _count_on(shelf, rates)
        mood = mood if counted is shelf else mood.with_shelf(orientation, counted)
    return mood


def _count_on(shelf: Shelf, rates: Rates) -> Shelf:
    for group, (images, shown, liked) in rates.items():
        positions = shelf.positions(images)
        here = positions >= 0
        if here.any():
            counts = shown[here].astype(np.float32), liked[here].astype(np.float32)
            shelf = shelf.with_counts(group, positions[here], *counts)
    return shelf
