"""A like, a dislike, or "none of these": stored once, counted once, learned from at once.

An impression is a run of interactions of one visitor about the same keys: two likes among three pictures, or a like
taken back, are one impression. It ends when the keys or the visitor's group change, when a picture liked in it is
liked again, or after IMPRESSION_SECONDS.
"""

import logging
import secrets
import uuid
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from prometheus_client import Counter

from garden.errors import GardenError
from garden.models import Image, Kiosk, Visitor
from garden.models.webhook import WebhookEvent
from garden.webhooks import record_event
from recommend.backends.base import Feedback, Recommender, VisitorContext
from recommend.bandit.context import UNKNOWN_GROUP, group_of
from recommend.evaluation.experiments import learners
from recommend.features import days_since, seconds_of
from recommend.models import ImageRate, Interaction, Kind, Ledger, Slate
from recommend.models.slate import IMPRESSION_SECONDS
from recommend.services.gardens import zone_of
from recommend.write_lock import writing

NO_PLACE = -1
Impression = dict[str, Any]
"""`{"id": id, "images": [id, …], "positions": [place or NO_PLACE, …], "days": [days, …], "liked": [id, …]}`"""


def run_of(new: Interaction, recent: Sequence[Interaction]) -> list[Interaction]:
    """The interactions of the impression that the new one belongs to, latest first; empty if it begins another.

    `recent` are this visitor's interactions of the last IMPRESSION_SECONDS, latest first.
    """
    run = list(takewhile(lambda row: row.impression == new.impression and row.group == new.group, recent))
    return [] if _is_liked_again(new, run) else run


def exposures(new: Interaction, shown: Mapping[int, int], run: Sequence[Interaction]) -> list[int]:
    """Ids of the images whose `shown` the new interaction raises, ascending.

    `shown` are the positions of its images. The impression of an image whose like is taken back was counted
    with that like.
    """
    counted = {image for row in run for image in row.exposed}
    if new.takes_back_id is not None and new.image_id is not None:
        counted.add(new.image_id)
    return sorted(set(shown) - counted)


def impressions_of(new: Interaction, shown: Mapping[int, int], run: Sequence[Interaction]) -> list[Impression]:
    """The new state of the interaction's impression, and of the earlier impression of a like that it takes back."""
    images = list(shown)
    impression = next((one for row in run for one in row.impressions if one["images"] == images), None)
    earlier = None if new.takes_back is None else _impression_with(new, new.takes_back)
    if earlier is not None and (impression is None or earlier["id"] != impression["id"]):
        others = {image: place for image, place in shown.items() if image != new.image_id}
        began = impression or _begin(new, others)
        return [updated for updated in (began, _answered(earlier, new)) if updated["images"]]
    updated = _answered(impression or _begin(new, shown), new)
    return [updated] if updated["images"] else []


def with_days(impression: Impression, new: Interaction, published: Mapping[int, datetime | None]) -> Impression:
    """Add the age of its pictures when the impression begins; later interactions leave it unchanged."""
    if impression["id"] != new.sequence:
        return impression
    seconds = [seconds_of(published[image]) for image in impression["images"]]
    return {**impression, "days": days_since(seconds, new.created_at).tolist()}


def _begin(new: Interaction, shown: Mapping[int, int]) -> Impression:
    return {"id": new.sequence, "images": list(shown), "positions": list(shown.values()), "liked": []}


def _answered(impression: Impression, new: Interaction) -> Impression:
    liked = {image for image in impression["liked"] if image != new.image_id or new.kind == Kind.SEEN}
    if new.kind == Kind.LIKE and new.image_id is not None:
        liked.add(new.image_id)
    return {**impression, "liked": sorted(liked)}


def _impression_with(new: Interaction, like: Interaction) -> Impression | None:
    """The last state of the impression with this like."""
    began = next((impression["id"] for impression in like.impressions if like.image_id in impression["liked"]), None)
    updated = Interaction.objects.filter(visitor=new.visitor, sequence__gte=like.sequence).latest_first()
    rows = updated.values_list("impressions", flat=True)
    return next((impression for impressions in rows for impression in impressions if impression["id"] == began), None)


def _is_liked_again(new: Interaction, run: Sequence[Interaction]) -> bool:
    taken_back = {row.takes_back_id for row in run}
    likes = [row for row in run if row.kind == Kind.LIKE and row.image_id == new.image_id]
    return new.kind == Kind.LIKE and any(row.pk not in taken_back for row in likes)


logger = logging.getLogger(__name__)
INTERACTIONS = Counter("garden_interactions", "Likes, dislikes and impressions without a like.", ["kind"])
PSEUDONYM_BITS = 63


class UnknownImageError(GardenError):
    """No image of this key was ever published."""

    code = "unknown_image"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A kiosk's request. `item` is None when nothing was chosen; keys may be full URLs."""

    visitor_id: str
    item: str | None
    impression: Sequence[str] = ()
    liked: bool = True
    event_id: str = ""
    recommendation_id: str = ""

    @property
    def kind(self) -> Kind:
        if self.item is None:
            return Kind.SEEN
        return Kind.LIKE if self.liked else Kind.DISLIKE


@writing()
def record_like(*, like: Like, kiosk: Kiosk | None = None) -> Interaction | None:
    """Store the interaction and let the recommender learn it; None if it is a repetition.

    The lock of the visitor's row makes one of several identical requests the first. Raises UnknownImageError.
    """
    named = _known_images(like)
    images = {image.key: image for image in named.values()}
    visitor = Visitor.objects.lock_for_update(like.visitor_id)
    interaction = _interaction(like, visitor, named, kiosk)
    recent, pseudonym = _recent_interactions(visitor, like.event_id)
    if _is_repeated(interaction, recent):
        return None
    interaction.pseudonym = pseudonym
    _take_back(interaction)
    _announce(interaction, kiosk)
    _append(interaction, images, recent)
    _learn(interaction, visitor)
    INTERACTIONS.labels(interaction.kind).inc()
    return interaction


def _known_images(like: Like) -> dict[str, Image]:
    """Its images by the text sent; withdrawn ones too, as they may still be on a screen."""
    texts = [text for text in (*like.impression, like.item) if text is not None]
    columns = ("id", "key", "emotion", "favorite", "published_at")
    published = Image.objects.filter(published_at__isnull=False).only(*columns)
    known = published.by_key_or_url(texts)
    if like.item is not None and like.item not in known:
        raise UnknownImageError(f"There is no image {like.item!r}.", itemId=like.item)
    return known


def _interaction(like: Like, visitor: Visitor, images: Mapping[str, Image], kiosk: Kiosk | None) -> Interaction:
    item = None if like.item is None else images[like.item]
    sent = like.impression or ([like.item] if like.item else [])
    slate = _slate(like.recommendation_id)
    about = item or next(iter(images.values()), None)
    now = timezone.now()
    return Interaction(
        visitor=visitor,
        group=_group(visitor, slate),
        emotion=slate.emotion if slate else about.emotion if about else visitor.emotion,
        favorite=slate.favorite if slate else "",
        hour=timezone.localtime(now).hour,
        zone=slate.zone if slate else zone_of(kiosk),
        kind=like.kind,
        image=item,
        item_key=item.key if item else "",
        impression=[images[text].key if text in images else text for text in sent],
        slate=slate,
        event_id=like.event_id,
        created_at=now,
    )


def _group(visitor: Visitor, slate: Slate | None) -> str:
    """By the visitor's last reading; without one, by the request for the garden."""
    group = group_of(visitor.generation, visitor.gender)
    return slate.group if slate and group == UNKNOWN_GROUP else group


def _slate(recommendation_id: str) -> Slate | None:
    """The slate of the recommendation; None for an unknown id (an old client's, a deleted slate's)."""
    try:
        known = Slate.objects.only("id", "reference", "group", "emotion", "favorite", "zone")
        return known.filter(pk=uuid.UUID(recommendation_id)).first()
    except ValueError:
        return None


def _is_repeated(new: Interaction, recent: Sequence[Interaction]) -> bool:
    if new.event_id and any(row.event_id == new.event_id for row in recent):
        return True
    window = timezone.now() - timedelta(seconds=settings.LIKE_RETRY_WINDOW_SECONDS)
    about_item = [row for row in recent if row.item_key == new.item_key and row.created_at >= window]
    for row in about_item:
        if row.kind != new.kind:
            return False  # The visitor changed their mind since: not a repetition.
        if row.impression == new.impression:
            return True
    return False


def _recent_interactions(visitor: Visitor, event_id: str) -> tuple[list[Interaction], int]:
    """Recent interactions and those of this event, latest first; and the visitor's pseudonym, or a new one."""
    since = timezone.now() - timedelta(seconds=IMPRESSION_SECONDS)
    rows = list(Interaction.objects.since_or_last(visitor, since, event_id).latest_first())
    recent = [row for row in rows if row.created_at >= since or (event_id and row.event_id == event_id)]
    latest = next(iter(recent or rows), None)
    return recent, latest.pseudonym if latest else secrets.randbits(PSEUDONYM_BITS)


def _take_back(dislike: Interaction) -> None:
    """A dislike of what this visitor likes takes that like back."""
    if dislike.kind != Kind.DISLIKE or dislike.visitor is None or dislike.image_id is None:
        return
    likes = Interaction.objects.standing_likes().filter(visitor=dislike.visitor, image=dislike.image_id)
    like = likes.latest_first().first()
    if like is not None:
        dislike.takes_back, dislike.taken_back_group = like, like.group


def _announce(interaction: Interaction, kiosk: Kiosk | None) -> None:
    """To webhooks: nothing of the visitor."""
    image = interaction.image
    if interaction.kind == Kind.LIKE and image is not None:
        liked = {"key": image.key, "emotion": image.emotion_path, "kiosk": kiosk.name if kiosk else ""}
        record_event(WebhookEvent.PICTURE_LIKED, liked, interaction.created_at)


def _places(interaction: Interaction, images: Mapping[str, Image]) -> dict[int, int]:
    """The position in the impression of each of its images."""
    places: dict[int, int] = {}
    for place, key in enumerate(interaction.impression):
        if key in images:
            places.setdefault(images[key].pk, place)
    if interaction.image_id is not None:
        places.setdefault(interaction.image_id, NO_PLACE)
    return places


def _append(interaction: Interaction, images: Mapping[str, Image], recent: Sequence[Interaction]) -> None:
    """Count it and append it to the ledger, whose lock is taken last and briefly."""
    places = _places(interaction, images)
    run = run_of(interaction, recent)
    interaction.exposed = exposures(interaction, places, run)
    ImageRate.objects.all().apply(interaction.rate_changes())
    (interaction.sequence,) = Ledger.objects.take()
    published = {image.pk: image.published_at for image in images.values()}
    impressions = impressions_of(interaction, places, run)
    interaction.impressions = [with_days(one, interaction, published) for one in impressions]
    interaction.save(force_insert=True)


def _learn(interaction: Interaction, visitor: Visitor) -> None:
    """If a recommender fails, the interaction is still in the ledger."""
    feedback = Feedback(
        visitor=VisitorContext(visitor.id, visitor.generation, visitor.gender, visitor.emotion),
        kind=Kind(interaction.kind),
        item=interaction.item_key,
        impression=tuple(interaction.impression),
        event_id=interaction.event_id,
        seconds=interaction.created_at.timestamp(),
        reference=interaction.slate.reference if interaction.slate else "",
    )
    try:
        for recommender in learners():
            _learn_from(recommender, feedback)
    except Exception:
        logger.exception("Interaction %s could not be learned.", interaction.pk)


def _learn_from(recommender: Recommender, feedback: Feedback) -> None:
    """Only what it wrote itself is rolled back if it fails."""
    try:
        with transaction.atomic() if recommender.learn_writes else nullcontext():
            recommender.learn(feedback)
    except Exception:
        logger.exception("The recommender %s could not learn.", recommender.name)
