"""Chance alone: every order of the serving images as likely as any other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import Feedback, RankedImages, Ranking, Recommender, VisitorContext, Wanted
from recommend.experiments.pool import ServingPool
from recommend.models.slate import LOGGED_DEPTH

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
