"""The Personalize recommender: options, what is asked, and how the answer becomes a garden."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.conf import settings

from garden.backends import build_backend
from garden.breaker import CircuitBreaker, ClosedError
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
_REMEMBER_FAVORITES = 60.0


def _of_site(name: str) -> Any:
    return field(default_factory=lambda: settings.PERSONALIZE[name])


@dataclass(frozen=True, kw_only=True)
class PersonalizeRecommender(Recommender):
    """Orders by a campaign or a domain recommender; tells an event tracker what visitors say.

    ARNs and the tracking id are the site's (settings.PERSONALIZE) unless given. `filter_arn` names a filter
    `INCLUDE ItemID WHERE Items.EMOTION IN ($EMOTION)`, whose parameter is `filter_parameter`. `context_fields`
    are those of GENERATION, GENDER, EMOTION that the interactions schema has. Event types: what a like, a dislike
    and "seen, none liked" are called there; one that is empty is not sent. Times in seconds: a visitor waits for
    `deadline` at most, then, and while the breaker is open, the embedded recommender orders the garden.
    `connect_timeout`, `read_timeout` and `attempts` are those of workers.
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
    breaker: CircuitBreaker = field(init=False, compare=False, repr=False)
    _favorites: dict[str, tuple[float, list[str]]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._check_options()
        client = PersonalizeClient(
            self.region,
            self.endpoint_url,
            self.connect_timeout,
            self.read_timeout,
            self.attempts,
            self.deadline,
        )
        object.__setattr__(self, "client", client)
        object.__setattr__(self, "breaker", CircuitBreaker(self.breaker_failures, self.breaker_seconds))
        object.__setattr__(self, "_favorites", {})

    @property
    def fallback(self) -> EmbeddedRecommender:
        """Who orders gardens that the service does not."""
        return get_embedded()

    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        garden = Image.objects.serving().of_emotion(request.emotion, request.favorite)
        if not garden.exists():
            return Ranking({orientation: RankedImages() for orientation in Orientation})
        try:
            answer = self._ask(visitor, request)
        except ClosedError:
            return self._rank_by_fallback(visitor, request)
        except GardenError as error:
            logger.warning("The embedded recommender orders this garden: %s", error.detail)
            return self._rank_by_fallback(visitor, request)
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

    def keep(self) -> None:
        """Tell the service what it has not heard yet: events, then users and items that changed."""
        self.fallback.keep()
        self.deliver()
        for kind, dataset in self.datasets():
            for key, because in delivery.copy_changed(self.client, kind, dataset).refused.items():
                logger.error("Personalize will never take %s of %s: %s", key, kind.name, because)

    def deliver(self) -> delivery.Delivered:
        """Send the events that are due."""
        if not self.tracking_id:
            return delivery.Delivered()
        return delivery.deliver(self.client, self.tracking_id)

    def datasets(self) -> list[tuple[delivery.DatasetKind[Any], str]]:
        """What is copied, and into which dataset."""
        named: list[tuple[delivery.DatasetKind[Any], str]] = [
            (delivery.USERS, self.users_dataset),
            (delivery.ITEMS, self.items_dataset),
        ]
        return [(kind, dataset) for kind, dataset in named if dataset]

    def check(self) -> None:
        """Costs nothing: the service is not asked, only what earlier calls taught is told."""
        if self.breaker.is_open:
            raise RecommenderUnavailableError("Personalize failed lately; it is asked again after a pause.")

    def _ask(self, visitor: VisitorContext, request: RankingRequest) -> dict[str, Any]:
        """Raises a branch of GardenError; ClosedError where the breaker lets no request through."""
        asked: dict[str, Any] = {"userId": visitor.id or NOBODY, "numResults": self.results}
        asked |= {"campaignArn": self.campaign} if self.campaign else {"recommenderArn": self.recommender}
        if context := context_of(visitor, self.context_fields):
            asked["context"] = context
        if self.filter_arn:
            value = filter_value(self._emotions(request))
            asked |= {"filterArn": self.filter_arn, "filterValues": {self.filter_parameter: value}}
        with self.breaker.passing(Exception):
            return self.client.call(VISITORS_SERVICE, "get_recommendations", **asked)

    def _emotions(self, request: RankingRequest) -> list[str]:
        """As items are marked: one favorite, or the emotion and all favorites under it."""
        if request.favorite is not None:
            return [join_emotion(request.emotion, request.favorite)]
        asked_at, favorites = self._favorites.get(request.emotion, (0.0, []))
        if not asked_at or time.monotonic() - asked_at > _REMEMBER_FAVORITES:
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
