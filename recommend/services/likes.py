"""A like, a dislike, or "none of these": kept once, counted once, learned from at once.

A look is a run of interactions of one visitor about the same impression: liking two of three pictures, or changing
one's mind, is still one look. The look ends when the impression changes, when the visitor's group is read anew, when
a picture liked in it is liked again, or after LOOK_SECONDS.
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
from recommend.backends.base import Feedback, Recommender, VisitorContext
from recommend.bandit.context import UNKNOWN_GROUP, group_of
from recommend.evaluation.experiments import learners
from recommend.features import days_since, seconds_of
from recommend.models import ImageRate, Interaction, Kind, Ledger, Slate
from recommend.models.slate import LOOK_SECONDS
from recommend.services.gardens import zone_of
from recommend.write_lock import writing

NO_PLACE = -1
Look = dict[str, Any]
"""`{"look": id, "images": [id, …], "positions": [place or NO_PLACE, …], "days": [days, …], "liked": [id, …]}`"""


def run_of(new: Interaction, recent: Sequence[Interaction]) -> list[Interaction]:
    """The interactions of the look that the new one goes on with, latest first; empty if it begins another.

    `recent` are this visitor's interactions of the last LOOK_SECONDS, latest first.
    """
    run = list(takewhile(lambda row: row.impression == new.impression and row.group == new.group, recent))
    return [] if _is_liked_again(new, run) else run


def exposures(new: Interaction, shown: Mapping[int, int], run: Sequence[Interaction]) -> list[int]:
    """Ids of the images whose `shown` the new interaction raises, ascending.

    `shown` are the places of the images it is about. The look at an image whose like is taken back was
    counted with that like.
    """
    counted = {image for row in run for image in row.exposed}
    if new.takes_back_id is not None and new.image_id is not None:
        counted.add(new.image_id)
    return sorted(set(shown) - counted)


def looks_of(new: Interaction, shown: Mapping[int, int], run: Sequence[Interaction]) -> list[Look]:
    """What the new interaction says: its look as it is now, and the earlier look of a like it takes back."""
    images = list(shown)
    look = next((look for row in run for look in row.looks if look["images"] == images), None)
    earlier = None if new.takes_back is None else _look_with(new, new.takes_back)
    if earlier is not None and (look is None or earlier["look"] != look["look"]):
        others = {image: place for image, place in shown.items() if image != new.image_id}
        began = look or _begin(new, others)
        return [told for told in (began, _answered(earlier, new)) if told["images"]]
    told = _answered(look or _begin(new, shown), new)
    return [told] if told["images"] else []


def with_days(look: Look, new: Interaction, published: Mapping[int, datetime | None]) -> Look:
    """How old its pictures are when it begins; told again, it keeps what it said."""
    if look["look"] != new.sequence:
        return look
    seconds = [seconds_of(published[image]) for image in look["images"]]
    return {**look, "days": days_since(seconds, new.created_at).tolist()}


def _begin(new: Interaction, shown: Mapping[int, int]) -> Look:
    return {"look": new.sequence, "images": list(shown), "positions": list(shown.values()), "liked": []}


def _answered(look: Look, new: Interaction) -> Look:
    liked = {image for image in look["liked"] if image != new.image_id or new.kind == Kind.SEEN}
    if new.kind == Kind.LIKE and new.image_id is not None:
        liked.add(new.image_id)
    return {**look, "liked": sorted(liked)}


def _look_with(new: Interaction, like: Interaction) -> Look | None:
    """The look in which the like was said, as it was last told."""
    began = next((look["look"] for look in like.looks if like.image_id in look["liked"]), None)
    told = Interaction.objects.filter(visitor=new.visitor, sequence__gte=like.sequence).latest_first()
    rows = told.values_list("looks", flat=True)
    return next((look for looks in rows for look in looks if look["look"] == began), None)


def _is_liked_again(new: Interaction, run: Sequence[Interaction]) -> bool:
    taken_back = {row.takes_back_id for row in run}
    likes = [row for row in run if row.kind == Kind.LIKE and row.image_id == new.image_id]
    return new.kind == Kind.LIKE and any(row.pk not in taken_back for row in likes)


logger = logging.getLogger(__name__)
SAID = Counter("garden_said", "What visitors said of pictures.", ["kind"])
PSEUDONYM_BITS = 63


class UnknownImageError(GardenError):
    """No image of this key was ever published."""

    code = "unknown_image"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """What a kiosk tells. `item` is None when nothing was chosen; keys may be full URLs."""

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
    """Keep what the visitor said and let the recommender learn it; None if it was told before.

    Holding the visitor's row makes one of several identical requests the first. Raises UnknownImageError.
    """
    named = _known_images(like)
    images = {image.key: image for image in named.values()}
    visitor = Visitor.objects.lock_for_update(like.visitor_id)
    said = _interaction(like, visitor, named, kiosk)
    recent, pseudonym = _said_before(visitor, like.event_id)
    if _was_told_before(said, recent):
        return None
    said.pseudonym = pseudonym
    _take_back(said)
    _append(said, images, recent)
    _learn(said, visitor)
    SAID.labels(said.kind).inc()
    return said


def _known_images(like: Like) -> dict[str, Image]:
    """The images it is about, by the text sent; the withdrawn ones too: they may still be on a screen."""
    asked = [text for text in (*like.impression, like.item) if text is not None]
    published = Image.objects.filter(published_at__isnull=False).only("id", "key", "emotion", "published_at")
    known = published.by_key_or_url(asked)
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
    """As the visitor's face was read; of one never read, as the kiosk said when it asked for the garden."""
    group = group_of(visitor.generation, visitor.gender)
    return slate.group if slate and group == UNKNOWN_GROUP else group


def _slate(recommendation_id: str) -> Slate | None:
    """The slate it answers to. An id that names none (an old client's, a deleted one) costs no like."""
    try:
        known = Slate.objects.only("id", "reference", "group", "emotion", "favorite", "zone")
        return known.filter(pk=uuid.UUID(recommendation_id)).first()
    except ValueError:
        return None


def _was_told_before(new: Interaction, recent: Sequence[Interaction]) -> bool:
    if new.event_id and any(row.event_id == new.event_id for row in recent):
        return True
    window = timezone.now() - timedelta(seconds=settings.LIKE_RETRY_WINDOW_SECONDS)
    about_item = [row for row in recent if row.item_key == new.item_key and row.created_at >= window]
    for row in about_item:
        if row.kind != new.kind:
            return False  # The visitor changed their mind since: this is a new word, not an old one repeated.
        if row.impression == new.impression:
            return True
    return False


def _said_before(visitor: Visitor, event_id: str) -> tuple[list[Interaction], int]:
    """What they said lately, or as this event, latest first; and their pseudonym, their own since their first word."""
    since = timezone.now() - timedelta(seconds=LOOK_SECONDS)
    said = list(Interaction.objects.since_or_last(visitor, since, event_id).latest_first())
    recent = [row for row in said if row.created_at >= since or (event_id and row.event_id == event_id)]
    latest = next(iter(recent or said), None)
    return recent, latest.pseudonym if latest else secrets.randbits(PSEUDONYM_BITS)


def _take_back(dislike: Interaction) -> None:
    """A dislike of what this visitor likes takes that like back."""
    if dislike.kind != Kind.DISLIKE or dislike.visitor is None or dislike.image_id is None:
        return
    likes = Interaction.objects.of_visitor(dislike.visitor).about(dislike.image_id).standing_likes()
    like = likes.latest_first().first()
    if like is not None:
        dislike.takes_back, dislike.taken_back_group = like, like.group


def _places(said: Interaction, images: Mapping[str, Image]) -> dict[int, int]:
    """The place in the impression of each image that it is about."""
    places: dict[int, int] = {}
    for place, key in enumerate(said.impression):
        if key in images:
            places.setdefault(images[key].pk, place)
    if said.image_id is not None:
        places.setdefault(said.image_id, NO_PLACE)
    return places


def _append(said: Interaction, images: Mapping[str, Image], recent: Sequence[Interaction]) -> None:
    """Count it and write it at the ledger's end; the ledger is taken last, and held for a moment only."""
    places = _places(said, images)
    run = run_of(said, recent)
    said.exposed = exposures(said, places, run)
    ImageRate.objects.all().apply(said.rate_changes())
    (said.sequence,) = Ledger.objects.take()
    published = {image.pk: image.published_at for image in images.values()}
    said.looks = [with_days(look, said, published) for look in looks_of(said, places, run)]
    said.save(force_insert=True)


def _learn(said: Interaction, visitor: Visitor) -> None:
    """A recommender that fails costs no like: the interaction is in the ledger."""
    feedback = Feedback(
        visitor=VisitorContext(visitor.id, visitor.generation, visitor.gender, visitor.emotion),
        kind=Kind(said.kind),
        item=said.item_key,
        impression=tuple(said.impression),
        event_id=said.event_id,
        seconds=said.created_at.timestamp(),
        reference=said.slate.reference if said.slate else "",
    )
    try:
        for recommender in learners():
            _teach(recommender, feedback)
    except Exception:
        logger.exception("Interaction %s could not be learned.", said.pk)


def _teach(recommender: Recommender, feedback: Feedback) -> None:
    """What it wrote before it failed is taken back alone."""
    try:
        with transaction.atomic() if recommender.learn_writes else nullcontext():
            recommender.learn(feedback)
    except Exception:
        logger.exception("The recommender %s could not learn.", recommender.name)
