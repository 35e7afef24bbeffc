"""Random orders of the serving images, all with the same probability."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from garden.vocabulary import Orientation
from recommend.backends.base import Feedback, RankedImages, Ranking, RankingRequest, Recommender, VisitorContext
from recommend.backends.embedded.candidates import CandidatePool, KeyedCandidates
from recommend.models.slate import LOGGED_DEPTH


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformRecommender(Recommender):
    """The baseline for comparisons. It learns nothing; its propensities are exact."""

    name: ClassVar[str] = "uniform"
    version: ClassVar[str] = "1"
    learn_writes: ClassVar[bool] = False

    depth: int = LOGGED_DEPTH
    pool: CandidatePool = field(default_factory=lambda: CandidatePool(1.0, 30.0), compare=False, repr=False)

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        rng = np.random.default_rng(request.seed)
        sides = self.pool.candidates(request.emotion, request.favorite)
        found = {side: RankedImages() for side in Orientation}
        for side, side_candidates in sides.items():
            found[side] = self._draw(side_candidates, request.count, rng)
        return Ranking(found)

    def learn(self, feedback: Feedback) -> None:
        """Nothing is learned."""

    def warm_up(self) -> None:
        self.pool.candidates("", None)

    def chances(
        self, visitor: VisitorContext, request: RankingRequest, orientation: Orientation, keys: Sequence[str]
    ) -> list[float]:
        """P(keys[t] in slot t | keys[:t]), were these keys serving."""
        sides = self.pool.candidates(request.emotion, request.favorite)
        serving = len(sides[orientation][1]) if orientation in sides else 0
        left = max(serving, len(keys))
        return [1.0 / (left - slot) for slot in range(len(keys))]

    def _draw(self, side_candidates: KeyedCandidates, count: int, rng: np.random.Generator) -> RankedImages:
        _, keys = side_candidates
        order = rng.permutation(len(keys))[:count]
        chances = [1.0 / (len(keys) - slot) for slot in range(min(len(order), self.depth))]
        return RankedImages(keys[order].tolist(), [0.0] * len(order), chances)
