"""A garden for a visitor: the recommender's order, or the stable one when it cannot answer."""

import logging
import uuid
from dataclasses import dataclass, replace
from typing import Self

from django.conf import settings
from django.db import DatabaseError

from garden.errors import RefusedError
from garden.models import Image, Kiosk, Visitor
from garden.storage.keys import split_emotion
from garden.vocabulary import Emotion, Orientation
from recommend.backends.base import RankedImages, Ranking, VisitorContext, Wanted
from recommend.backends.registry import get_recommender
from recommend.models import Slate
from recommend.turns import writing

logger = logging.getLogger(__name__)

STABLE_ORDER = ("stable order", "1")


class EmotionNeededError(RefusedError):
    """Nobody said which emotion, and the visitor's last one is not known."""

    code = "emotion_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GardenWish:
    """What a kiosk asks. Empty strings are "not said"; `emotion` may carry a favorite (`calm/cat`).

    `continues` is the recommendation id of an earlier answer whose order is to be paged through.
    """

    visitor_id: str = ""
    emotion: str = ""
    generation: str = ""
    gender: str = ""
    start: int = 0
    limit: int | None = None
    continues: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Garden:
    """One page of each orientation, best first; `recommender` is the name and version of who ordered it."""

    recommendation_id: uuid.UUID
    ranking: Ranking
    personalized: bool
    recommender: tuple[str, str]

    def from_image(self, start: int) -> Self:
        """The same garden without the first `start` images of each orientation."""
        images = {orientation: found.from_image(start) for orientation, found in self.ranking.images.items()}
        return replace(self, ranking=replace(self.ranking, images=images))


def recommend_garden(*, wish: GardenWish, kiosk: Kiosk | None = None) -> Garden:
    """Order the serving images for a visitor and log what came first.

    Raises EmotionNeededError when neither the wish nor the visitor names an emotion.
    """
    visitor = Visitor.objects.filter(pk=wish.visitor_id).first() if wish.visitor_id else None
    context = _context(wish, visitor)
    wanted = _wanted(wish, context)
    garden = _order(context, wanted)
    if wish.continues is None:
        _log(garden, context, visitor, wanted, kiosk)
    return garden.from_image(wish.start)


def _context(wish: GardenWish, visitor: Visitor | None) -> VisitorContext:
    """What the kiosk says now, and where it is silent what was read from the visitor's face."""
    known = visitor or Visitor(id=wish.visitor_id)
    return VisitorContext(
        id=wish.visitor_id,
        generation=wish.generation or known.generation,
        gender=wish.gender or known.gender,
        emotion=known.emotion,
    )


def _wanted(wish: GardenWish, context: VisitorContext) -> Wanted:
    emotion, favorite = split_emotion(wish.emotion or context.emotion)
    if not emotion:
        raise EmotionNeededError("Say which emotion: this visitor's last one is not known.", field="emotion")
    limit = min(wish.limit or settings.GARDEN_MAX_IMAGES, settings.GARDEN_MAX_IMAGES)
    seed = wish.continues or uuid.uuid4()
    return Wanted(emotion, favorite or None, count=wish.start + limit, seed=seed.int)


def _order(context: VisitorContext, wanted: Wanted) -> Garden:
    recommendation_id = uuid.UUID(int=wanted.seed)
    try:
        recommender = get_recommender()
        ranking = recommender.rank(context, wanted)
    except Exception:
        logger.exception("The recommender failed; the visitor gets the stable order.")
        return Garden(recommendation_id, _stable_order(wanted), personalized=False, recommender=STABLE_ORDER)
    return Garden(recommendation_id, ranking, personalized=True, recommender=(recommender.name, recommender.version))


def _stable_order(wanted: Wanted) -> Ranking:
    """Newest first. Nothing is left to chance, so every propensity is 1."""
    garden = Image.objects.serving().of_emotion(wanted.emotion, wanted.favorite).newest_first()
    found = {}
    for orientation in Orientation:
        keys = list(garden.filter(orientation=orientation).values_list("key", flat=True)[: wanted.count])
        found[orientation] = RankedImages(keys, [0.0] * len(keys), [1.0] * len(keys))
    return Ranking(found)


def _log(garden: Garden, context: VisitorContext, visitor: Visitor | None, wanted: Wanted, kiosk: Kiosk | None) -> None:
    """Keep the slate. An answer is worth more than its log: failing to keep it is not failing the visitor."""
    if wanted.emotion not in set(Emotion):
        return
    name, version = garden.recommender
    slate = Slate(
        id=garden.recommendation_id,
        visitor=visitor,
        group=context.group,
        kiosk=kiosk,
        emotion=wanted.emotion,
        favorite=wanted.favorite or "",
        recommender=name,
        version=version,
        reference=garden.ranking.reference,
        personalized=garden.personalized,
    )
    slate.fill_from(garden.ranking)
    try:
        with writing():
            slate.save(force_insert=True)
    except DatabaseError:
        logger.exception("Slate %s was answered but could not be kept.", slate.pk)
