"""The serving images and their like-rates in memory, kept true by looking for changed rows."""

import threading
import time
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from recommend.backends.embedded import reader
from recommend.backends.embedded.arrange import place_images, place_rates
from recommend.backends.embedded.fresh import FreshRows
from recommend.learning.mood import Mood

Moods = Mapping[str, Mood]

# Looking back takes at most this share of the time, however many rows changed.
_BUSY_SHARE = 0.1
# A row is stamped by this process a moment before it is committed.
_COMMIT = timedelta(seconds=1)


class Catalogue:
    """One per process. `current()` is an immutable view; it is replaced, never changed.

    Rows are re-read and their values overwritten, so reading one twice, in any order, from any number of
    writers, ends in what the database says.
    """

    def __init__(self, empty: Mood, poll_seconds: float, overlap_seconds: float) -> None:
        self._empty = empty
        self._poll_seconds = poll_seconds
        self._overlap = timedelta(seconds=overlap_seconds)
        self._lock = threading.Lock()
        self._own_changes = threading.Event()
        self._moods: Moods | None = None
        self._images = FreshRows[reader.ImageRow](lambda row: row.id)
        self._rates = FreshRows[reader.RateRow](lambda row: (row.image, row.group))
        self._next_look_back = 0.0

    def current(self) -> Moods:
        """What is known now. The first call reads everything, later ones only what changed."""
        with self._lock:
            self._moods = self._load() if self._moods is None else self._refresh(self._moods)
            return self._moods

    def expect_changes(self) -> None:
        """This process has just committed rates: look back at the next call."""
        self._own_changes.set()

    def _load(self) -> Moods:
        self._looked_at = timezone.now()
        moods = place_images({}, list(reader.serving_images()), self._empty)
        return place_rates(moods, list(reader.all_rates()))

    def _refresh(self, moods: Moods) -> Moods:
        started, now = time.monotonic(), timezone.now()
        look_back = started >= self._next_look_back or self._own_changes.is_set()
        if look_back:
            self._own_changes.clear()
            self._next_look_back = 0.0  # Stays due if reading fails.
        moods = self._read_changes(moods, look_back)
        self._looked_at = now
        if look_back:
            took = time.monotonic() - started
            self._next_look_back = started + took + max(self._poll_seconds, took / _BUSY_SHARE)
        return moods

    def _read_changes(self, moods: Moods, look_back: bool) -> Moods:
        """Rows stamped since the last look; when looking back also those that may have been late."""
        late = self._overlap if look_back else timedelta(0)
        changed = reader.images_changed_since(self._looked_at - max(late, _COMMIT))
        images = self._images.among(changed, forget_others=look_back)
        rates = self._rates.among(reader.rates_changed_since(self._looked_at - late), forget_others=look_back)
        if images:
            moods = place_images(moods, images, self._empty)
            rates += reader.rates_of([row.id for row in images if row.is_serving])
        return place_rates(moods, rates)
