"""One row as one line, the same from every database."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, Field, IntegerField, JSONField, TextField, Value
from django.utils.dateparse import parse_datetime
from django.utils.duration import duration_iso_string

_PLAIN: dict[type, Callable[[Any], str]] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: duration_iso_string,
    UUID: str,
    Decimal: str,
    bytes: lambda value: base64.b64encode(value).decode(),
    memoryview: lambda value: base64.b64encode(value).decode(),
}


def encode_value(value: Any) -> str:
    """JSON with sorted names: equal values are equal texts."""
    return _encoder.encode(value)


def encoder_of(field: "Field[Any, Any]") -> Callable[[Any], str]:
    """`encode_value` for the values of a column, nulls apart; most are texts and numbers, and quickly written."""
    if isinstance(field, CharField | TextField):
        return encode_basestring
    if isinstance(field, IntegerField):
        return str
    if isinstance(field, DateTimeField):
        return lambda value: f'"{value.isoformat()}"'
    return encode_value


def encode_stored_time(value: str | None) -> str:
    """As `encode_value` would, of a time as SQLite keeps it: in UTC, without saying so."""
    if value is None:
        return "null"
    if value[16:17] == ":" and _is_plain_fraction(value[19:]):
        return f'"{value[:10]}T{value[11:]}+00:00"'
    return f'"{_aware(value).isoformat()}"'


def encode_stored_json(value: str | None) -> str:
    """As `encode_value` would, of JSON as SQLite keeps it: as Django wrote it, without a blank before it."""
    return "null" if value is None else encode_value(_decode(value)[0])


def decode_value(field: "Field[Any, Any]", value: Any) -> Any:
    if value is None:
        return Value(None, JSONField()) if isinstance(field, JSONField) and not field.null else None
    return field.to_python(value)


def _is_plain_fraction(text: str) -> bool:
    """Whether it is how Python writes microseconds: nothing, or all six digits."""
    return not text or (len(text) == 7 and text[0] == "." and text[1:].isdecimal() and text != ".000000")


def _aware(value: str) -> datetime:
    """A time that others than Django wrote, read as Django reads it."""
    read = parse_datetime(value)
    if read is None:
        raise ValueError(f"{value!r} is no time.")
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def _encode_special(value: Any) -> str:
    known = next((kind for kind in type(value).__mro__ if kind in _PLAIN), None)
    if known is None:
        raise TypeError(f"A backup cannot hold a {type(value).__name__}.")
    return _PLAIN[known](value)


_decode = json.JSONDecoder().raw_decode
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_encode_special)
