"""A visitor is forgotten: the row, by whoever deletes it, and all in this room that leads back to it."""

from collections.abc import Collection
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from garden.models import Visitor
from garden.walls.crowd import sightings_of

_AT_ONCE = 100


def forget_visitors(ids: Collection[str]) -> list[str]:
    """Delete these visitors, a few a transaction; returns those that there were."""
    wanted, known = list(ids), []
    for start in range(0, len(wanted), _AT_ONCE):
        batch = Visitor.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        known += list(batch.values_list("pk", flat=True))
        batch.delete()
    return known


def notes_about(visitor_id: str) -> Any:
    """What the admin noted of deeds to this visitor: it names them."""
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Visitor), object_id=visitor_id)


@receiver(pre_delete, sender=Visitor)
def wipe_what_leads_back(*, instance: Visitor, **signal: Any) -> None:
    """In the transaction of the deletion."""
    sightings_of(instance.pk).delete()
    notes_about(instance.pk).update(object_id="", object_repr="")
