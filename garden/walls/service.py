"""Show pictures on walls. Each change is all or nothing, and raises the zone's version by one, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from garden.errors import GardenError
from garden.models import Assignment, Image, Kiosk, WallChange, Zone
from garden.models.wall import Source
from garden.walls.slots import choose_slots, paired_for, slot_place

CHANGES_KEPT = timedelta(days=90)


class UnknownZoneError(GardenError):
    """No zone has this name."""

    code = "unknown_zone"
    status = 404


class UnknownPictureError(GardenError):
    """No picture of the garden has this key."""

    code = "unknown_image"
    status = 404


class NoWallError(GardenError):
    """The kiosk has no zone."""

    code = "no_wall"
    status = 409


def find_zone(name: str) -> Zone:
    """Raises UnknownZoneError."""
    zone = Zone.objects.filter(name=name).first()
    if zone is None:
        raise UnknownZoneError(f"There is no zone {name!r}.", zone=name)
    return zone


def find_pictures(texts: Sequence[str]) -> list[Image]:
    """The pictures of keys or URLs, in their order. Raises UnknownPictureError naming the first that is none."""
    found = Image.objects.serving().by_key_or_url(texts)
    for text in texts:
        if text not in found:
            raise UnknownPictureError(f"There is no picture {text!r} in the garden.", key=text)
    return [found[text] for text in texts]


class StaleChangeError(GardenError):
    """The change cannot be undone any more."""

    code = "stale_change"
    status = 409


@transaction.atomic
def assign(zone: Zone, pictures: Mapping[str, Image], *, source: Source, by: str = "") -> int:
    """Show each picture in its slot (`3h`), all or none. Returns the new version; `zone` has it too.

    Raises UnknownPictureError for a picture that is not in the garden any more.
    """
    locked = lock_for_update(zone)
    _refuse_absent(pictures.values())
    zone.version = change_wall(locked, put=pictures, source=source, by=by)
    return zone.version


@transaction.atomic
def send(zone: Zone, images: Sequence[Image], *, source: Source, by: str = "") -> list[str]:
    """Show each where a picture of its orientation was shown longest; returns the slots, in the order of the images.

    Where all screens stand the other way, its pair of their orientation is shown instead, if there is one.
    """
    locked = lock_for_update(zone)
    images = paired_for(locked, images)
    slots = choose_slots(locked, images, timezone.now())
    assign(zone, dict(zip(slots, images, strict=True)), source=source, by=by)
    return slots


@transaction.atomic
def clear_slots(zone: Zone, slots: Collection[str], *, by: str) -> int:
    """Take the pictures of these slots down; returns the new version. A playlist may fill them again."""
    zone.version = change_wall(lock_for_update(zone), take=slots, source=Source.CURATOR, by=by)
    return zone.version


def undoable_slots(zone: Zone, change: WallChange) -> list[str]:
    """The slots of a change that no later change touched."""
    later = zone.changes.filter(version__gt=change.version).values_list("slots", flat=True)
    touched = {slot for slots in later for slot in slots}
    return [slot for slot in change.slots if slot not in touched]


@transaction.atomic
def undo_change(zone: Zone, version: int, *, by: str) -> list[str]:
    """Show again what a curator's change replaced, where no later change did; returns the slots.

    A slot whose former picture left the garden becomes empty. Raises StaleChangeError when nothing can be undone.
    """
    locked = lock_for_update(zone)
    change = locked.changes.filter(version=version, source=Source.CURATOR).first()
    slots = undoable_slots(locked, change) if change else []
    if not slots:
        raise StaleChangeError("Later changes replaced all of this one: it cannot be undone.", version=version)
    former = _former_keys(locked, version, slots)
    images = Image.objects.serving().in_bulk(former.values(), field_name="key")
    put = {slot: images[key] for slot, key in former.items() if key in images}
    take = [slot for slot in slots if slot not in put]
    zone.version = change_wall(locked, put=put, take=take, source=Source.CURATOR, by=by)
    return slots


def _former_keys(zone: Zone, version: int, slots: Collection[str]) -> dict[str, str]:
    """What each slot showed before this version; slots without a record are missing."""
    former: dict[str, str] = {}
    older = zone.changes.filter(version__lt=version).order_by("-version").values_list("slots", flat=True)
    for shown in older.iterator():
        former |= {slot: shown[slot] for slot in slots if slot in shown and slot not in former}
        if len(former) == len(slots):
            break
    return {slot: key for slot, key in former.items() if key}


def zone_for(kiosk: Kiosk | None) -> Zone | None:
    """Where a kiosk sends to; a device that is no kiosk sends to the first zone that was made."""
    return Zone.objects.order_by("pk").first() if kiosk is None else kiosk.zone


@transaction.atomic
def renew(zone: Zone) -> int:
    """A new version: what walls show of the zone itself is another one now (its title, its souvenir codes)."""
    zone.version = change_wall(lock_for_update(zone), source=Source.KEEPER)
    return zone.version


def lock_for_update(zone: Zone) -> Zone:
    """The current zone, locked until the transaction ends."""
    locked = Zone.objects.select_for_update().filter(pk=zone.pk).first()
    if locked is None:
        raise UnknownZoneError(f"There is no zone {zone.name!r} any more.", zone=zone.name)
    return locked


def change_wall(
    locked: Zone,
    *,
    source: Source,
    put: Mapping[str, Image] | None = None,
    take: Collection[str] = (),
    by: str = "",
    now: datetime | None = None,
    **of_zone: Any,
) -> int:
    """Change a zone that is locked, and record the change; returns its new version."""
    now, put = now or timezone.now(), put or {}
    _put(locked, put, source, now)
    for orientation, number in map(slot_place, take):
        locked.assignments.filter(orientation=orientation, number=number).delete()
    locked.version += 1
    Zone.objects.filter(pk=locked.pk).update(version=locked.version, changed_at=now, **of_zone)
    slots = {slot: image.key for slot, image in put.items()} | dict.fromkeys(take, "")
    WallChange.objects.create(zone=locked, version=locked.version, at=now, source=source, by=by, slots=slots)
    return locked.version


def _put(locked: Zone, pictures: Mapping[str, Image], source: Source, now: datetime) -> None:
    rows = []
    for slot, image in pictures.items():
        orientation, number = slot_place(slot)
        rows.append(
            Assignment(zone=locked, orientation=orientation, number=number, image=image, source=source, assigned_at=now)
        )
    Assignment.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["zone", "orientation", "number"],
        update_fields=["image", "source", "assigned_at"],
    )


def _refuse_absent(images: Collection[Image]) -> None:
    ids = {image.pk for image in images}
    here = set(Image.objects.serving().filter(pk__in=ids).values_list("pk", flat=True))
    for image in images:
        if image.pk not in here:
            raise UnknownPictureError(f"There is no picture {image.key!r} in the garden.", key=image.key)


def forget_changes(now: datetime | None = None) -> int:
    """Delete the records of changes that are older; returns how many."""
    return WallChange.objects.filter(at__lt=(now or timezone.now()) - CHANGES_KEPT).delete()[0]
