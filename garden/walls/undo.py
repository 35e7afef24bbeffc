"""Undo of what curators showed: the pictures before come back, except where people changed the slot since."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from garden.errors import RefusedError
from garden.models import Assignment, Image, WallChange, Zone
from garden.models.wall import Source
from garden.walls.service import change_wall, lock_for_update
from garden.walls.slots import SENT, slot_name

UNDOABLE_FOR = timedelta(days=1)


class StaleChangeError(RefusedError):
    """There is nothing to undo, or people have changed the slots since."""

    code = "stale_change"
    status = 409


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
