"""Where pictures that are sent find their place."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from garden.models import Hanging, Image, Zone
from garden.models.display import SLOTS, Source
from garden.walls.errors import TooManyPicturesError
from garden.walls.slots import slot_name

SENT = (Source.VISITOR, Source.CURATOR, Source.API)
"""Somebody chose these pictures: they rest before anything takes their place."""


def rests(hanging: Hanging, zone: Zone, now: datetime) -> bool:
    """Whether it was sent so lately that the playlist leaves it alone."""
    return hanging.source in SENT and hanging.hung_at > now - timedelta(minutes=zone.rest_minutes)


def choose_slots(zone: Zone, images: Sequence[Image], now: datetime) -> list[str]:
    """A slot for each picture: its own if it hangs already, else an empty one, else that of the longest hung.

    Where the zone's screens are known, only theirs: nobody would see it elsewhere. Raises TooManyPicturesError.
    """
    hanging = {(row.orientation, row.number): row for row in zone.hangings.all()}
    slots: dict[int, str] = {}
    for orientation in {image.orientation for image in images}:
        places = {number: hanging.get((orientation, number)) for number in _numbers(zone, orientation)}
        for image, number in _places(zone, places, images, orientation, now).items():
            slots[image] = slot_name(orientation, number)
    return [slots[image.pk] for image in images]


def _places(
    zone: Zone, places: dict[int, Hanging | None], images: Iterable[Image], orientation: str, now: datetime
) -> dict[int, int]:
    wanted = dict.fromkeys(image.pk for image in images if image.orientation == orientation)
    if len(wanted) > len(SLOTS):
        raise TooManyPicturesError(f"At most {len(SLOTS)} {orientation} pictures hang in a zone.", most=len(SLOTS))
    kept = {row.image_id: number for number, row in places.items() if row and row.image_id in wanted}
    free = [number for number in places if number not in kept.values()]
    free.sort(key=lambda number: _patience(places[number], zone, now))
    new = [image for image in wanted if image not in kept]
    # With more pictures than screens the others hang where no screen is known.
    unseen = (number for number in SLOTS if number not in places and number not in kept.values())
    return kept | dict(zip(new, [*free, *unseen], strict=False))


def _numbers(zone: Zone, orientation: str) -> Sequence[int]:
    screens = zone.displays.filter(orientation=orientation, is_active=True).order_by("number")
    return list(screens.values_list("number", flat=True)) or SLOTS


def _patience(row: Hanging | None, zone: Zone, now: datetime) -> tuple[bool, bool, float]:
    """Sorts what gives way first to the front."""
    if row is None:
        return (False, False, 0.0)
    return (True, rests(row, zone, now), row.hung_at.timestamp())
