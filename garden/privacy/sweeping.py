"""Forgetting by the clock: every table that holds something of visitors or kiosks, and how it grows no older.

Each sweep deletes a little at a time, each little a transaction: one that is killed goes on where it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.utils import timezone

from garden.models import Alarm, Consent, MoodSighting, Visitor
from garden.privacy import record
from garden.privacy.retention import Days, days_kept
from garden.signals import retention_due
from garden.walls.crowd import KEPT

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Sweep:
    """`due` counts what is too old, `sweep` forgets it and returns how much that was."""

    name: str
    limit: str
    due: Callable[[], int]
    sweep: Callable[[], int]


def all_sweeps() -> list[Sweep]:
    """Those of this room, and of every room that hears `retention_due`."""
    days = days_kept()
    answers: list[tuple[Any, Any]] = retention_due.send(sender=Days, days=days)
    elsewhere = (found for _, sweeps in answers for found in sweeps)
    return [*_own_sweeps(days), *elsewhere]


def rows_sweep(name: str, limit: str, rows: Callable[[], "QuerySet[Model]"]) -> Sweep:
    """Rows that are deleted when they are due, oldest key first."""
    return Sweep(name, limit, lambda: rows().count(), lambda: delete_gently(rows))


def delete_gently(rows: Callable[[], "QuerySet[Model]"]) -> int:
    """A few at a time, so that nobody waits long; returns how many rows of this kind went."""
    deleted = 0
    while batch := list(rows().order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        rows().model._default_manager.filter(pk__in=batch).delete()
        deleted += len(batch)
    return deleted


def _own_sweeps(days: Days) -> Iterator[Sweep]:
    now = timezone.now()
    yield rows_sweep("visitors", f"{days.visitors} days", lambda: Visitor.objects.unseen_for(days.visitors))
    yield rows_sweep("moods of a room", "2 hours", lambda: MoodSighting.objects.filter(at__lte=now - KEPT))
    logged = now - timedelta(days=days.kiosk_logs)
    yield rows_sweep("kiosk logs", f"{days.kiosk_logs} days", lambda: Alarm.objects.filter(cleared_at__lt=logged))
    yield rows_sweep("sessions", "their end", lambda: Session.objects.filter(expire_date__lt=now))
    yield rows_sweep("consents", f"{days.consents} days", lambda: Consent.objects.older_than(days.consents))
    yield Sweep(
        "processing record",
        f"{days.record} days",
        lambda: record.removable(days=days.record),
        lambda: record.remove_old(days=days.record),
    )
