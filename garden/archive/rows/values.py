"""One row as one line, the same from every database."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, Field, IntegerField, JSONField, TextField, Value
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
    """`encode_value` for the values of a column; most are texts and whole numbers, and quickly written."""
    if isinstance(field, CharField | TextField):
        return lambda value: "null" if value is None else encode_basestring(value)
    if isinstance(field, IntegerField):
        return lambda value: "null" if value is None else str(value)
    if isinstance(field, DateTimeField):
        return lambda value: "null" if value is None else f'"{value.isoformat()}"'
    return encode_value


def decode_value(field: "Field[Any, Any]", value: Any) -> Any:
    if value is None:
        return Value(None, JSONField()) if isinstance(field, JSONField) and not field.null else None
    return field.to_python(value)


def _encode_special(value: Any) -> str:
    known = next((kind for kind in type(value).__mro__ if kind in _PLAIN), None)
    if known is None:
        raise TypeError(f"A backup cannot hold a {type(value).__name__}.")
    return _PLAIN[known](value)


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_encode_special)
