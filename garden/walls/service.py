"""Show pictures on walls. Each change is all or nothing, and raises the zone's version by one, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from garden.errors import GardenError, RefusedError
from garden.models import Assignment, Image, Kiosk, WallChange, Zone
from garden.models.wall import Source
from garden.models.webhook import WebhookEvent
from garden.walls.slots import SENT, choose_slots, fitting_images, paired_for, slot_name, slot_place
from garden.webhooks import record_event

UNDOABLE_FOR = timedelta(days=1)


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


class StaleChangeError(RefusedError):
    """There is nothing to undo, or people have changed the slots since."""

    code = "stale_change"
    status = 409


def find_zone(name: str) -> Zone:
    """Raises UnknownZoneError."""
    zone = Zone.objects.filter(name=name).first()
    if zone is None:
        raise UnknownZoneError(f"There is no zone {name!r}.", zone=name)
    return zone


def find_pictures(texts: Sequence[str]) -> list[Image]:
    """The pictures of keys or URLs, in their order. Raises UnknownPictureError naming the first that is none."""
    found = Image.objects.for_walls().by_key_or_url(texts)
    for text in texts:
        if text not in found:
            raise UnknownPictureError(f"There is no picture {text!r} in the garden.", key=text)
    return [found[text] for text in texts]


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
def send(zone: Zone, images: Sequence[Image], *, source: Source, by: str = "", first: str = "") -> list[str]:
    """Show each where a picture of its orientation was shown longest; returns the slots, in the order of the images.

    Where all screens stand the other way, its pair of their orientation is shown instead, if there is one. With `first`
    those of the orientation of that slot take it and the slots after it.
    """
    locked = lock_for_update(zone)
    images = fitting_images(images, slot_place(first)[0]) if first else paired_for(locked, images)
    slots = choose_slots(locked, images, timezone.now(), first)
    assign(zone, dict(zip(slots, images, strict=True)), source=source, by=by)
    return slots


@transaction.atomic
def clear_slots(zone: Zone, slots: Collection[str], *, by: str) -> int:
    """Take the pictures of these slots down; returns the version. A playlist may fill them again."""
    locked = lock_for_update(zone)
    shown = {slot for slot, key in _shown_in(locked, slots).items() if key}
    zone.version = change_wall(locked, take=shown, source=Source.CURATOR, by=by) if shown else locked.version
    return zone.version


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
    undoes: int | None = None,
    **of_zone: Any,
) -> int:
    """Change a zone that is locked, and record the change; returns its new version."""
    now, put = now or timezone.now(), put or {}
    before = _shown_in(locked, [*put, *take]) if source == Source.CURATOR else None
    _put(locked, put, source, now)
    for orientation, number in map(slot_place, take):
        locked.assignments.filter(orientation=orientation, number=number).delete()
    locked.version += 1
    Zone.objects.filter(pk=locked.pk).update(version=locked.version, changed_at=now, **of_zone)
    slots = {slot: image.key for slot, image in put.items()} | dict.fromkeys(take, "")
    change = WallChange(zone=locked, version=locked.version, at=now, source=source, by=by, slots=slots)
    change.before, change.undoes = before or None, undoes
    change.save(force_insert=True)
    changed = {"zone": locked.name, "version": locked.version, "source": source, "slots": slots}
    record_event(WebhookEvent.WALL_CHANGED, changed, now)
    return locked.version


def _shown_in(locked: Zone, slots: Collection[str]) -> dict[str, str]:
    """The key in each of these slots, empty where there is none."""
    rows = locked.assignments.values_list("orientation", "number", "image__key")
    shown = {slot_name(orientation, number): key for orientation, number, key in rows}
    return {slot: shown.get(slot, "") for slot in slots}


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
    here = set(Image.objects.for_walls().filter(pk__in=ids).values_list("pk", flat=True))
    for image in images:
        if image.pk not in here:
            raise UnknownPictureError(f"There is no picture {image.key!r} in the garden.", key=image.key)


def last_undoable(zone: Zone) -> WallChange | None:
    """The last change by a curator that was not undone."""
    changes = zone.changes.filter(source=Source.CURATOR, at__gt=timezone.now() - UNDOABLE_FOR)
    undone = changes.exclude(undoes=None).values("undoes")
    shown = changes.filter(undoes=None, before__isnull=False).exclude(version__in=undone)
    return shown.order_by("-version").first()


@transaction.atomic
def undo_change(zone: Zone, version: int, *, by: str) -> list[str]:
    """Undo the change that made this version; returns the slots, none where it was undone before.

    What a playlist put into a slot since gives way, what people put there stays. Raises StaleChangeError.
    """
    locked = lock_for_update(zone)
    change = locked.changes.filter(version=version, before__isnull=False, undoes=None).first()
    if change is None:
        raise StaleChangeError("There is no such change to undo.", version=version)
    if locked.changes.filter(undoes=version).exists():
        return []
    before: dict[str, str] = change.before or {}
    rows = {slot_name(row.orientation, row.number): row for row in locked.assignments.select_related("image")}
    free = [slot for slot in before if _is_free(rows.get(slot), change.slots.get(slot, ""))]
    images = {image.key: image for image in Image.objects.for_walls().filter(key__in=before.values())}
    put = {slot: images[key] for slot in free if (key := before[slot]) in images}
    take = [slot for slot in free if not before[slot] and slot in rows]
    if not put and not take:
        raise StaleChangeError("These slots were changed since, or their pictures left the garden.", version=version)
    zone.version = change_wall(locked, put=put, take=take, source=Source.CURATOR, by=by, undoes=version)
    return [*put, *take]


def _is_free(row: Assignment | None, key: str) -> bool:
    """Whether nobody put another picture there since."""
    return row is None or row.source not in SENT or row.image.key == key
