"""Visitors whose likes are known in advance, and a recommender that shows what it is told to."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import Feedback, RankedImages, Ranking, RankingRequest, Recommender, VisitorContext
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.likes import Like, record_like


@dataclass(frozen=True, slots=True, kw_only=True)
class LastFirstRecommender(Recommender):
    """By key, the last one first, or the first one; nothing is left to chance."""

    name: ClassVar[str] = "last first"
    version: ClassVar[str] = "1"
    ascending: bool = False

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        images = Image.objects.serving().of_emotion(request.emotion, request.favorite)
        found = {}
        for orientation in Orientation:
            keys = images.filter(orientation=orientation).order_by("key" if self.ascending else "-key")
            order = list(keys.values_list("key", flat=True)[: request.count])
            found[orientation] = RankedImages(order, [0.0] * len(order))
        return Ranking(found)

    def learn(self, feedback: Feedback) -> None:
        """It knows what it shows."""


def likes(visitor: str, key: str, liked: Sequence[str]) -> bool:
    """Pictures of `liked` two times in three, others one time in ten; the same answer every time."""
    chance = hashlib.blake2b(f"{visitor} {key}".encode(), digest_size=1).digest()[0] / 256
    return chance < (2 / 3 if key in liked else 0.1)


def visit(visitor: str, liked: Sequence[str], emotion: str = "calm") -> str:
    """One look at three pictures and the answer to it; returns the recommendation id."""
    garden = recommend_garden(request=GardenRequest(visitor_id=visitor, emotion=emotion))
    shown = list(garden.ranking.images[Orientation.LANDSCAPE].keys[:3])
    chosen: list[str | None] = [key for key in shown if likes(visitor, key, liked)]
    for item in chosen or [None]:
        message = Like(visitor_id=visitor, item=item, impression=shown, recommendation_id=str(garden.recommendation_id))
        record_like(like=message)
    return str(garden.recommendation_id)
