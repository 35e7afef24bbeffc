"""How long things are kept, and forgetting: by the clock, and of one visitor.

Each sweep deletes a few rows a transaction: one that is killed goes on where it was.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from garden.batches import batches
from garden.models import Alarm, AuditEntry, Consent, Kiosk, SouvenirLink, Visitor, WallChange, WebhookDelivery
from garden.models.webhook import KEPT as WEBHOOK_EVENTS_KEPT
from garden.privacy import processing_log
from garden.privacy.packs import PACKS, Days, days_of
from garden.signals import retention_due
from garden.souvenirs.links import REMEMBERED
from garden.walls.audience import forget_moods_of

_BATCH = 100
CHANGES_KEPT = timedelta(days=90)
"""Of walls: what was shown, and by whom."""


def days_kept() -> Days:
    """Of the whole site. Rows do not say which kiosk they came from, so the shortest time of any kiosk holds.

    `interactions` is 0 where no promise bounds them. Of consents and the processing log, which are proof, the longest
    holds.
    """
    promised = [days_of(PACKS[name]) for name in _packs_in_use()]
    bounds = [days.interactions for days in promised if days.interactions]
    return Days(
        visitors=min(days.visitors for days in promised),
        interactions=min(bounds, default=0),
        slates=min(days.slates for days in promised),
        kiosk_logs=min(days.kiosk_logs for days in promised),
        consents=max(days.consents for days in promised),
        record=max(days.record for days in promised),
    )


def _packs_in_use() -> set[str]:
    own = Kiosk.objects.exclude(privacy_pack="").values_list("privacy_pack", flat=True).distinct()
    return {settings.PRIVACY_PACK, *own}


@dataclass(frozen=True, slots=True)
class Sweep:
    """`due` counts expired rows, `sweep` deletes them and returns their number."""

    name: str
    limit: str
    due: Callable[[], int]
    sweep: Callable[[], int]


def all_sweeps() -> list[Sweep]:
    """The garden's own, and those of the apps that receive `retention_due`."""
    days = days_kept()
    responses: list[tuple[Any, Any]] = retention_due.send(sender=Days, days=days)
    elsewhere = (found for _, sweeps in responses for found in sweeps)
    return [*_own_sweeps(days), *elsewhere]


def rows_sweep(name: str, limit: str, rows: Callable[[], "QuerySet[Model]"]) -> Sweep:
    """Rows that are deleted when they are due, oldest key first."""
    return Sweep(name, limit, lambda: rows().count(), lambda: delete_gently(rows))


def delete_gently(rows: Callable[[], "QuerySet[Model]"]) -> int:
    """In small batches, so that locks are short; returns how many rows of this kind were deleted."""
    deleted = 0
    while batch := list(rows().order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        rows().model._default_manager.filter(pk__in=batch).delete()
        deleted += len(batch)
    return deleted


def _own_sweeps(days: Days) -> Iterator[Sweep]:
    now = timezone.now()
    yield rows_sweep("visitors", f"{days.visitors} days", lambda: Visitor.objects.unseen_for(days.visitors))
    logged = now - timedelta(days=days.kiosk_logs)
    yield rows_sweep("kiosk logs", f"{days.kiosk_logs} days", lambda: Alarm.objects.filter(cleared_at__lt=logged))
    shown = now - CHANGES_KEPT
    yield rows_sweep("wall changes", f"{CHANGES_KEPT.days} days", lambda: WallChange.objects.filter(at__lt=shown))
    ended = now - REMEMBERED
    links = SouvenirLink.objects.filter(expires_at__lte=ended)
    yield rows_sweep("souvenir links", f"their end and {REMEMBERED.days} days", links.all)
    tried = now - timedelta(days=1)
    yield rows_sweep("failed sign-ins", "1 day", lambda: AccessAttempt.objects.filter(attempt_time__lt=tried))
    if audited := settings.AUDIT_RETENTION_DAYS:
        done = now - timedelta(days=audited)
        yield rows_sweep("audit log", f"{audited} days", lambda: AuditEntry.objects.older_than(done))
    yield rows_sweep("webhook events", f"{WEBHOOK_EVENTS_KEPT.days} days", WebhookDelivery.objects.old)
    yield rows_sweep("sessions", "their end", lambda: Session.objects.filter(expire_date__lt=now))
    yield rows_sweep("consents", f"{days.consents} days", lambda: Consent.objects.older_than(days.consents))
    yield Sweep(
        "processing record",
        f"{days.record} days",
        lambda: processing_log.removable(days=days.record),
        lambda: processing_log.remove_old(days=days.record),
    )


def forget_visitors(ids: Iterable[str]) -> None:
    """Delete these visitors, a few a transaction; unknown ones are passed over."""
    for batch in batches(ids, _BATCH):
        Visitor.objects.filter(pk__in=batch).delete()


def notes_about(visitor_id: str) -> Any:
    """Entries of the admin's log about this visitor, whom they name."""
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Visitor), object_id=visitor_id)


@receiver(pre_delete, sender=Visitor)
def wipe_what_leads_back(*, instance: Visitor, **signal: Any) -> None:
    """In the transaction of the deletion."""
    forget_moods_of(instance.pk)
    notes_about(instance.pk).update(object_id="", object_repr="")
