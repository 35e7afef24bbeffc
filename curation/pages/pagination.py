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
    """The rows after the cursor in the request's parameter `name`, or the first ones.

    They are ordered by `by` and, where two are equal, by primary key; the cursor holds both: `<by>~<pk>`.
    """
    after = _read_cursor(rows, by, request.GET.get(name, ""))
    if after is not None:
        value, pk = after
        rows = rows.filter(**{f"{by}__lte": value}).exclude(**{by: value, "pk__gte": pk})
    found = list(rows.order_by(f"-{by}", "-pk")[: size + 1])
    return Part(found[:size], _older(request, name, by, found[size - 1]) if len(found) > size else "")


def _read_cursor(rows: QuerySet[Any], by: str, text: str) -> tuple[Any, Any] | None:
    """None for an empty or malformed cursor."""
    meta = rows.model._meta
    read = []
    try:
        for field, part in zip((meta.get_field(by), meta.pk), text.split("~"), strict=True):
            read.append(field.to_python(part))
            field.get_db_prep_value(read[-1], connections[rows.db])
    except (ValidationError, ValueError, OverflowError):  # OverflowError: a moment that UTC has no date for.
        return None
    return read[0], read[1]


def _older(request: HttpRequest, name: str, by: str, last: Any) -> str:
    query = request.GET.copy()
    query[name] = f"{getattr(last, by)}~{last.pk}"
    return f"?{query.urlencode()}"
