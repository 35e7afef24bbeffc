"""Columns of many rows as JSON texts, and rows of them: a call for every value would take longer than the value."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import repeat
from operator import attrgetter
from typing import Any

import orjson

from garden.archive.rows.values import encode_stored_json, encode_stored_time

EncodeColumn = Callable[[Sequence[Any]], list[str]]
_zone = attrgetter("tzinfo")
_NUMBER_OF_ANOTHER = re.compile(r"[0-9](?:e|\.0000)").search
"""What very small and very large numbers look like, which Python writes in another way than orjson."""


def column_encoder(encode: Callable[[Any], str]) -> EncodeColumn:
    """For a column that may hold nulls, of an encoder that need not know them."""

    def encode_column(values: Sequence[Any]) -> list[str]:
        if None in values:
            return ["null" if value is None else encode(value) for value in values]
        return list(map(encode, values))

    return encode_column


def encode_stored_times(values: Sequence[str | None]) -> list[str]:
    """`encode_stored_time` of each; orjson writes what SQLite keeps, in UTC, as `datetime.isoformat` does."""
    try:
        times = [None if value is None else datetime.fromisoformat(value) for value in values]
    except ValueError:
        return [encode_stored_time(value) for value in values]
    if any(map(_zone, filter(None, times))):
        return [encode_stored_time(value) for value in values]
    return orjson.dumps(times, option=orjson.OPT_NAIVE_UTC).decode()[1:-1].split(",")


def encode_stored_jsons(values: Sequence[str | None]) -> list[str]:
    """`encode_stored_json` of each, by orjson where it writes the same."""
    try:
        read = (None if value is None else orjson.loads(value) for value in values)
        told = [orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() for value in read]
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return [encode_stored_json(value) for value in values]
    if _NUMBER_OF_ANOTHER("\n".join(told)):
        return [encode_stored_json(value) for value in values]
    return told


def lines_of(names: Sequence[str], columns: Sequence[list[str]]) -> list[str]:
    """An object a row. What all of them share is put together once."""
    parts: list[Any] = []
    text = "{"
    for name, values in zip(names, columns, strict=True):
        text += f"{json.dumps(name)}:"
        if values.count(values[0]) == len(values):
            text += values[0]
        else:
            parts += [repeat(text), values]
            text = ""
        text += ","
    parts.append(repeat(text.removesuffix(",") + "}", len(columns[0])))
    return list(map("".join, zip(*parts, strict=False)))
