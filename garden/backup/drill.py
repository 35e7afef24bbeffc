"""Proving a backup: restored into a scratch database and storage, then compared row by row and file by file."""

import json
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from garden.backup.database import ACCOUNTS, dump
from garden.backup.files import in_parallel
from garden.backup.repository import BackupError, Folder, Place, place_at, site_place
from garden.backup.restore import Restore
from garden.backup.snapshot import Entry, Snapshot, hash_of, read_entries

SHOWN = 20


@dataclass(slots=True)
class Drill:
    """Counts of what was compared, rows by model; `differences` are the first twenty, field by field."""

    snapshot: str
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    different: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def add(self, **difference: Any) -> None:
        self.different += 1
        if len(self.differences) < SHOWN:
            self.differences.append(difference)


def drill(*, backup: Place, snapshot: Snapshot, workers: int = 8, tick: Callable[[], object] = lambda: None) -> Drill:
    """Leaves nothing behind. Raises what a restore raises."""
    report = Drill(snapshot.time)
    with _scratch_place(workers) as place, _scratch_database():
        restore = Restore(backup, snapshot, place, workers, tick=tick)
        restore.run()
        for model, lines in dump(snapshot.left_out):
            report.rows[model] = _compare_rows(report, model, lines, restore.read_rows(model))
        entries = in_parallel(lambda entry: (entry, _hash(place, entry)), read_entries(backup, snapshot), workers)
        for entry, sha256 in entries:
            report.files += 1
            if sha256 != entry.sha256:
                report.add(key=entry.key, backup=entry.sha256, restored=sha256)
    return report


def _compare_rows(report: Drill, model: str, restored: Iterator[bytes], backed_up: Iterator[bytes]) -> int:
    """Returns how many rows there are. Groups that migrate makes may be more than the backup's."""
    count = 0
    pairs: Iterator[tuple[bytes | None, bytes | None]] = zip_longest(restored, backed_up)
    if model in ACCOUNTS:
        by_name = {_name(line): line for line in restored}
        pairs = ((by_name.get(_name(line)), line) for line in backed_up)
    for ours, theirs in pairs:
        count += 1
        if ours != theirs:
            here, there = json.loads(ours or b"{}"), json.loads(theirs or b"{}")
            for name in sorted(here.keys() | there.keys()):
                if here.get(name) != there.get(name):
                    report.add(model=model, field=name, backup=there.get(name), restored=here.get(name))
    return count


def _name(account: bytes) -> str:
    fields = json.loads(account)
    return str(fields.get("username", fields.get("name")))


def _hash(place: Place, entry: Entry) -> str | None:
    try:
        return hash_of(place.read(entry.key))
    except FileNotFoundError:
        return None


@contextmanager
def _scratch_place(workers: int) -> Iterator[Place]:
    """A folder beside the site's pictures: on the same disk, or in the same bucket."""
    site = site_place(workers)
    if isinstance(site, Folder):
        Path(site.path).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".drill-", dir=Path(site.path).parent) as folder:
            yield Folder(folder)
        return
    place = place_at(f"{site}/.drill-{uuid.uuid4().hex}", workers)
    try:
        yield place
    finally:
        for folder in place.folders():
            for stored in place.walk(folder):
                place.delete(stored.key)


@contextmanager
def _scratch_database() -> Iterator[None]:
    """An empty database of the site's own kind, migrated, in the place of the site's for this thread."""
    original = connections[DEFAULT_DB_ALIAS]
    with _database_beside(original) as name:
        scratch = original.copy(DEFAULT_DB_ALIAS)
        scratch.settings_dict["NAME"] = name
        connections[DEFAULT_DB_ALIAS] = scratch
        try:
            call_command("migrate", verbosity=0, interactive=False)
            ContentType.objects.clear_cache()  # Its ids are other ones here.
            yield
        finally:
            scratch.close()
            connections[DEFAULT_DB_ALIAS] = original
            ContentType.objects.clear_cache()


@contextmanager
def _database_beside(original: BaseDatabaseWrapper) -> Iterator[str]:
    """The name of an empty database."""
    if original.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="drill-") as folder:
            yield str(Path(folder) / "scratch.sqlite3")
        return
    name = f"drill_{uuid.uuid4().hex}"
    _run_on_server(original, f"CREATE DATABASE {original.ops.quote_name(name)}")
    try:
        yield name
    finally:
        _run_on_server(original, f"DROP DATABASE {original.ops.quote_name(name)}")


def _run_on_server(original: BaseDatabaseWrapper, statement: str) -> None:
    try:
        with original._nodb_cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        raise BackupError(f"A drill needs a database of its own, which the server refuses: {error}") from error
