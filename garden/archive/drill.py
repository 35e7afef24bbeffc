"""Proving a backup: restored into a scratch site, then compared row by row and file by file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Any

from garden.archive.backup import dumps
from garden.archive.hashing import content_of
from garden.archive.layout import FILES, rows_document
from garden.archive.manifest import Entry, entries_of
from garden.archive.pages import read_lines
from garden.archive.parallel import in_parallel
from garden.archive.places import Place
from garden.archive.restore import Restorer
from garden.archive.rows.models import ACCOUNTS
from garden.archive.scratch import scratch_database, scratch_place
from garden.archive.snapshot import Snapshot
from garden.archive.stores import Store

SHOWN = 20
Tick = Callable[[], object]


@dataclass(slots=True)
class Drill:
    """Counts of what was compared, rows by model; `differences` are the first twenty, field by field."""

    snapshot: str
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    different: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, **difference: Any) -> None:
        self.different += 1
        if len(self.differences) < SHOWN:
            self.differences.append(difference)


def drill(*, store: Store, snapshot: Snapshot, workers: int = 8, tick: Tick = lambda: None) -> Drill:
    """Leaves nothing behind. Raises what a restore raises."""
    told = Drill(snapshot.time)
    with scratch_place(workers) as place, scratch_database():
        Restorer(store, snapshot, workers, tick=tick).restore(place)
        for model, batches in dumps(snapshot.left_out):
            here = chain.from_iterable(batches)
            told.rows[model] = _compare_rows(store, snapshot, model, here, told)
        told.files = _compare_files(store, snapshot, place, workers, told)
    return told


def _compare_rows(store: Store, snapshot: Snapshot, model: str, here: Iterator[str], told: Drill) -> int:
    count = 0
    there = read_lines(store, snapshot.time, rows_document(model), snapshot.rows[model])
    for ours, theirs in _pairs(model, here, there):
        count += 1
        if ours != theirs:
            _compare_fields(model, json.loads(ours or "{}"), json.loads(theirs or "{}"), told)
    return count


def _compare_fields(model: str, restored: dict[str, Any], backed_up: dict[str, Any], told: Drill) -> None:
    for name in sorted(restored.keys() | backed_up.keys()):
        if restored.get(name) != backed_up.get(name):
            told.tell(model=model, field=name, backup=backed_up.get(name), restored=restored.get(name))


def _pairs(model: str, here: Iterator[str], there: Iterator[str]) -> Iterator[tuple[str | None, str | None]]:
    """Accounts and groups that migrate makes by itself are more than the backup's; all others stand side by side."""
    if model not in ACCOUNTS:
        return zip_longest(here, there)
    restored = {_name(line): line for line in here}
    return ((restored.get(_name(line)), line) for line in there)


def _name(line: str) -> str:
    told = json.loads(line)
    return str(told.get("username", told.get("name")))


def _compare_files(store: Store, snapshot: Snapshot, place: Place, workers: int, told: Drill) -> int:
    count = 0
    entries = entries_of(read_lines(store, snapshot.time, FILES, snapshot.files))
    for entry, sha256 in in_parallel(lambda entry: (entry, _hash(place, entry)), entries, workers):
        count += 1
        if sha256 != entry.kept.sha256:
            told.tell(key=entry.key, backup=entry.kept.sha256, restored=sha256)
    return count


def _hash(place: Place, entry: Entry) -> str | None:
    try:
        with place.open(entry.key) as file:
            return content_of(file).sha256
    except FileNotFoundError:
        return None
