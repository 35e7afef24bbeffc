"""A recommender that is down."""

from dataclasses import dataclass
from typing import ClassVar

from recommend.backends.base import Feedback, Ranking, Recommender, VisitorContext, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRecommender(Recommender):
    name: ClassVar[str] = "broken"
    version: ClassVar[str] = "1"

    def rank(self, visitor: VisitorContext, wanted: Wanted) -> Ranking:
        raise ConnectionError("nobody answers")

    def learn(self, feedback: Feedback) -> None:
        raise ConnectionError("nobody listens")
