"""The slots of a zone: their names, as in `3h`, and which of them pictures that are sent take."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from garden.errors import RefusedError
from garden.models import Assignment, Image, Zone
from garden.models.wall import SLOTS, Source, side_letter
from garden.vocabulary import Orientation

SENT = (Source.VISITOR, Source.CURATOR, Source.API)
"""These pictures were chosen by people and stay for a minimum time."""
_SIDES = {side_letter(orientation): orientation.value for orientation in Orientation}
_ENDING = ".jpeg"
_OTHER = {"h": "v", "v": "h"}


class WrongOrientationError(RefusedError):
    """No picture of the orientation of a slot."""

    code = "wrong_orientation"


class TooManyPicturesError(RefusedError):
    """More pictures of one orientation than a zone has slots."""

    code = "too_many_pictures"


def slot_name(orientation: str, number: int) -> str:
    return f"{number}{side_letter(orientation)}"


def slot_place(name: str) -> tuple[str, int]:
    """Orientation and number of a slot's name. Raises ValueError for what is no slot."""
    orientation, number = _SIDES.get(name[-1:], ""), name[:-1]
    if not orientation or not number.isdecimal() or int(number) not in SLOTS:
        raise ValueError(f"{name!r} is not a slot: a number from {SLOTS[0]} to {SLOTS[-1]}, and h or v.")
    return orientation, int(number)


def rests(shown: Assignment, zone: Zone, now: datetime) -> bool:
    """Whether it was sent so lately that the playlist leaves it alone."""
    return shown.source in SENT and shown.assigned_at > now - timedelta(minutes=zone.rest_minutes)


def choose_slots(zone: Zone, images: Sequence[Image], now: datetime, first: str = "") -> list[str]:
    """A slot for each picture: its own if it is shown already, else an empty one, else the one unchanged for longest.

    Where the zone's screens are known, only their slots: others are not visible. The pictures of the orientation of the
    slot `first` take it and the slots after it. Raises TooManyPicturesError, WrongOrientationError.
    """
    fixed = _slots_from(first, images) if first else {}
    shown = {(row.orientation, row.number): row for row in zone.assignments.all()}
    slots: dict[int, str] = {}
    for orientation in {image.orientation for image in images}:
        places = {number: shown.get((orientation, number)) for number in _numbers(zone, orientation)}
        for image, number in _places(zone, places, images, orientation, now).items():
            slots[image] = slot_name(orientation, number)
    return [fixed.get(image.pk) or slots[image.pk] for image in images]


def _slots_from(first: str, images: Sequence[Image]) -> dict[int, str]:
    orientation, begin = slot_place(first)
    fitting = dict.fromkeys(image.pk for image in images if image.orientation == orientation)
    if not fitting:
        raise WrongOrientationError(f"Slot {first} is {orientation}; none of these pictures is.", slot=first)
    numbers = [*range(begin, SLOTS.stop), *range(SLOTS.start, begin)]
    return {image: slot_name(orientation, number) for image, number in zip(fitting, numbers, strict=False)}


def _places(
    zone: Zone, places: dict[int, Assignment | None], images: Iterable[Image], orientation: str, now: datetime
) -> dict[int, int]:
    requested = dict.fromkeys(image.pk for image in images if image.orientation == orientation)
    if len(requested) > len(SLOTS):
        raise TooManyPicturesError(f"At most {len(SLOTS)} {orientation} pictures fit in a zone.", most=len(SLOTS))
    kept = {row.image_id: number for number, row in places.items() if row and row.image_id in requested}
    free = [number for number in places if number not in kept.values()]
    free.sort(key=lambda number: _patience(places[number], zone, now))
    new = [image for image in requested if image not in kept]
    # With more pictures than screens the others are shown where no screen is known.
    unseen = (number for number in SLOTS if number not in places and number not in kept.values())
    return kept | dict(zip(new, [*free, *unseen], strict=False))


def _numbers(zone: Zone, orientation: str) -> Sequence[int]:
    screens = zone.displays.filter(orientation=orientation, is_active=True).order_by("number")
    return list(screens.values_list("number", flat=True)) or SLOTS


def _patience(row: Assignment | None, zone: Zone, now: datetime) -> tuple[bool, bool, float]:
    """Sorts what gives way first to the front."""
    if row is None:
        return (False, False, 0.0)
    return (True, rests(row, zone, now), row.assigned_at.timestamp())


def paired_for(zone: Zone, images: Sequence[Image]) -> list[Image]:
    """Each picture, or its pair where the zone's known screens all have the other orientation.

    Many pictures are made in pairs, the same one wide and tall, their keys a letter apart.
    """
    ways = set(zone.displays.filter(is_active=True).order_by().values_list("orientation", flat=True))
    return _paired_with(images, ways) if len(ways) == 1 else list(images)


def fitting_images(images: Sequence[Image], orientation: str) -> list[Image]:
    """The same, or where none of them has the orientation, their pairs that have."""
    if any(image.orientation == orientation for image in images):
        return list(images)
    return _paired_with(images, {orientation})


def _paired_with(images: Sequence[Image], ways: set[str]) -> list[Image]:
    requested = {image.pk: _paired_key(image.key) for image in images if image.orientation not in ways}
    paired = {
        image.key: image for image in Image.objects.for_walls().filter(key__in=requested.values(), orientation__in=ways)
    }
    return [paired.get(requested.get(image.pk, ""), image) for image in images]


def _paired_key(key: str) -> str:
    stem = key.removesuffix(_ENDING)
    return f"{stem[:-1]}{_OTHER[stem[-1]]}{_ENDING}" if stem != key and stem[-1:] in _OTHER else ""
