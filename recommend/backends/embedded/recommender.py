"""Like-rates shrunk from emotion to favorite to image to visitor group, explored with known propensities."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from django.db import DatabaseError, transaction

from garden.errors import MisconfiguredError
from garden.vocabulary import Orientation
from recommend.backends.base import (
    Feedback,
    RankedImages,
    Ranking,
    Recommender,
    RecommenderUnavailableError,
    VisitorContext,
    Wanted,
)
from recommend.backends.embedded.catalogue import Catalogue
from recommend.learning.exploration import Exploration, draw_order
from recommend.learning.mood import Mood
from recommend.learning.rates import Priors
from recommend.models.rate import ImageRate

_SCORE_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedRecommender(Recommender):
    """Learns in the database, ranks in memory.

    `epsilon`, `temperature` and `depth` are how much of the order is left to chance (see
    recommend.learning.exploration); `prior_rate` and the strengths, in looks, are what is believed before
    the first like (see recommend.learning.rates). Other processes' likes and publications are looked for
    every `poll_seconds`, reaching back `overlap_seconds` for rows that were stamped before they were
    committed, or by a slower clock.
    """

    name: ClassVar[str] = "embedded"
    version: ClassVar[str] = "1"

    epsilon: float = Exploration.epsilon
    temperature: float = Exploration.temperature
    depth: int = Exploration.depth
    prior_rate: float = Priors.rate
    emotion_strength: float = Priors.emotion
    favorite_strength: float = Priors.favorite
    image_strength: float = Priors.image
    group_strength: float = Priors.group
    poll_seconds: float = 0.2
    overlap_seconds: float = 30.0
    exploration: Exploration = field(init=False)
    catalogue: Catalogue = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        try:
            exploration = Exploration(self.epsilon, self.temperature, self.depth)
            priors = Priors(
                self.prior_rate, self.emotion_strength, self.favorite_strength, self.image_strength, self.group_strength
            )
        except ValueError as error:
            raise MisconfiguredError(f"RECOMMENDER: {error}") from error
        catalogue = Catalogue(Mood(priors, exploration), self.poll_seconds, self.overlap_seconds)
        object.__setattr__(self, "exploration", exploration)
        object.__setattr__(self, "catalogue", catalogue)

    def rank(self, visitor: VisitorContext, wanted: Wanted) -> Ranking:
        mood = self.catalogue.current().get(wanted.emotion)
        if mood is None:
            return Ranking({orientation: RankedImages() for orientation in Orientation})
        rng = np.random.default_rng(wanted.seed)
        return Ranking(
            {orientation: self._rank(mood, orientation, visitor, wanted, rng) for orientation in Orientation}
        )

    def _rank(
        self, mood: Mood, orientation: Orientation, visitor: VisitorContext, wanted: Wanted, rng: np.random.Generator
    ) -> RankedImages:
        found = mood.scored(orientation, visitor.group, wanted.favorite)
        order, chances = draw_order(found.weights, found.scores, wanted.count, self.exploration, rng)
        positions = order if found.positions is None else found.positions[order]
        keys = mood.shelves[orientation].keys[positions]
        scores = found.scores[order].astype(np.float64).round(_SCORE_DIGITS)
        return RankedImages(keys.tolist(), scores.tolist(), chances.tolist())

    def learn(self, feedback: Feedback) -> None:
        """Count in the database; this process reads the new counts back before its next ranking."""
        ImageRate.objects.all().apply(feedback.changes)
        transaction.on_commit(self.catalogue.expect_changes)

    def warm_up(self) -> None:
        self.catalogue.current()

    def check(self) -> None:
        try:
            self.catalogue.current()
        except DatabaseError as error:
            raise RecommenderUnavailableError("The recommender cannot read the database now.") from error
