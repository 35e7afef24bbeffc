"""What the clock does for the walls: shows begin and end, pictures take turns, what left the garden leaves the wall."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from garden.models import Hanging, Image, Zone
from garden.models.display import SLOTS, Source
from garden.vocabulary import Orientation
from garden.walls.candidates import lists_of, places_of
from garden.walls.crowd import forget_sightings
from garden.walls.hanging import change_wall
from garden.walls.places import SENT, rests
from garden.walls.programme import Programme, programme_of
from garden.walls.slots import slot_name
from garden.walls.turning import Side

PUNCTUAL = timedelta(seconds=1)
"""The clock rings every few seconds, not to the millisecond."""
LINKS_LAST = timedelta(days=7)
"""After this a wall with souvenir codes is told anew, so that no code on it comes to its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to change in a zone."""

    programme: Programme
    put: Mapping[str, Image] = field(default_factory=dict)
    take: frozenset[str] = frozenset()
    is_due: bool = False


def keep_walls(now: datetime | None = None) -> int:
    """Bring every zone to where it should be now; returns how many changed. Run twice at once it does it once."""
    now = now or timezone.now()
    forget_sightings(now)
    return sum(_keep_wall(zone.pk, now) for zone in _zones() if _plan(zone, now).is_due)


def replace_removed() -> int:
    """Let others take the place of pictures that just left the garden; one small query where none of them hangs."""
    zones = sorted(set(Hanging.objects.removed().order_by().values_list("zone", flat=True)))
    return sum(_keep_wall(zone, timezone.now()) for zone in zones)


@transaction.atomic
def _keep_wall(zone: int, now: datetime) -> bool:
    """Planned again from what is there once the zone is held: somebody may have been quicker."""
    for held in _zones().select_for_update().filter(pk=zone):
        plan = _plan(held, now)
        if plan.is_due:
            source = plan.programme.source if plan.put else Source.KEEPER
            change_wall(held, put=plan.put, take=plan.take, source=source, now=now, programme=plan.programme.name)
        return plan.is_due
    return False


def _zones() -> QuerySet[Zone]:
    """With all that a plan looks at, in as many queries for a hundred zones as for one."""
    seen = ("zone", "number", "orientation", "source", "hung_at", "image__key", "image__state", "image__changed_at")
    hangings = Hanging.objects.select_related("image").only(*seen)
    return Zone.objects.prefetch_related("show_times__playlist", "playlists", Prefetch("hangings", hangings))


def _plan(zone: Zone, now: datetime) -> Plan:
    programme = programme_of(zone, now)
    rows = list(zone.hangings.all())
    gone = {_slot(row) for row in rows if row.image.state != Image.State.SERVING}
    put = {} if programme.is_dark else _next_pictures(zone, programme, now)
    take = frozenset(gone - put.keys())
    is_due = bool(put or take or programme.name != zone.programme or _is_outdated(zone, rows, now))
    return Plan(programme, put, take, is_due)


def _next_pictures(zone: Zone, programme: Programme, now: datetime) -> dict[str, Image]:
    return {
        slot_name(orientation, number): image
        for orientation in Orientation
        for number, image in _next_of_side(zone, programme, orientation, now).items()
    }


def _next_of_side(zone: Zone, programme: Programme, orientation: str, now: datetime) -> dict[int, Image]:
    rows = {row.number: row for row in zone.hangings.all() if row.orientation == orientation and _is_here(row)}
    resting = {number for number, row in rows.items() if rests(row, zone, now)}
    begins = programme.begins_at_once_after(zone.programme)
    turns = len(resting) < len(rows) and _turn_is_due(zone, rows, now)
    if not (begins or turns or len(rows) < len(SLOTS)):
        return {}
    side = Side(rows, resting, lists_of(programme, orientation), places_of(programme))
    if begins:
        side.begin()
    side.fill()
    if turns and not begins:
        side.turn()
    return side.put


def _turn_is_due(zone: Zone, rows: Mapping[int, Hanging], now: datetime) -> bool:
    played = [row.hung_at for row in rows.values() if row.source not in SENT]
    return not played or now - max(played) >= timedelta(seconds=zone.turn_seconds) - PUNCTUAL


def _is_outdated(zone: Zone, rows: list[Hanging], now: datetime) -> bool:
    """A picture was described anew since (another file, another size), or souvenir links grow old."""
    described = any(row.image.changed_at > zone.changed_at for row in rows)
    return described or (zone.shows_code and now - zone.changed_at > LINKS_LAST)


def _is_here(row: Hanging) -> bool:
    return row.image.state == Image.State.SERVING


def _slot(row: Hanging) -> str:
    return slot_name(row.orientation, row.number)
