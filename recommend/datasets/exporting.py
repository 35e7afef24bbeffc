"""Datasets written row by row, into a folder or into storage, whole or not at all."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from garden.cells import defuse
from recommend.datasets.records import Dataset

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
