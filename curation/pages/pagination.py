"""Parts of a long list, newest first, each found by the row it begins after: the thousandth is as fast."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, and the query that asks for those after them (empty at the end)."""

    rows: list[Any]
    older: str


def part_of(request: HttpRequest, rows: QuerySet[Any], size: int, *, by: str = "id", name: str = "before") -> Part:
    """The rows whose `by` is smaller than the request's parameter `name`, or the first ones."""
    before = _read(rows, by, request.GET.get(name, ""))
    if before is not None:
        rows = rows.filter(**{f"{by}__lt": before})
    found = list(rows.order_by(f"-{by}")[: size + 1])
    return Part(found[:size], _older(request, name, getattr(found[size - 1], by)) if len(found) > size else "")


def _read(rows: QuerySet[Any], by: str, text: str) -> Any:
    field = rows.model._meta.get_field(by)
    try:
        read = field.clean(text, None) if text else None
        field.get_db_prep_value(read, connections[rows.db])
    except (ValidationError, OverflowError):  # There are moments that UTC has no date for.
        return None
    return read


def _older(request: HttpRequest, name: str, last: Any) -> str:
    query = request.GET.copy()
    query[name] = str(last)
    return f"?{query.urlencode()}"
