"""The Bayesian slate model over the pictures of this site, in memory; its data is in the database."""

import dataclasses
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from django.conf import settings
from django.db import DatabaseError, transaction

from garden.errors import MisconfiguredError
from garden.vocabulary import Orientation
from recommend.backends.base import (
    Feedback,
    RankedImages,
    Ranking,
    RankingRequest,
    Recommender,
    RecommenderUnavailableError,
    VisitorContext,
)
from recommend.backends.embedded.candidates import CandidatePool, KeyedCandidates
from recommend.backends.embedded.events import visitor_name
from recommend.backends.embedded.ledger_consumer import LedgerConsumer
from recommend.backends.embedded.snapshots import make_model, state_version
from recommend.bandit.context import Context
from recommend.bandit.exploration import exploration_share
from recommend.bandit.inference import Effects
from recommend.bandit.policy import SlatePolicy, rank
from recommend.bandit.slate_model import Belief
from recommend.models import Coverage

_SCORE_DIGITS = 5
_FARTHEST = 30.0
"""Logits are cut here; those of seen pictures are a million below."""


MOST_FOR_COVERAGE = 0.25
"""The largest share of random slots for pictures that were shown too rarely."""


class CoverageReader:
    """The newest Coverage, read again every `seconds`; None where nothing is promised."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._due = seconds, 0.0
        self._coverage: Coverage | None = None

    def read(self) -> Coverage | None:
        if not settings.COVERAGE_MONTHLY:
            return None
        if (now := time.monotonic()) >= self._due:
            self._coverage, self._due = Coverage.objects.first(), now + self._seconds
        return self._coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedRecommender(Recommender):
    """Learns from the ledger; ranks in memory.

    `exploration_floor` and `exploration_ceiling` bound the share of random slots, which between them equals the
    share of pictures that were never shown; with `COVERAGE_MONTHLY` those shown too rarely count as never shown, and
    may take more slots. `temperature`, `depth`, `slate` and `samples` are those of recommend.bandit.policy. The ledger
    is read every `poll_seconds`, changed pictures before each ranking and, back `overlap_seconds`, every
    `poll_seconds`, the coverage every `coverage_seconds`. A snapshot is saved every `snapshot_events` numbers of the
    ledger, or after `snapshot_seconds`.
    """

    name: ClassVar[str] = "embedded"
    version: ClassVar[str] = "9"
    learn_writes: ClassVar[bool] = False

    exploration_floor: float = field(default_factory=lambda: float(settings.EXPLORATION_FLOOR))
    exploration_ceiling: float = field(default_factory=lambda: float(settings.EXPLORATION_CEILING))
    temperature: float = SlatePolicy.temperature
    depth: int = SlatePolicy.depth
    slate: int = SlatePolicy.slate
    samples: int = SlatePolicy.samples
    poll_seconds: float = 1.0
    overlap_seconds: float = 30.0
    snapshot_events: int = 500
    snapshot_seconds: float = 600.0
    coverage_seconds: float = 60.0
    policy: SlatePolicy = field(init=False)
    pool: CandidatePool = field(init=False, compare=False, repr=False)
    consumer: LedgerConsumer = field(init=False, compare=False, repr=False)
    coverage: CoverageReader = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.exploration_floor <= self.exploration_ceiling <= 1:
            raise MisconfiguredError("RECOMMENDER: 0 < exploration_floor ≤ exploration_ceiling ≤ 1 does not hold.")
        try:
            policy = SlatePolicy(
                epsilon=self.exploration_floor,
                temperature=self.temperature,
                depth=self.depth,
                slate=self.slate,
                samples=self.samples,
            )
        except ValueError as error:
            raise MisconfiguredError(f"RECOMMENDER: {error}") from error
        object.__setattr__(self, "policy", policy)
        object.__setattr__(self, "pool", CandidatePool(self.poll_seconds, self.overlap_seconds))
        object.__setattr__(self, "consumer", LedgerConsumer(make_model, state_version(), self.poll_seconds))
        object.__setattr__(self, "coverage", CoverageReader(self.coverage_seconds))

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        sides = self.pool.candidates(request.emotion, request.favorite)
        belief, effects = self._belief(visitor, request, sides.values())
        ceiling = self.exploration_ceiling
        if (coverage := self.coverage.read()) is not None:
            effects.count_as_unseen(np.array(coverage.behind, np.int64))
            ceiling = max(ceiling, min(coverage.share, MOST_FOR_COVERAGE))
        rng = np.random.default_rng(request.seed)
        found = {side: RankedImages() for side in Orientation}
        for side, side_candidates in sides.items():
            found[side] = self._rank(side_candidates, belief, effects, ceiling, request.count, rng)
        return Ranking(found)

    def _belief(
        self, visitor: VisitorContext, request: RankingRequest, sides: Iterable[KeyedCandidates]
    ) -> tuple[Belief, Effects]:
        """The belief about this visitor, and the pictures' effects.

        Effects of pictures never shown are added to a copy: the model must not depend on what was ranked.
        """
        belief, effects = self.consumer.belief(_context(visitor, request), visitor_name(visitor.pseudonym))
        effects.reserve(1 + max((int(found.items.max(initial=0)) for found, _ in sides), default=0))
        return dataclasses.replace(belief, seen=np.array(visitor.seen, np.int64)), effects

    def _rank(
        self,
        side_candidates: KeyedCandidates,
        belief: Belief,
        effects: Effects,
        ceiling: float,
        count: int,
        rng: np.random.Generator,
    ) -> RankedImages:
        candidates, keys = side_candidates
        if not len(candidates):
            return RankedImages()
        chance = exploration_share(effects.impressions[candidates.items], self.exploration_floor, ceiling)
        policy = dataclasses.replace(self.policy, epsilon=chance)
        ranked = rank(candidates, belief, effects, rng, policy=policy, count=count)
        chances = 1.0 / (1.0 + np.exp(-np.clip(ranked.scores.astype(np.float64), -_FARTHEST, _FARTHEST)))
        return RankedImages(
            keys[ranked.order].tolist(), chances.round(_SCORE_DIGITS).tolist(), ranked.propensities.tolist()
        )

    def learn(self, feedback: Feedback) -> None:
        """It is in the ledger already: read that before the next ranking, and again after the commit."""
        self.consumer.expect_events()
        transaction.on_commit(self.consumer.expect_events)

    def warm_up(self) -> None:
        self.pool.candidates("", None)
        self.consumer.warm_up()

    def check(self) -> None:
        try:
            self.warm_up()
        except DatabaseError as error:
            raise RecommenderUnavailableError("The recommender cannot read the database now.") from error

    def save_state(self) -> None:
        self.consumer.save_state(self.snapshot_events, self.snapshot_seconds)


def _context(visitor: VisitorContext, request: RankingRequest) -> Context:
    return Context(request.emotion, visitor.generation, visitor.gender)
