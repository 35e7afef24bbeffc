"""Users and items copied to the service: whatever changed since the last time, ten at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from garden.models import Image, Visitor
from recommend.backends.personalize.client import PersonalizeClient, RecordRefusedError
from recommend.backends.personalize.records import ID_MAX_LENGTH, item_record, user_record
from recommend.models import SyncMark

BATCH = 10
SETTLED = timedelta(seconds=10)
"""A row is stamped before it is committed: what is younger waits for the next time."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows the service took, and what it said of those that it will never take, by key."""

    sent: int
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """What is copied: rows in the order of `stamp`, by the operation's list `field`."""

    name: str
    operation: str
    field: str
    stamp: str
    rows: Callable[[], QuerySet[Row]]
    record: Callable[[Row], dict[str, str]]


USERS = Kind("users", "put_users", "users", "last_seen_at", Visitor.objects.all, user_record)
ITEMS = Kind(
    "items",
    "put_items",
    "items",
    "changed_at",
    lambda: Image.objects.filter(published_at__isnull=False),
    item_record,
)


def copy_changed(
    client: PersonalizeClient, kind: Kind[Any], dataset: str, on_batch: Callable[[int], Any] = lambda count: None
) -> Copied:
    """Copy what changed since the mark; the mark moves with every batch the service has taken.

    Raises what the client raises but for refusals: nothing is marked as copied that was not.
    """
    sent, refused = 0, dict[str, str]()
    while batch := _next(kind):
        sent += _put(client, kind, dataset, batch, refused)
        _mark(kind, batch[-1])
        on_batch(len(batch))
    return Copied(sent, refused)


def changed(kind: Kind[Any]) -> QuerySet[Any]:
    """Rows not copied yet, in the order they will be."""
    rows = kind.rows().filter(**{f"{kind.stamp}__lt": timezone.now() - SETTLED}).order_by(kind.stamp, "pk")
    mark = SyncMark.objects.filter(name=kind.name).first()
    if mark is None:
        return rows
    same_time = Q(**{kind.stamp: mark.changed_at, "pk__gt": mark.key})
    return rows.filter(Q(**{f"{kind.stamp}__gt": mark.changed_at}) | same_time)


def forget_mark(kind: Kind[Any]) -> None:
    """Copy everything anew next time."""
    SyncMark.objects.filter(name=kind.name).delete()


def _next(kind: Kind[Any]) -> list[Any]:
    return list(changed(kind)[:BATCH])


def _mark(kind: Kind[Any], row: Any) -> None:
    at: datetime = getattr(row, kind.stamp)
    SyncMark.objects.update_or_create(name=kind.name, defaults={"changed_at": at, "key": str(row.pk)})


def _put(client: PersonalizeClient, kind: Kind[Any], dataset: str, rows: Sequence[Any], refused: dict[str, str]) -> int:
    """Send rows; of a batch that is refused each row by itself. Returns how many were taken."""
    asked = {"datasetArn": dataset, kind.field: [kind.record(row) for row in rows]}
    try:
        client.call("personalize-events", kind.operation, **asked)
    except RecordRefusedError as error:
        if len(rows) > 1:
            return sum(_put(client, kind, dataset, [row], refused) for row in rows)
        refused[str(rows[0])[:ID_MAX_LENGTH]] = error.detail
        return 0
    return len(rows)
