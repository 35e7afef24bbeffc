"""What the clock does for the walls: shows begin and end, pictures take turns, what left the garden leaves the wall."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from garden.models import Assignment, Image, Zone
from garden.models.wall import SLOTS, Source, ZoneMode
from garden.vocabulary import Orientation
from garden.walls.audience import forget_old_moods
from garden.walls.schedule import Lists, ScheduleEntry, lists_of, scheduled, slots_of_lists
from garden.walls.service import change_wall, lock_for_update
from garden.walls.slots import SENT, rests, slot_name

PUNCTUAL = timedelta(seconds=1)
"""The clock runs every few seconds, not to the millisecond."""
LINKS_LAST = timedelta(days=7)
"""After this a wall with souvenir codes gets a new version, so that no code on it comes to its end."""
_NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to change in a zone."""

    entry: ScheduleEntry
    put: Mapping[str, Image] = field(default_factory=dict)
    take: frozenset[str] = frozenset()
    is_due: bool = False


def keep_walls(now: datetime | None = None) -> int:
    """Bring every zone to where it should be now; returns how many changed. Run twice at once it does it once."""
    now = now or timezone.now()
    forget_old_moods(now)
    return sum(_keep_wall(zone.pk, now) for zone in _zones() if _plan(zone, now).is_due)


def replace_removed() -> int:
    """Let others take the place of pictures that just left the garden; one small query where none of them is shown."""
    zones = sorted(set(Assignment.objects.removed().order_by().values_list("zone", flat=True)))
    return sum(_keep_wall(zone, timezone.now()) for zone in zones)


@transaction.atomic
def set_mode(zone: Zone, mode: ZoneMode, *, by: str = "") -> None:
    """Pause the zone, switch it dark, or let it follow its schedule, from now on."""
    locked = lock_for_update(zone)
    if locked.mode != mode:
        now = timezone.now()
        paused, dark = (now if mode == one else None for one in (ZoneMode.PAUSED, ZoneMode.DARK))
        change_wall(locked, source=Source.CURATOR, by=by, now=now, paused_at=paused, darkened_at=dark)
        _keep_wall(locked.pk, now)


def upcoming(zone: Zone, now: datetime, most: int) -> dict[str, list[tuple[str, Image]]]:
    """By orientation the slot and the picture of the next turns, if nothing else happens meanwhile."""
    zone = _zones().get(pk=zone.pk)
    entry = scheduled(zone, now)
    if entry.is_dark or entry.is_paused:
        return {}
    found = {}
    for orientation in Orientation:
        side = _side(zone, entry, orientation, now)
        for _ in range(most):
            side.turn()
        found[orientation.value] = [(slot_name(orientation, number), image) for number, image in side.put.items()]
    return found


@transaction.atomic
def _keep_wall(zone: int, now: datetime) -> bool:
    """Planned again from the rows once the zone is locked: another process may have changed them."""
    for locked in _zones().select_for_update().filter(pk=zone):
        plan = _plan(locked, now)
        if plan.is_due:
            source = plan.entry.source if plan.put else Source.KEEPER
            change_wall(locked, put=plan.put, take=plan.take, source=source, now=now, playing=plan.entry.name)
        return plan.is_due
    return False


def _zones() -> QuerySet[Zone]:
    """With all that a plan looks at, in as many queries for a hundred zones as for one."""
    seen = ("zone", "number", "orientation", "source", "assigned_at")
    of_image = ("image__key", "image__state", "image__grown_at", "image__changed_at")
    assignments = Assignment.objects.select_related("image").only(*seen, *of_image)
    return Zone.objects.prefetch_related("show_times__playlist", "playlists", Prefetch("assignments", assignments))


def _plan(zone: Zone, now: datetime) -> Plan:
    entry = scheduled(zone, now)
    rows = list(zone.assignments.all())
    gone = {slot_name(row.orientation, row.number) for row in rows if not row.image.is_for_walls}
    put: dict[str, Image] = {}
    for orientation in Orientation if not entry.is_dark else ():
        for number, image in _next_of_side(zone, entry, orientation, now).items():
            put[slot_name(orientation, number)] = image
    take = frozenset(gone - put.keys())
    is_due = bool(put or take or entry.name != zone.playing or _is_outdated(zone, rows, now))
    return Plan(entry, put, take, is_due)


def _next_of_side(zone: Zone, entry: ScheduleEntry, orientation: str, now: datetime) -> dict[int, Image]:
    rows, resting = _rows_of_side(zone, orientation, now)
    begins = entry.begins_at_once_after(zone.playing)
    turns = not entry.is_paused and len(resting) < len(rows) and _turn_is_due(zone, rows, now)
    if not (begins or turns or len(rows) < len(SLOTS)):
        return {}
    side = _side(zone, entry, orientation, now)
    if begins:
        side.begin()
    side.fill()
    if turns and not begins:
        side.turn()
    return side.put


def _side(zone: Zone, entry: ScheduleEntry, orientation: str, now: datetime) -> "Side":
    return Side(*_rows_of_side(zone, orientation, now), lists_of(entry, orientation), slots_of_lists(entry))


def _rows_of_side(zone: Zone, orientation: str, now: datetime) -> tuple[dict[int, Assignment], set[int]]:
    """The pictures that are shown, by number, and the numbers of those that stay."""
    side_rows = (row for row in zone.assignments.all() if row.orientation == orientation)
    rows = {row.number: row for row in side_rows if row.image.is_for_walls}
    return rows, {number for number, row in rows.items() if rests(row, zone, now)}


def _turn_is_due(zone: Zone, rows: Mapping[int, Assignment], now: datetime) -> bool:
    played = [row.assigned_at for row in rows.values() if row.source not in SENT]
    return not played or now - max(played) >= timedelta(seconds=zone.turn_seconds) - PUNCTUAL


def _is_outdated(zone: Zone, rows: list[Assignment], now: datetime) -> bool:
    """A picture changed since (another file, another size), or souvenir links are about to expire."""
    described = any(row.image.changed_at > zone.changed_at for row in rows)
    return described or (zone.shows_code and now - zone.changed_at > LINKS_LAST)


class Side:
    """`lists` may be shown, in their order, `places` slots of each; rows in `resting` stay where they are."""

    def __init__(
        self, rows: Mapping[int, Assignment], resting: set[int], lists: Lists, places: Mapping[str, int]
    ) -> None:
        self.put: dict[int, Image] = {}
        self._rows, self._resting, self._lists, self._places = rows, resting, lists, places
        self._shown = {number: row.image_id for number, row in rows.items()}
        self._list_of = {image.pk: name for name, images in lists.items() for image in images}
        self._place_of = {image.pk: place for images in lists.values() for place, image in enumerate(images)}
        self._latest: dict[str, int] = {}
        for row in sorted(rows.values(), key=lambda row: row.assigned_at):
            self._note(row.image_id)

    def fill(self) -> None:
        """Every empty slot, with pictures that are shown already where there are no others: no screen stays blank."""
        for number in SLOTS:
            if number not in self._shown:
                self._show(number, self._next() or self._rarest())

    def begin(self) -> None:
        """Exchange whatever is not of the schedule entry."""
        for number, image in list(self._shown.items()):
            if number not in self._resting and image not in self._list_of:
                del self._shown[number]
        self.fill()

    def turn(self) -> None:
        """Exchange one picture for one that is not shown yet, if there is any."""
        numbers = [number for number in self._shown if number not in self._resting and number not in self.put]
        if not numbers:
            return
        number = min(numbers, key=self._worth)
        before = self._shown.pop(number)
        image = self._next(besides=before)
        if image is None:
            self._shown[number] = before
        else:
            self._show(number, image)

    def _show(self, number: int, image: Image | None) -> None:
        if image is not None:
            self.put[number], self._shown[number] = image, image.pk
            self._note(image.pk)

    def _note(self, image: int) -> None:
        if image in self._list_of:
            self._latest[self._list_of[image]] = self._place_of[image]

    def _worth(self, number: int) -> tuple[bool, datetime]:
        """What has no place any more and what is shown twice goes first, then what was shown longest."""
        image = self._shown[number]
        name = self._list_of.get(image, _NOWHERE)
        spare = self._missing()[name] < 0 or list(self._shown.values()).count(image) > 1
        return (not spare, self._rows[number].assigned_at)

    def _missing(self) -> Counter[str]:
        """How many slots each list has and does not fill."""
        missing = Counter(self._places)
        missing.subtract(self._list_of.get(image, _NOWHERE) for image in self._shown.values())
        return missing

    def _next(self, besides: int | None = None) -> Image | None:
        """The next picture that is not shown, of the list that most is missing of."""
        shown = {*self._shown.values(), besides}
        for images in self._by_need():
            for image in images:
                if image.pk not in shown:
                    return image
        return None

    def _rarest(self) -> Image | None:
        shown = Counter(self._shown.values())
        images = [image for images in self._by_need() for image in images]
        return min(images, key=lambda image: shown[image.pk], default=None)

    def _by_need(self) -> Iterable[list[Image]]:
        """The lists, each from the latest shown picture on."""
        missing = self._missing()
        for name in sorted(self._lists, key=lambda name: -missing[name]):
            begin = self._latest.get(name, -1) + 1
            yield [*self._lists[name][begin:], *self._lists[name][:begin]]
