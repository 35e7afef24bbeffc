"""Chance alone: every order of the serving images as likely as any other."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import Feedback, RankedImages, Ranking, Recommender, VisitorContext, Wanted
from recommend.models.slate import LOGGED_DEPTH

_OVERLAP = timedelta(seconds=30)
"""A row is stamped before it is committed: look back so far for late ones."""

Ids = NDArray[np.int64]


@dataclass(slots=True)
class ServingPool:
    """Reads all serving images once, then what changed. One per process, for any number of threads.

    `_table` holds a row an image, by id: id, number of its (emotion, orientation), number of its favorite.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: dict[object, int] = field(default_factory=dict)
    _table: Ids = field(default_factory=lambda: np.empty((0, 3), np.int64))
    _looked_at: datetime | None = None

    def ids(self, emotion: str, orientation: str, favorite: str | None) -> Ids:
        """Ids in a stable order; of one favorite, or of all when it is None."""
        with self._lock:
            self._refresh()
            table = self._table
            shelf, kind = self._numbers.get((emotion, orientation)), self._numbers.get(favorite)
        if shelf is None or (favorite is not None and kind is None):
            return np.empty(0, np.int64)
        here = table[table[:, 1] == shelf]
        found: Ids = here[:, 0] if favorite is None else here[here[:, 2] == kind, 0]
        return found

    def _refresh(self) -> None:
        now = timezone.now()
        if self._looked_at is None:
            rows = Image.objects.serving()
        else:
            rows = Image.objects.filter(changed_at__gte=self._looked_at - _OVERLAP)
        fields = ("id", "emotion", "orientation", "favorite", "state")
        changed = list(rows.values_list(*fields).iterator(chunk_size=5_000))
        if changed:
            self._place(changed)
        self._looked_at = now

    def _place(self, changed: list[tuple[int, str, str, str, str]]) -> None:
        """Put each changed image where its row says, or nowhere if it is not serving."""
        standing = [
            (image, self._number((emotion, orientation)), self._number(favorite))
            for image, emotion, orientation, favorite, state in changed
            if state == Image.State.SERVING
        ]
        kept = self._table[~np.isin(self._table[:, 0], [image for image, *_ in changed])]
        table = np.concatenate([kept, np.array(standing, np.int64).reshape(-1, 3)])
        self._table = table[np.argsort(table[:, 0])]

    def _number(self, thing: object) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))


_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformRecommender(Recommender):
    """The baseline that others are measured by. It learns nothing; its propensities are exact."""

    name: ClassVar[str] = "uniform"
    version: ClassVar[str] = "1"
    learn_writes: ClassVar[bool] = False

    depth: int = LOGGED_DEPTH
    pool: ServingPool = field(default_factory=ServingPool, init=False, compare=False, repr=False)

    def rank(self, visitor: VisitorContext, wanted: Wanted) -> Ranking:
        rng = np.random.default_rng(wanted.seed)
        return Ranking({orientation: self._draw(wanted, orientation, rng) for orientation in Orientation})

    def learn(self, feedback: Feedback) -> None:
        """Chance has no memory."""

    def warm_up(self) -> None:
        self.pool.ids("", "", None)

    def chances(
        self, visitor: VisitorContext, wanted: Wanted, orientation: Orientation, keys: Sequence[str]
    ) -> list[float]:
        """P(keys[t] in slot t | keys[:t]), were these keys serving."""
        left = max(len(self.pool.ids(wanted.emotion, orientation, wanted.favorite)), len(keys))
        return [1.0 / (left - slot) for slot in range(len(keys))]

    def _draw(self, wanted: Wanted, orientation: Orientation, rng: np.random.Generator) -> RankedImages:
        ids = self.pool.ids(wanted.emotion, orientation, wanted.favorite)
        order = rng.permutation(ids)[: wanted.count].tolist()
        keys = _keys_of(order)
        drawn = [1.0 / (len(ids) - slot) for slot in range(min(len(order), self.depth))]
        found = [keys[image] for image in order if image in keys]
        return RankedImages(found, [0.0] * len(found), drawn[: len(found)])


def _keys_of(ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), _BATCH):
        some = Image.objects.serving().filter(pk__in=ids[start : start + _BATCH])
        found.update(some.values_list("id", "key"))
    return found
