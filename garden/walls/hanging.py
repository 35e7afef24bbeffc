"""What hangs where. Each change is all or nothing and raises the zone's version by one, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from garden.models import Hanging, Image, Kiosk, WallChange, Zone
from garden.models.display import Source
from garden.walls.errors import UnknownPictureError, UnknownZoneError
from garden.walls.places import choose_slots
from garden.walls.slots import slot_place
from garden.walls.twins import as_seen_in


@transaction.atomic
def hang(zone: Zone, pictures: Mapping[str, Image], *, source: Source, by: str = "") -> int:
    """Hang each picture in its slot (`3h`), all or none. Returns the new version; the zone given has it too.

    Raises UnknownPictureError for a picture that is not in the garden any more.
    """
    held = hold(zone)
    _refuse_absent(pictures.values())
    zone.version = change_wall(held, put=pictures, source=source, by=by)
    return zone.version


@transaction.atomic
def send(zone: Zone, images: Sequence[Image], *, source: Source, by: str = "") -> list[str]:
    """Hang each where a picture of its orientation has hung longest; returns the slots, in the order of the images.

    Where all screens stand the other way, its twin of their orientation hangs instead, if there is one.
    """
    held = hold(zone)
    images = as_seen_in(held, images)
    slots = choose_slots(held, images, timezone.now())
    hang(zone, dict(zip(slots, images, strict=True)), source=source, by=by)
    return slots


def zone_for(kiosk: Kiosk | None) -> Zone | None:
    """Where a kiosk sends to; a device that is no kiosk sends to the first zone that was made."""
    return Zone.objects.order_by("pk").first() if kiosk is None else kiosk.zone


@transaction.atomic
def renew(zone: Zone) -> int:
    """A new version: what walls show of the zone itself is another one now (its title, its souvenir codes)."""
    zone.version = change_wall(hold(zone), source=Source.KEEPER)
    return zone.version


def hold(zone: Zone) -> Zone:
    """The zone as it is now; until the transaction ends nobody else changes its walls."""
    held = Zone.objects.select_for_update().filter(pk=zone.pk).first()
    if held is None:
        raise UnknownZoneError(f"There is no zone {zone.name!r} any more.", zone=zone.name)
    return held


def change_wall(
    held: Zone,
    *,
    source: Source,
    put: Mapping[str, Image] | None = None,
    take: Collection[str] = (),
    by: str = "",
    now: datetime | None = None,
    **of_zone: Any,
) -> int:
    """Change a zone that is held, and note it; returns its new version."""
    now, put = now or timezone.now(), put or {}
    _put(held, put, source, now)
    for orientation, number in map(slot_place, take):
        held.hangings.filter(orientation=orientation, number=number).delete()
    held.version += 1
    Zone.objects.filter(pk=held.pk).update(version=held.version, changed_at=now, **of_zone)
    slots = {slot: image.key for slot, image in put.items()} | dict.fromkeys(take, "")
    WallChange.objects.create(zone=held, version=held.version, at=now, source=source, by=by, slots=slots)
    return held.version


def _put(held: Zone, pictures: Mapping[str, Image], source: Source, now: datetime) -> None:
    rows = []
    for slot, image in pictures.items():
        orientation, number = slot_place(slot)
        rows.append(Hanging(zone=held, orientation=orientation, number=number, image=image, source=source, hung_at=now))
    Hanging.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["zone", "orientation", "number"],
        update_fields=["image", "source", "hung_at"],
    )


def _refuse_absent(images: Collection[Image]) -> None:
    ids = {image.pk for image in images}
    here = set(Image.objects.serving().filter(pk__in=ids).values_list("pk", flat=True))
    for image in images:
        if image.pk not in here:
            raise UnknownPictureError(f"There is no picture {image.key!r} in the garden.", key=image.key)
