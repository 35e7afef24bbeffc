"""A like, a dislike, or "none of these": kept once, counted once, learned from at once."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from garden.errors import GardenError
from garden.models import Image, Visitor
from garden.storage.keys import key_of
from recommend.backends.base import Feedback, Kind, VisitorContext
from recommend.backends.registry import get_recommender
from recommend.models import Interaction, Slate
from recommend.services.looks import LOOK_SECONDS, exposures
from recommend.turns import writing

logger = logging.getLogger(__name__)


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
def record_like(*, like: Like) -> Interaction | None:
    """Keep what the visitor said and let the recommender learn it; None if it was told before.

    Holding the visitor's row makes one of several identical requests the first. Raises UnknownImageError.
    """
    images = _known_images(like)
    visitor = _hold_visitor(like.visitor_id)
    interaction = _interaction(like, visitor, images)
    recent = list(Interaction.objects.of_visitor(visitor).within(LOOK_SECONDS).latest_first())
    if _was_told_before(interaction, recent):
        return None
    _take_back(interaction)
    interaction.exposed = exposures(interaction, images.values(), recent)
    interaction.save(force_insert=True)
    _learn(interaction, visitor)
    return interaction


def _known_images(like: Like) -> dict[str, int]:
    """Ids by key of the images it is about, the withdrawn ones too: they may still be on a screen."""
    asked = [key_of(text) for text in (*like.impression, like.item) if text is not None]
    published = Image.objects.filter(key__in=asked, published_at__isnull=False)
    known = dict(published.values_list("key", "id"))
    if like.item is not None and key_of(like.item) not in known:
        raise UnknownImageError(f"There is no image {like.item!r}.", itemId=like.item)
    return known


def _hold_visitor(visitor_id: str) -> Visitor:
    """The visitor, made bare if nobody knows them, locked until the transaction ends."""
    while not Visitor.objects.filter(pk=visitor_id).update(last_seen_at=timezone.now()):
        Visitor.objects.bulk_create([Visitor(id=visitor_id)], ignore_conflicts=True)
    return Visitor.objects.get(pk=visitor_id)


def _interaction(like: Like, visitor: Visitor, images: dict[str, int]) -> Interaction:
    item = "" if like.item is None else key_of(like.item)
    sent = like.impression or ([item] if item else [])
    return Interaction(
        visitor=visitor,
        group=_context(visitor).group,
        kind=like.kind,
        image_id=images.get(item),
        item_key=item,
        impression=[key_of(text) if key_of(text) in images else text for text in sent],
        slate=_slate(like.recommendation_id),
        event_id=like.event_id,
    )


def _context(visitor: Visitor) -> VisitorContext:
    return VisitorContext(visitor.id, visitor.generation, visitor.gender, visitor.emotion)


def _slate(recommendation_id: str) -> Slate | None:
    """The slate it answers to. An id that names none (an old client's, a deleted one) costs no like."""
    try:
        return Slate.objects.only("id", "reference").filter(pk=uuid.UUID(recommendation_id)).first()
    except ValueError:
        return None


def _was_told_before(new: Interaction, recent: Sequence[Interaction]) -> bool:
    if new.event_id and Interaction.objects.filter(visitor=new.visitor, event_id=new.event_id).exists():
        return True
    window = timezone.now() - timedelta(seconds=settings.LIKE_RETRY_WINDOW_SECONDS)
    about_item = [row for row in recent if row.item_key == new.item_key and row.created_at >= window]
    for row in about_item:
        if row.kind != new.kind:
            return False  # The visitor changed their mind since: this is a new word, not an old one repeated.
        if row.impression == new.impression:
            return True
    return False


def _take_back(dislike: Interaction) -> None:
    """A dislike of what this visitor likes takes that like back."""
    if dislike.kind != Kind.DISLIKE or dislike.visitor is None or dislike.image_id is None:
        return
    likes = Interaction.objects.of_visitor(dislike.visitor).about(dislike.image_id).standing_likes()
    like = likes.latest_first().first()
    if like is not None:
        dislike.takes_back, dislike.taken_back_group = like, like.group


def _learn(interaction: Interaction, visitor: Visitor) -> None:
    """A recommender that fails costs no like: the interaction stays, `rebuild_rates` counts it."""
    feedback = Feedback(
        visitor=_context(visitor),
        kind=Kind(interaction.kind),
        item=interaction.item_key,
        impression=tuple(interaction.impression),
        changes=interaction.rate_changes(),
        event_id=interaction.event_id,
        seconds=interaction.created_at.timestamp(),
        reference=interaction.slate.reference if interaction.slate else "",
    )
    try:
        with transaction.atomic():
            get_recommender().learn(feedback)
    except Exception:
        logger.exception("The recommender could not learn interaction %s.", interaction.pk)
