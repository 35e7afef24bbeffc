"""A garden for a visitor: in the recommender's order, or in the stable one if the recommender fails."""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from prometheus_client import Counter

from garden.errors import RefusedError
from garden.models import Image, Kiosk, Visitor
from garden.ops.health import warm_up
from garden.storage.keys import split_emotion
from garden.vocabulary import Emotion, Orientation
from garden.walls.audience import note_mood
from garden.walls.service import zone_for
from recommend.backends.base import RankedImages, Ranking, RankingRequest, RecommenderUnavailableError, VisitorContext
from recommend.evaluation.experiments import choose_arm, recommender_of, serving_recommenders
from recommend.models import Arm, Interaction, Slate
from recommend.write_lock import writing_once


def zone_of(kiosk: Kiosk | None) -> str:
    """The place of a kiosk; empty for a device without a key."""
    return kiosk.place if kiosk else ""


logger = logging.getLogger(__name__)
GARDENS = Counter("garden_gardens", "Gardens requested, by who ordered them.", ["order"])

STABLE_ORDER = ("stable order", "1")
HISTORY_LENGTH = 200
"""Number of a visitor's latest interactions from which seen pictures are read."""


class EmotionNeededError(RefusedError):
    """The request has no emotion, and the visitor's last one is unknown."""

    code = "emotion_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GardenRequest:
    """A kiosk's request. Empty strings are missing values; `emotion` may include a favorite (`calm/cat`).

    `continues` is the recommendation id of an earlier response whose order is continued. With `shown`, the keys that
    the client has shown so far, a new order follows it instead: shown pictures come last, as seen ones do.
    """

    visitor_id: str = ""
    emotion: str = ""
    generation: str = ""
    gender: str = ""
    start: int = 0
    limit: int | None = None
    continues: uuid.UUID | None = None
    shown: Sequence[str] = ()

    @property
    def pages(self) -> uuid.UUID | None:
        """The recommendation whose order is asked for again."""
        return None if self.shown else self.continues


@dataclass(frozen=True, slots=True)
class RecommendedGarden:
    """One page of each orientation, best first; `recommender` is the name and version of the one that ordered it."""

    recommendation_id: uuid.UUID
    ranking: Ranking
    personalized: bool
    recommender: tuple[str, str]
    arm: Arm = Arm.CHAMPION

    def from_image(self, start: int) -> Self:
        """The same garden without the first `start` images of each orientation."""
        images = {orientation: found.from_image(start) for orientation, found in self.ranking.images.items()}
        return replace(self, ranking=replace(self.ranking, images=images))


def recommend_garden(*, request: GardenRequest, kiosk: Kiosk | None = None) -> RecommendedGarden:
    """Order the serving images for a visitor and log what came first.

    Raises EmotionNeededError when neither the request nor the visitor names an emotion.
    """
    visitor = Visitor.objects.filter(pk=request.visitor_id).first() if request.visitor_id else None
    context = _context(request, visitor, zone_of(kiosk))
    ranking_request = _ranking_request(request, context)
    note_mood(zone_for(kiosk), request.visitor_id, ranking_request.emotion)
    garden = _order(context, ranking_request)
    if request.pages is None:
        _log(garden, context, visitor, ranking_request, kiosk, request.continues)
    return garden.from_image(request.start)


def _context(request: GardenRequest, visitor: Visitor | None, zone: str) -> VisitorContext:
    """The request's values, and for missing ones those of the visitor's last reading."""
    known = visitor or Visitor(id=request.visitor_id)
    pseudonym, seen = (None, ()) if visitor is None else _history(visitor, request.pages)
    return VisitorContext(
        id=request.visitor_id,
        generation=request.generation or known.generation,
        gender=request.gender or known.gender,
        emotion=known.emotion,
        zone=zone,
        hour=timezone.localtime().hour,
        pseudonym=pseudonym,
        seen=tuple(dict.fromkeys((*seen, *_ids_of(request.shown)))),
    )


def _history(visitor: Visitor, pages: uuid.UUID | None) -> tuple[int | None, tuple[int, ...]]:
    """The visitor's pseudonym and the images seen, oldest first; to page through an order, those seen before it."""
    interactions = Interaction.objects.of_visitor(visitor).latest_first()
    slate = Slate.objects.only("created_at").filter(pk=pages).first() if pages else None
    if slate is not None:
        interactions = interactions.filter(created_at__lt=slate.created_at)
    rows = list(interactions.values_list("pseudonym", "impressions")[:HISTORY_LENGTH])
    shown = (impression["images"] for _, impressions in rows for impression in impressions)
    latest_first = dict.fromkeys(image for images in shown for image in reversed(images))
    return (rows[0][0] if rows else None), tuple(reversed(latest_first))


def _ids_of(keys: Sequence[str]) -> list[int]:
    found = Image.objects.only("id", "key").by_key_or_url(keys)
    return list(dict.fromkeys(found[key].pk for key in keys if key in found))


def _ranking_request(request: GardenRequest, context: VisitorContext) -> RankingRequest:
    emotion, favorite = split_emotion(request.emotion or context.emotion)
    if not emotion:
        raise EmotionNeededError("Name an emotion: the visitor's last one is unknown.", field="emotion")
    limit = min(request.limit or settings.GARDEN_MAX_IMAGES, settings.GARDEN_MAX_IMAGES)
    seed = request.pages or uuid.uuid4()
    return RankingRequest(emotion, favorite or None, count=request.start + limit, seed=seed.int)


def _order(context: VisitorContext, ranking_request: RankingRequest) -> RecommendedGarden:
    arm = Arm.CHAMPION
    if ranking_request.emotion not in set(Emotion):  # As in `/gardenfromDB`: no pictures.
        return _stable_order(ranking_request, arm)
    if warm_up.is_under_way():  # A ranking would wait for it.
        GARDENS.labels("warming").inc()
        return _stable_order(ranking_request, arm)
    try:
        arm = choose_arm(visitor_id=context.id, seed=ranking_request.seed)
        recommender = recommender_of(arm)
        ranking = recommender.rank(context, ranking_request)
        recommender = ranking.fallback or recommender
    except Exception:
        logger.exception("The recommender failed; the visitor gets the stable order.")
        GARDENS.labels("stable").inc()
        return _stable_order(ranking_request, arm)
    GARDENS.labels(arm).inc()
    return RecommendedGarden(
        uuid.UUID(int=ranking_request.seed), ranking, True, (recommender.name, recommender.version), arm
    )


def _stable_order(ranking_request: RankingRequest, arm: Arm) -> RecommendedGarden:
    """Newest first. Nothing is random, so every propensity is 1."""
    garden = Image.objects.serving().of_emotion(ranking_request.emotion, ranking_request.favorite).newest_first()
    found = garden.keys_by_orientation(0, ranking_request.count)
    images = {
        Orientation(orientation): RankedImages(keys, [0.0] * len(keys), [1.0] * len(keys))
        for orientation, keys in found.items()
    }
    return RecommendedGarden(uuid.UUID(int=ranking_request.seed), Ranking(images), False, STABLE_ORDER, arm)


def _log(
    garden: RecommendedGarden,
    context: VisitorContext,
    visitor: Visitor | None,
    ranking_request: RankingRequest,
    kiosk: Kiosk | None,
    follows: uuid.UUID | None,
) -> None:
    """Store the slate. A failure of the log does not fail the response."""
    if ranking_request.emotion not in set(Emotion):
        return
    name, version = garden.recommender
    slate = Slate(
        id=garden.recommendation_id,
        visitor=visitor,
        group=context.group,
        kiosk=kiosk,
        emotion=ranking_request.emotion,
        favorite=ranking_request.favorite or "",
        zone=context.zone,
        arm=garden.arm,
        recommender=name,
        version=version,
        reference=garden.ranking.reference,
        personalized=garden.personalized,
        follows=follows,
    )
    slate.fill_from(garden.ranking)
    try:
        with writing_once():
            slate.save(force_insert=True)
    except DatabaseError:
        logger.exception("Slate %s could not be stored.", slate.pk)


RETRY_SECONDS = 2.0


def warm_up_recommenders() -> None:
    """Load what the first ranking needs, as soon as the database is available.

    A recommender that cannot be warmed up for another reason does not stop the server.
    """
    while True:
        try:
            for recommender in serving_recommenders():
                recommender.warm_up()
        except (DatabaseError, RecommenderUnavailableError) as error:
            logger.warning("The recommender cannot warm up yet (%s).", type(error).__name__)
            time.sleep(RETRY_SECONDS)
            close_old_connections()
        except Exception:
            logger.exception("The recommender could not warm up; it tries again with the first request.")
            return
        else:
            return
