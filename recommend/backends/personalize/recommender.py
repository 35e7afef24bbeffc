"""The Personalize recommender: options, requests, and gardens from responses."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import cache

from garden.backends import build_backend
from garden.broker import enqueue
from garden.errors import GardenError, MisconfiguredError
from garden.models import Image
from garden.storage.keys import join_emotion
from garden.vocabulary import Orientation
from recommend.backends.base import (
    Feedback,
    Kind,
    RankedImages,
    Ranking,
    RankingRequest,
    Recommender,
    RecommenderUnavailableError,
    VisitorContext,
)
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.personalize import delivery
from recommend.backends.personalize.client import VISITORS_SERVICE, PersonalizeClient
from recommend.backends.personalize.delivery import ID_MAX_LENGTH, context_of, event_of, filter_value
from recommend.backends.registry import get_embedded
from recommend.models import OutgoingEvent

logger = logging.getLogger(__name__)

CONTEXT_FIELDS = ("GENERATION", "GENDER", "EMOTION")
NOBODY = "nobody"
_FAVORITES_SECONDS = 60.0


def _of_site(name: str) -> Any:
    return field(default_factory=lambda: settings.PERSONALIZE[name])


@dataclass(frozen=True, kw_only=True)
class PersonalizeRecommender(Recommender):
    """Orders by a campaign or a domain recommender; sends interactions to an event tracker.

    ARNs and the tracking id are the site's (settings.PERSONALIZE) unless given. `filter_arn` names a filter
    `INCLUDE ItemID WHERE Items.EMOTION IN ($EMOTION)`, whose parameter is `filter_parameter`. `context_fields`
    are those of GENERATION, GENDER, EMOTION that the interactions schema has. Event types: the names of a like, a
    dislike and "seen, none liked" there; an empty one is not sent. Times in seconds: a visitor waits for `deadline` at
    most, then the embedded recommender orders the garden. After `breaker_failures` in a row it orders all gardens,
    except one each `breaker_seconds`, until a request succeeds; all processes share this count. `connect_timeout`,
    `read_timeout` and `attempts` are those of workers.
    """

    name: ClassVar[str] = "personalize"
    version: ClassVar[str] = "1"

    campaign: str = _of_site("campaign")
    recommender: str = _of_site("recommender")
    tracking_id: str = _of_site("tracking_id")
    filter_arn: str = _of_site("filter_arn")
    users_dataset: str = _of_site("users_dataset")
    items_dataset: str = _of_site("items_dataset")
    filter_parameter: str = "EMOTION"
    context_fields: Sequence[str] = ()
    like_event: str = "click"
    dislike_event: str = "dislike"
    seen_event: str = ""
    results: int = 100
    region: str = ""
    endpoint_url: str = ""
    connect_timeout: float = 1.0
    read_timeout: float = 2.0
    attempts: int = 3
    deadline: float = 1.0
    breaker_failures: int = 3
    breaker_seconds: float = 30.0
    client: PersonalizeClient = field(init=False, compare=False, repr=False)
    _favorites: dict[str, tuple[float, list[str]]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._check_options()
        options = {each.name: getattr(self, each.name) for each in fields(PersonalizeClient)}
        object.__setattr__(self, "client", PersonalizeClient(**options))
        object.__setattr__(self, "_favorites", {})

    @property
    def fallback(self) -> EmbeddedRecommender:
        """It orders the gardens that the service does not."""
        return get_embedded()

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        garden = Image.objects.serving().of_emotion(request.emotion, request.favorite)
        if not garden.exists():
            return Ranking({orientation: RankedImages() for orientation in Orientation})
        failures = self._failures()
        if failures >= self.breaker_failures and not cache.add(self._key("pause"), True, self.breaker_seconds):
            return self._rank_by_fallback(visitor, request)
        try:
            answer = self._request(visitor, request)
        except GardenError as error:
            cache.set(self._key("failures"), failures + 1, timeout=None)
            cache.set(self._key("pause"), True, self.breaker_seconds)
            logger.warning("Personalize failed; the embedded recommender orders this garden: %s", error.detail)
            return self._rank_by_fallback(visitor, request)
        if failures:
            cache.delete(self._key("failures"))
        scores = {found["itemId"]: float(found.get("score", 0.0)) for found in answer["itemList"] if "itemId" in found}
        known = dict(garden.filter(key__in=scores).values_list("key", "orientation"))
        images = {}
        for side in Orientation:
            first = [key for key in scores if known.get(key) == side][: request.count]
            rest = garden.filter(orientation=side).exclude(key__in=first).newest_first().values_list("key", flat=True)
            keys = [*first, *rest[: request.count - len(first)]]
            images[side] = RankedImages(keys, [scores.get(key, 0.0) for key in keys])
        return Ranking(images, answer.get("recommendationId", ""))

    def _rank_by_fallback(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        fallback = self.fallback
        return replace(fallback.rank(visitor, request), fallback=fallback)

    def learn(self, feedback: Feedback) -> None:
        """Into the outbox, with the interaction; a worker gets a message after the commit."""
        self.fallback.learn(feedback)
        kinds = {Kind.LIKE: self.like_event, Kind.DISLIKE: self.dislike_event, Kind.SEEN: self.seen_event}
        if not self.tracking_id or not (event_type := kinds[feedback.kind]):
            return
        event = event_of(feedback, event_type, context_of(feedback.visitor, self.context_fields))
        too_long = f"The key has more than {ID_MAX_LENGTH} characters." if len(feedback.item) > ID_MAX_LENGTH else ""
        OutgoingEvent.objects.create(visitor_id=feedback.visitor.id, payload=event, refused_because=too_long)
        enqueue("recommend.tasks.deliver_events")

    def warm_up(self) -> None:
        self.client.prepare(VISITORS_SERVICE)
        self.fallback.warm_up()

    def save_state(self) -> None:
        """Send waiting events, then changed users and items."""
        self.fallback.save_state()
        self.deliver()
        for kind, dataset in self.datasets():
            for key, because in delivery.copy_changed(self.client, kind, dataset).refused.items():
                logger.error("Personalize refused %s of %s for good: %s", key, kind.name, because)

    def deliver(self) -> delivery.Delivered:
        """Send the events that are due."""
        if not self.tracking_id:
            return delivery.Delivered()
        return delivery.deliver(self.client, self.tracking_id)

    def datasets(self) -> list[tuple[delivery.DatasetKind[Any], str]]:
        """Copied kinds of rows and their datasets."""
        named: list[tuple[delivery.DatasetKind[Any], str]] = [
            (delivery.USERS, self.users_dataset),
            (delivery.ITEMS, self.items_dataset),
        ]
        return [(kind, dataset) for kind, dataset in named if dataset]

    def check(self) -> None:
        """By earlier requests: a check sends none, since each is paid for."""
        if self._failures() >= self.breaker_failures and cache.get(self._key("pause")):
            raise RecommenderUnavailableError("Personalize failed recently; requests are paused.")

    def _failures(self) -> int:
        failures: int = cache.get(self._key("failures"), 0)
        return failures

    def _key(self, name: str) -> str:
        return f"personalize.{name}.{self.campaign or self.recommender}"

    def _request(self, visitor: VisitorContext, request: RankingRequest) -> dict[str, Any]:
        """Raises a branch of GardenError."""
        parameters: dict[str, Any] = {"userId": visitor.id or NOBODY, "numResults": self.results}
        parameters |= {"campaignArn": self.campaign} if self.campaign else {"recommenderArn": self.recommender}
        if context := context_of(visitor, self.context_fields):
            parameters["context"] = context
        if self.filter_arn:
            value = filter_value(self._emotions(request))
            parameters |= {"filterArn": self.filter_arn, "filterValues": {self.filter_parameter: value}}
        return self.client.call(VISITORS_SERVICE, "get_recommendations", **parameters)

    def _emotions(self, request: RankingRequest) -> list[str]:
        """Values of the items' EMOTION: one favorite, or the emotion and all its favorites."""
        if request.favorite is not None:
            return [join_emotion(request.emotion, request.favorite)]
        read_at, favorites = self._favorites.get(request.emotion, (0.0, []))
        if not read_at or time.monotonic() - read_at > _FAVORITES_SECONDS:
            serving = Image.objects.serving().of_emotion(request.emotion)
            favorites = sorted(serving.values_list("favorite", flat=True).distinct())
            self._favorites[request.emotion] = (time.monotonic(), favorites)
        return [join_emotion(request.emotion, favorite) for favorite in favorites]

    def _check_options(self) -> None:
        if bool(self.campaign) == bool(self.recommender):
            raise MisconfiguredError(
                "PersonalizeRecommender: name a campaign or a recommender by its ARN, one of them."
            )
        unknown = sorted(set(self.context_fields) - set(CONTEXT_FIELDS))
        if unknown:
            raise MisconfiguredError(f"PersonalizeRecommender: unknown context_fields {unknown}; {CONTEXT_FIELDS}.")
        if not 1 <= self.results <= 500 or self.attempts < 1 or self.deadline <= 0:
            raise MisconfiguredError(
                "PersonalizeRecommender: results are 1 to 500, attempts at least 1, deadline above 0."
            )


def site_personalize() -> PersonalizeRecommender:
    """The champion or the challenger of the settings, whichever is Personalize. Raises MisconfiguredError."""
    for setting in ("RECOMMENDER", "RECOMMENDER_CHALLENGER"):
        entry = getattr(settings, setting)
        if entry.get("BACKEND"):
            found = build_backend(setting, entry, Recommender)
            if isinstance(found, PersonalizeRecommender):
                return found
    raise MisconfiguredError("Neither RECOMMENDER nor RECOMMENDER_CHALLENGER is Personalize.")
