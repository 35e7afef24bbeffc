"""The audience's mood: how many visitors of the last minutes were of which mood, where there were enough of them."""

import base64
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import DatabaseError
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from garden.models import MoodSighting, Zone
from garden.vocabulary import Emotion

logger = logging.getLogger(__name__)

ALIKE = 3
"""A mood that fewer visitors share is not shown: each of two would know the other's."""
KEPT = timedelta(minutes=120)
NOBODY = Q(pk__in=[])
_SALT = "garden.walls.crowd"


def note_mood(zone: Zone | None, visitor_id: str, emotion: str) -> None:
    """Remember a visitor's latest mood where the walls follow the audience, and nowhere else.

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
    return _moods([zone], now).get(zone.pk, {})


def shown_sightings(now: datetime) -> QuerySet[MoodSighting]:
    """Of all zones, what `moods` counts, and nothing that it keeps to itself."""
    zones = list(Zone.objects.filter(follows_crowd=True))
    shown = _moods(zones, now)
    kept = [_lately(zone, now) & Q(emotion__in=shown[zone.pk]) for zone in zones if zone.pk in shown]
    return MoodSighting.objects.filter(reduce(or_, kept, NOBODY))


def _moods(zones: Sequence[Zone], now: datetime) -> dict[int, dict[str, int]]:
    """By zone, in one query for all of them."""
    followed = {zone.pk: zone for zone in zones if zone.follows_crowd}
    sightings = MoodSighting.objects.filter(reduce(or_, (_lately(zone, now) for zone in followed.values()), NOBODY))
    found: dict[int, dict[str, int]] = {}
    for zone, emotion, visitors in sightings.values_list("zone", "emotion").annotate(Count("pk")).order_by("emotion"):
        found.setdefault(zone, {})[emotion] = visitors
    return {
        zone: _enough_of(counts) for zone, counts in found.items() if sum(counts.values()) >= followed[zone].crowd_least
    }


def _enough_of(counts: Mapping[str, int]) -> dict[str, int]:
    return {emotion: visitors for emotion, visitors in counts.items() if visitors >= ALIKE}


def _lately(zone: Zone, now: datetime) -> Q:
    return Q(zone=zone, at__gt=now - timedelta(minutes=zone.crowd_minutes), at__lte=now)


def slots_by_mood(visitors: Mapping[str, int], places: int) -> dict[str, int]:
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


def sightings_of(visitor_id: str) -> QuerySet[MoodSighting]:
    """What is kept of this visitor's mood, at every zone that has any."""
    zones = Zone.objects.filter(sightings__isnull=False).distinct()
    return MoodSighting.objects.filter(mark__in=[_mark(zone, visitor_id) for zone in zones])


def _mark(zone: Zone, visitor_id: str) -> str:
    """Tells the visitors of a zone apart, and one of its visitors from the same one elsewhere."""
    digest = salted_hmac(_SALT, f"{zone.pk} {visitor_id}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
