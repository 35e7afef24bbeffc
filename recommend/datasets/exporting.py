"""Datasets written row by row, into a folder or into storage, whole or not at all.

In Personalize's columns, or as Gorse imports them: users, items, feedback. An id of Gorse holds no slash,
so keys are percent-encoded; `urllib.parse.unquote` gives them back.
"""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.files import File
from django.core.files.storage import default_storage

from garden.csv_escaping import defuse
from garden.models import Image, Visitor
from recommend.datasets.schema import EVENT_TYPES, INTERACTIONS, ITEMS, USERS, Dataset
from recommend.models import Interaction, Kind


def _user(visitor: Visitor) -> tuple[str, ...]:
    words = {"generation": visitor.generation, "gender": visitor.gender, "emotion": visitor.emotion}
    return gorse_id(visitor.id), json.dumps({name: word for name, word in words.items() if word})


def _item(image: Image) -> tuple[str, ...]:
    hidden = "false" if image.state == Image.State.SERVING else "true"
    words = {"emotion": image.emotion, "favorite": image.favorite, "orientation": image.orientation}
    published = image.published_at or image.created_at
    return gorse_id(image.key), hidden, image.emotion, _time(published), json.dumps(words), ""


def _feedback(said: Interaction) -> tuple[str, ...]:
    kind = EVENT_TYPES[Kind(said.kind)]
    return kind, gorse_id(said.visitor_id or ""), gorse_id(said.item_key), _time(said.created_at)


def gorse_id(text: str) -> str:
    """Nothing that a spreadsheet would run is left at the beginning either."""
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
    """Where a dataset lies under its root: `users/users.csv`. Always the same: importers read whole folders."""
    return f"{dataset.name}/{dataset.name}.csv"


def export_to_folder(dataset: Dataset, folder: Path, *, verbatim: bool, watch: Watch) -> tuple[str, int]:
    """Write a dataset beside its final name, then put it there; returns where, and how many rows."""
    path = folder / path_of(dataset)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", newline="", encoding="utf-8", dir=path.parent, prefix=".", suffix=".part", delete=False
    ) as part:
        try:
            rows = write(dataset, part, verbatim=verbatim, watch=watch)
            Path(part.name).chmod(0o644)
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return str(path), rows


def export_to_storage(dataset: Dataset, *, verbatim: bool, watch: Watch) -> tuple[str, int]:
    """Write a dataset to `dataset/…` of the garden's storage; returns where, and how many rows."""
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
        lines.writerow(cells if verbatim else _defused(cells))
    return count


def _defused(cells: Sequence[str]) -> Iterator[str]:
    return map(defuse, cells)
