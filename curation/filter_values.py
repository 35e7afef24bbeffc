"""Reading what a filter is asked for; every refusal names its field."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField
from django.urls.converters import IntConverter
from django.utils import timezone

from garden.errors import RefusedError

LARGEST_ID = BigIntegerField.MAX_BIGINT
UNDECIDED = "undecided"
NONE = "none"
"""The pictures without an emotion or without a favorite; an empty value means any."""

Read = Callable[[str, str], Any]


class InvalidFilterError(RefusedError):
    """A filter that cannot be read."""

    code = "invalid_filter"


def one_of(*choices: str) -> Read:
    def read(field: str, value: str) -> str:
        if value not in choices:
            raise InvalidFilterError(f"{field}: {value!r} is not one of {', '.join(choices)}.", field=field)
        return value

    return read


def text(longest: int) -> Read:
    def read(field: str, value: str) -> str:
        if len(value) > longest or "\0" in value:  # PostgreSQL refuses to look for a NUL.
            raise InvalidFilterError(f"{field}: at most {longest} printable characters.", field=field)
        return value

    return read


def id_in(value: str) -> int | None:
    """None where it is no number, or a larger one than any id."""
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(LARGEST_ID))):
        return None
    return found if (found := int(value)) <= LARGEST_ID else None


class IdConverter(IntConverter):
    """`<id:…>` in a route: a path with a larger number fits no route."""

    def to_python(self, value: str) -> int:
        found = id_in(value)
        if found is None:
            raise ValueError
        return found


def number(field: str, value: str) -> int:
    found = id_in(value)
    if found is None:
        raise InvalidFilterError(f"{field}: {value[:40]!r} is not a number.", field=field)
    return found


def unique_id(field: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise InvalidFilterError(f"{field}: {value[:40]!r} is not a UUID.", field=field) from None


def since(field: str, value: str) -> datetime:
    """A moment, or the first one of a day in the site's time."""
    return _read_time(field, value, timedelta(0))


def until(field: str, value: str) -> datetime:
    """A moment, or the first one after a day in the site's time: a day asked for is a day shown."""
    return _read_time(field, value, timedelta(days=1))


def _read_time(field: str, value: str, after_day: timedelta) -> datetime:
    try:
        day = date.fromisoformat(value) if len(value) == len("2026-11-21") else None
        read = datetime.combine(day + after_day, time()) if day else datetime.fromisoformat(value)
        return (read if timezone.is_aware(read) else timezone.make_aware(read)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidFilterError(f"{field}: {value[:40]!r} is no date (2026-11-21).", field=field) from None
