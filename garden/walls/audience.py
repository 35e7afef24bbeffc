"""The audience's mood: how many visitors of the last minutes were of which mood, where there were enough of them.

It is in the cache that all processes share, for two hours at most: in no table, and in no backup.
"""

import base64
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

from garden.models import Zone
from garden.vocabulary import Emotion

Sightings = dict[str, tuple[str, datetime]]
"""The latest mood of each visitor and its time, by a random, anonymous mark of each visitor."""
ENOUGH_ALIKE = 3
"""A mood that fewer visitors share is not shown: each of two would know the other's."""
KEPT = timedelta(minutes=120)
_SALT = "garden.walls.audience"


def note_mood(zone: Zone | None, visitor_id: str, emotion: str) -> None:
    """Remember a visitor's latest mood where the walls follow the audience, and nowhere else.

    Of two visitors within the same millisecond one may be lost: it is an estimate of a room.
    """
    if zone is None or not zone.follows_audience or not visitor_id or emotion not in set(Emotion):
        return
    now = timezone.now()
    _store(zone, _lately(zone, now) | {_mark(zone, visitor_id): (emotion, now)})


def moods(zone: Zone, now: datetime) -> Mapping[str, int]:
    """Visitors by mood; none at all where it is not followed, or there are too few to hide among."""
    if not zone.follows_audience:
        return {}
    since = now - timedelta(minutes=zone.audience_minutes)
    visitors = Counter(emotion for emotion, at in _lately(zone, now).values() if since < at <= now)
    if visitors.total() < zone.audience_minimum:
        return {}
    return {emotion: count for emotion, count in sorted(visitors.items()) if count >= ENOUGH_ALIKE}


def slots_by_mood(visitors: Mapping[str, int], places: int) -> dict[str, int]:
    """Places in proportion to the visitors, by the largest remainder (Hamilton); ties go to the larger mood."""
    total = sum(visitors.values())
    exact = {mood: count * places / total for mood, count in visitors.items()}
    shares = {mood: int(share) for mood, share in exact.items()}
    by_rest = sorted(exact, key=lambda mood: (shares[mood] - exact[mood], -visitors[mood], mood))
    for mood in by_rest[: places - sum(shares.values())]:
        shares[mood] += 1
    return shares


def forget_old_moods(now: datetime) -> None:
    """Of all zones; entries of the cache alone would last for two hours after the latest visitor of each."""
    for zone in Zone.objects.filter(follows_audience=True):
        lately = _lately(zone, now)
        if len(lately) < len(_sightings(zone)):
            _store(zone, lately)


def forget_moods_of(visitor_id: str) -> None:
    for zone in Zone.objects.all():
        sightings = _sightings(zone)
        if sightings.pop(_mark(zone, visitor_id), None):
            _store(zone, sightings)


def moods_of(visitor_id: str) -> list[dict[str, Any]]:
    """What is kept of this visitor's mood, at every zone that has any."""
    seen = [(zone, _sightings(zone).get(_mark(zone, visitor_id))) for zone in Zone.objects.all()]
    return [{"zone": zone.name, "emotion": found[0], "at": found[1]} for zone, found in seen if found]


def _lately(zone: Zone, now: datetime) -> Sightings:
    return {mark: (emotion, at) for mark, (emotion, at) in _sightings(zone).items() if at > now - KEPT}


def _sightings(zone: Zone) -> Sightings:
    found: Sightings = cache.get(f"moods.{zone.pk}", {})
    return found


def _store(zone: Zone, sightings: Sightings) -> None:
    cache.set(f"moods.{zone.pk}", sightings, KEPT.total_seconds())


def _mark(zone: Zone, visitor_id: str) -> str:
    """A mark that distinguishes visitors within a zone, and differs between zones."""
    digest = salted_hmac(_SALT, f"{zone.pk} {visitor_id}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
