"""Datasets as files, one row at a time.

Read: CSV with a header; DynamoDB's exports: JSON lines `{"Item": {…}}`, and the output of `aws dynamodb scan`; each of
them also compressed (.gz).

Written: atomically into a folder or into storage, in Personalize's columns, or as Gorse imports them: users, items,
feedback. Gorse's ids contain no slash, so keys are percent-encoded; `urllib.parse.unquote` decodes them.
"""

import csv
import gzip
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from django.core.files import File
from django.core.files.storage import default_storage

from garden.csv_escaping import defuse, restore
from garden.models import Image, Visitor
from recommend.datasets.schema import EVENT_TYPES, INTERACTIONS, ITEMS, USERS, Cells, Dataset
from recommend.models import Interaction, Kind


def _user(visitor: Visitor) -> tuple[str, ...]:
    words = {"generation": visitor.generation, "gender": visitor.gender, "emotion": visitor.emotion}
    return gorse_id(visitor.id), json.dumps({name: word for name, word in words.items() if word})


def _item(image: Image) -> tuple[str, ...]:
    hidden = "false" if image.state == Image.State.SERVING else "true"
    words = {"emotion": image.emotion, "favorite": image.favorite, "orientation": image.orientation}
    published = image.published_at or image.created_at
    return gorse_id(image.key), hidden, image.emotion, _time(published), json.dumps(words), ""


def _feedback(interaction: Interaction) -> tuple[str, ...]:
    kind = EVENT_TYPES[Kind(interaction.kind)]
    return kind, gorse_id(interaction.visitor_id or ""), gorse_id(interaction.item_key), _time(interaction.created_at)


def gorse_id(text: str) -> str:
    """Without a first character that a spreadsheet would run as a formula."""
    encoded = quote(text, safe="")
    return f"%2D{encoded[1:]}" if encoded.startswith("-") else encoded


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000 UTC"


GORSE = (
    Dataset("users", ("user_id", "labels"), USERS.source, _user),
    Dataset(
        "items", ("item_id", "is_hidden", "categories", "time_stamp", "labels", "description"), ITEMS.source, _item
    ),
    Dataset("feedback", ("feedback_type", "user_id", "item_id", "time_stamp"), INTERACTIONS.source, _feedback),
)


ROOT = "dataset"
Watch = Callable[[Iterable[Sequence[str]], Dataset], Iterable[Sequence[str]]]


def path_of(dataset: Dataset) -> str:
    """Path of a dataset under its root: `users/users.csv`. It is fixed, as importers read whole folders."""
    return f"{dataset.name}/{dataset.name}.csv"


def export_to_folder(dataset: Dataset, folder: Path, *, verbatim: bool, watch: Watch) -> tuple[str, int]:
    """Write a dataset under a temporary name and rename it; returns the path and the number of rows."""
    path = folder / path_of(dataset)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as aside:
        part = Path(aside, "part")
        with part.open("w", newline="", encoding="utf-8") as stream:
            rows = write(dataset, stream, verbatim=verbatim, watch=watch)
        part.replace(path)
    return str(path), rows


def export_to_storage(dataset: Dataset, *, verbatim: bool, watch: Watch) -> tuple[str, int]:
    """Write a dataset to `dataset/…` of the site's storage; returns the name and the number of rows."""
    name = f"{ROOT}/{path_of(dataset)}"
    with tempfile.NamedTemporaryFile("w+", newline="", encoding="utf-8") as part:
        rows = write(dataset, part, verbatim=verbatim, watch=watch)
        part.flush()
        with Path(part.name).open("rb") as whole:
            return default_storage.save(name, File(whole)), rows


def write(dataset: Dataset, stream: Any, *, verbatim: bool, watch: Watch) -> int:
    """Header and rows in RFC 4180's CSV. `verbatim` leaves cells that a spreadsheet would run as they are."""
    lines = csv.writer(stream, lineterminator="\r\n")
    lines.writerow(dataset.columns)
    count = 0
    for count, cells in enumerate(watch(dataset.rows(), dataset), start=1):  # noqa: B007 (how many there were)
        lines.writerow(cells if verbatim else map(defuse, cells))
    return count


ITEMS_OF_A_SCAN = '"Items"'
_BLOCK = 1 << 16
_LONGEST_ITEM = 1 << 20
_BETWEEN = re.compile(r"[\s,]*")
_SEEDS_NAMES = {"ObjKey": "ITEM_ID", "Timestamp": "TIMESTAMP", "Emotion": "EMOTION"}


class UnreadableFileError(ValueError):
    """The file has no known format; the message names the first error."""


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
            raise UnreadableFileError(f"line {number} is not a DynamoDB item: {error}") from error


def _read_scan(stream: TextIO) -> Iterator[RawRow]:
    """The items of a scan, decoded one by one: the document may be larger than memory."""
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
    """The text already read after the bracket that opens the items."""
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
