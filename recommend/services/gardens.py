"""A garden for a visitor: the recommender's order, or the stable one when it cannot answer."""

import logging
import time
import uuid
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
    """The place of a kiosk; a device that is no kiosk stands nowhere."""
    return kiosk.place if kiosk else ""


logger = logging.getLogger(__name__)
GARDENS = Counter("garden_gardens", "Gardens that were asked for, by who ordered them.", ["order"])

STABLE_ORDER = ("stable order", "1")
REMEMBERED = 200
"""How many of a visitor's latest interactions tell what they have seen."""


class EmotionNeededError(RefusedError):
    """Nobody said which emotion, and the visitor's last one is not known."""

    code = "emotion_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GardenRequest:
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
    arm: Arm = Arm.CHAMPION

    def from_image(self, start: int) -> Self:
        """The same garden without the first `start` images of each orientation."""
        images = {orientation: found.from_image(start) for orientation, found in self.ranking.images.items()}
        return replace(self, ranking=replace(self.ranking, images=images))


def recommend_garden(*, request: GardenRequest, kiosk: Kiosk | None = None) -> Garden:
    """Order the serving images for a visitor and log what came first.

    Raises EmotionNeededError when neither the request nor the visitor names an emotion.
    """
    visitor = Visitor.objects.filter(pk=request.visitor_id).first() if request.visitor_id else None
    context = _context(request, visitor, zone_of(kiosk))
    ranking_request = _ranking_request(request, context)
    note_mood(zone_for(kiosk), request.visitor_id, ranking_request.emotion)
    garden = _order(context, ranking_request)
    if request.continues is None:
        _log(garden, context, visitor, ranking_request, kiosk)
    return garden.from_image(request.start)


def _context(request: GardenRequest, visitor: Visitor | None, zone: str) -> VisitorContext:
    """What the kiosk says now, and where it is silent what was read from the visitor's face."""
    known = visitor or Visitor(id=request.visitor_id)
    pseudonym, seen = (None, ()) if visitor is None else _history(visitor, request.continues)
    return VisitorContext(
        id=request.visitor_id,
        generation=request.generation or known.generation,
        gender=request.gender or known.gender,
        emotion=known.emotion,
        zone=zone,
        hour=timezone.localtime().hour,
        pseudonym=pseudonym,
        seen=seen,
    )


def _history(visitor: Visitor, continues: uuid.UUID | None) -> tuple[int | None, tuple[int, ...]]:
    """The visitor's pseudonym and what they have seen, long ago first; to page on, what they had seen before."""
    said = Interaction.objects.of_visitor(visitor).latest_first()
    slate = Slate.objects.only("created_at").filter(pk=continues).first() if continues else None
    if slate is not None:
        said = said.filter(created_at__lt=slate.created_at)
    rows = list(said.values_list("pseudonym", "looks")[:REMEMBERED])
    latest_first = dict.fromkeys(image for _, looks in rows for look in looks for image in reversed(look["images"]))
    return (rows[0][0] if rows else None), tuple(reversed(latest_first))


def _ranking_request(request: GardenRequest, context: VisitorContext) -> RankingRequest:
    emotion, favorite = split_emotion(request.emotion or context.emotion)
    if not emotion:
        raise EmotionNeededError("Say which emotion: this visitor's last one is not known.", field="emotion")
    limit = min(request.limit or settings.GARDEN_MAX_IMAGES, settings.GARDEN_MAX_IMAGES)
    seed = request.continues or uuid.uuid4()
    return RankingRequest(emotion, favorite or None, count=request.start + limit, seed=seed.int)


def _order(context: VisitorContext, ranking_request: RankingRequest) -> Garden:
    recommendation_id, arm = uuid.UUID(int=ranking_request.seed), Arm.CHAMPION
    if ranking_request.emotion not in set(Emotion):  # As `/gardenfromDB` answers: no pictures, and nothing was chosen.
        return Garden(recommendation_id, _stable_order(ranking_request), False, STABLE_ORDER, arm)
    if warm_up.is_under_way():  # Whoever asked for more would wait until all is read.
        GARDENS.labels("warming").inc()
        return Garden(recommendation_id, _stable_order(ranking_request), False, STABLE_ORDER, arm)
    try:
        arm = choose_arm(visitor_id=context.id, seed=ranking_request.seed)
        recommender = recommender_of(arm)
        ranking = recommender.rank(context, ranking_request)
        recommender = ranking.fallback or recommender
    except Exception:
        logger.exception("The recommender failed; the visitor gets the stable order.")
        GARDENS.labels("stable").inc()
        return Garden(recommendation_id, _stable_order(ranking_request), False, STABLE_ORDER, arm)
    GARDENS.labels(arm).inc()
    return Garden(recommendation_id, ranking, True, (recommender.name, recommender.version), arm)


def _stable_order(ranking_request: RankingRequest) -> Ranking:
    """Newest first. Nothing is left to chance, so every propensity is 1."""
    garden = Image.objects.serving().of_emotion(ranking_request.emotion, ranking_request.favorite).newest_first()
    found = garden.keys_by_orientation(0, ranking_request.count)
    return Ranking(
        {
            Orientation(orientation): RankedImages(keys, [0.0] * len(keys), [1.0] * len(keys))
            for orientation, keys in found.items()
        }
    )


def _log(
    garden: Garden,
    context: VisitorContext,
    visitor: Visitor | None,
    ranking_request: RankingRequest,
    kiosk: Kiosk | None,
) -> None:
    """Keep the slate. An answer is worth more than its log: failing to keep it is not failing the visitor."""
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
    )
    slate.fill_from(garden.ranking)
    try:
        with writing_once():
            slate.save(force_insert=True)
    except DatabaseError:
        logger.exception("Slate %s was answered but could not be kept.", slate.pk)


AGAIN_SECONDS = 2.0


def warm_up_recommenders() -> None:
    """Load what the first ranking would wait for, as soon as the database is there.

    A recommender that cannot be warmed up for another reason does not stop the server.
    """
    while True:
        try:
            for recommender in serving_recommenders():
                recommender.warm_up()
        except (DatabaseError, RecommenderUnavailableError) as error:
            logger.warning("The recommender cannot warm up yet (%s).", type(error).__name__)
            time.sleep(AGAIN_SECONDS)
            close_old_connections()
        except Exception:
            logger.exception("The recommender could not warm up; it will try again when it is asked.")
            return
        else:
            return
