"""A recommender that is down."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import OperationalError

from garden.models import Visitor
from garden.vocabulary import Orientation
from recommend.backends.base import Feedback, RankedImages, Ranking, RankingRequest, Recommender, VisitorContext


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRecommender(Recommender):
    name: ClassVar[str] = "broken"
    version: ClassVar[str] = "1"

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        raise ConnectionError("nobody answers")

    def learn(self, feedback: Feedback) -> None:
        raise ConnectionError("nobody listens")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgettingRecommender(BrokenRecommender):
    """The visitor is forgotten while it thinks."""

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        Visitor.objects.filter(pk=visitor.id).delete()
        return Ranking({orientation: RankedImages() for orientation in Orientation})


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfWayRecommender(BrokenRecommender):
    """It fails when it has written something, and by what the database refuses."""

    def learn(self, feedback: Feedback) -> None:
        Visitor.objects.create(id="of no matter")
        Visitor.objects.create(id=feedback.visitor.id)


ANSWERS: list[bool] = []
"""Whether the database of a LateRecommender is there, each time it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRecommender(BrokenRecommender):
    """Its database comes after the server."""

    def warm_up(self) -> None:
        if not ANSWERS.pop(0):
            raise OperationalError("connection refused")
