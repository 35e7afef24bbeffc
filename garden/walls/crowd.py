"""The mood of a room: how many visitors of the last minutes were of which mood, where there were enough of them."""

import base64
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Count
from django.utils import timezone
from django.utils.crypto import salted_hmac

from garden.models import MoodSighting, Zone
from garden.vocabulary import Emotion

logger = logging.getLogger(__name__)

ALIKE = 3
"""A mood that fewer visitors share is not shown: each of two would know the other's."""
KEPT = timedelta(minutes=120)
_SALT = "garden.walls.crowd"


def note_mood(zone: Zone | None, visitor_id: str, emotion: str) -> None:
    """Remember a visitor's latest mood where the walls follow the crowd, and nowhere else.

    The visitor waits for an answer that is worth more than this: failing to remember is not failing them.
    """
    if zone is None or not zone.follows_crowd or not visitor_id or emotion not in set(Emotion):
        return
    seen = {"emotion": emotion, "at": timezone.now()}
    try:
        MoodSighting.objects.update_or_create(zone=zone, mark=_mark(zone, visitor_id), defaults=seen)
    except DatabaseError:
        logger.exception("A mood at %s could not be remembered.", zone.name)


def moods(zone: Zone, now: datetime) -> Mapping[str, int]:
    """Visitors by mood; none at all where it is not followed, or there are too few to hide among."""
    if not zone.follows_crowd:
        return {}
    lately = zone.sightings.filter(at__gt=now - timedelta(minutes=zone.crowd_minutes), at__lte=now)
    found = dict(lately.values_list("emotion").annotate(Count("pk")).order_by("emotion"))
    if sum(found.values()) < zone.crowd_least:
        return {}
    return {emotion: visitors for emotion, visitors in found.items() if visitors >= ALIKE}


def seats(visitors: Mapping[str, int], places: int) -> dict[str, int]:
    """Places in proportion to the visitors, by the largest remainder (Hamilton); ties go to the larger mood."""
    total = sum(visitors.values())
    exact = {mood: count * places / total for mood, count in visitors.items()}
    shares = {mood: int(share) for mood, share in exact.items()}
    by_rest = sorted(exact, key=lambda mood: (shares[mood] - exact[mood], -visitors[mood], mood))
    for mood in by_rest[: places - sum(shares.values())]:
        shares[mood] += 1
    return shares


def forget_sightings(now: datetime) -> int:
    """Looked for before it is deleted: on SQLite a deletion of nothing is a write all the same."""
    old = MoodSighting.objects.filter(at__lte=now - KEPT)
    return old.delete()[0] if old.exists() else 0


def _mark(zone: Zone, visitor_id: str) -> str:
    """Tells the visitors of a zone apart, and one of its visitors from the same one elsewhere."""
    digest = salted_hmac(_SALT, f"{zone.pk} {visitor_id}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
