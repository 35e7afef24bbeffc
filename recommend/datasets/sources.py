"""Rows of a file, as they are written there, one at a time.

CSV with a header; DynamoDB's exports: JSON lines `{"Item": {…}}`, and the answer of `aws dynamodb scan`; each of
them also compressed (.gz).
"""

import csv
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from garden.csv_escaping import restore

Cells = Mapping[str, Any]
ITEMS_OF_A_SCAN = '"Items"'
_BLOCK = 1 << 16
_LONGEST_ITEM = 1 << 20
_BETWEEN = re.compile(r"[\s,]*")
_SEEDS_NAMES = {"ObjKey": "ITEM_ID", "Timestamp": "TIMESTAMP", "Emotion": "EMOTION"}


class UnreadableFileError(ValueError):
    """The file is none of those that are understood; the message says where it stops being one."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row's place (line of a CSV or JSON-lines file, number in a scan, from 1) and its cells by column."""

    place: int
    cells: Cells


def read_rows(path: Path) -> Iterator[RawRow]:
    """Raises UnreadableFileError, OSError."""
    try:
        with _open(path) as stream:
            beginning = stream.read(1).strip() or stream.read(64).lstrip()[:1]
            stream.seek(0)
            yield from _read_json(stream) if beginning == "{" else _read_csv(stream)
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise UnreadableFileError(str(error)) from error


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _read_csv(stream: TextIO) -> Iterator[RawRow]:
    lines = csv.DictReader(stream, strict=True)
    for row in lines:
        cells = {name: restore(cell) if isinstance(cell, str) else cell for name, cell in row.items() if name}
        yield RawRow(lines.line_num, {**cells, **({"": row[None]} if None in row else {})})


def _read_json(stream: TextIO) -> Iterator[RawRow]:
    first = stream.readline(_LONGEST_ITEM)
    stream.seek(0)
    if _is_line(first):
        yield from _read_lines(stream)
    else:
        yield from _read_scan(stream)


def _is_line(text: str) -> bool:
    try:
        return "Item" in json.loads(text)
    except ValueError:
        return False


def _read_lines(stream: TextIO) -> Iterator[RawRow]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            yield RawRow(number, plain(json.loads(line)["Item"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableFileError(f"line {number} is no DynamoDB item: {error}") from error


def _read_scan(stream: TextIO) -> Iterator[RawRow]:
    """The items of a scan, decoded one by one: the document itself may be larger than memory."""
    text, decoder, at, number = _up_to_items(stream), json.JSONDecoder(), 0, 0
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if text.startswith("]", at):
            return
        try:
            item, at = decoder.raw_decode(text, at)
        except ValueError as error:
            more = stream.read(_BLOCK)
            if not more:
                raise UnreadableFileError(f"it ends within item {number + 1}: {error}") from error
            text, at = text[at:] + more, 0
            continue
        number += 1
        yield RawRow(number, plain(item))


def _up_to_items(stream: TextIO) -> str:
    """What was read so far after the bracket that opens the items."""
    text = ""
    while block := stream.read(_BLOCK):
        text += block
        _, found, rest = text.partition(ITEMS_OF_A_SCAN)
        if found and "[" in rest:
            return rest.partition("[")[2]
        text = text if found else text[-len(ITEMS_OF_A_SCAN) :]
    raise UnreadableFileError('it is JSON, but neither lines of {"Item": …} nor a scan with "Items"')


def plain(item: Mapping[str, Any]) -> Cells:
    """DynamoDB's typed values as plain ones, the seeds' names of the first table as those of the others."""
    return {_SEEDS_NAMES.get(name, name): _value(value) for name, value in item.items()}


def _value(value: Any) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((kind, content),) = value.items()
    if kind == "L":
        return [_value(part) for part in content]
    if kind == "NULL":
        return ""
    return content if kind in {"S", "N", "SS", "NS", "BOOL"} else value
