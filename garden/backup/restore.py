"""Bringing a snapshot back: everything is checked first, then files are written, then all rows at once.

A drill restores into a scratch database and storage, and compares row by row and file by file.
"""

import json
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import IO, Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from garden.backup.contents import HARMLESS, LEFT_OUT, backed_up_models, refuse_other_version
from garden.backup.database import ACCOUNTS, differing_rows, dump, has_accounts, load
from garden.backup.places import (
    SHOWN,
    DamagedError,
    RefusedBackupError,
    files_of,
    key_problem,
    left_join,
    refuse_keys_equal_without_case,
    site_storage,
)
from garden.backup.snapshot import (
    FILES,
    BackupSnapshot,
    Entry,
    check_files,
    hash_of,
    read_content,
    read_entries,
    read_lines,
)
from garden.batches import in_parallel
from garden.storage.backends import AtomicFileSystemStorage, PictureStorage, StoredFile

_DIFFERENCES = 20
"""Most differences that a drill lists."""


@dataclass(slots=True)
class Restored:
    """What was done; of a dry run what would be."""

    files_the_same: int = 0
    files_written: int = 0
    rows_written: bool = False


@dataclass(frozen=True, slots=True)
class Restore:
    """Into the site's database and `site`, its storage. `replace` allows to overwrite other rows and files."""

    backup: PictureStorage
    snapshot: BackupSnapshot
    site: PictureStorage
    workers: int
    tick: Callable[[], object]
    replace: bool = False
    dry: bool = False

    def run(self) -> Restored:
        """Raises RefusedBackupError before anything changed, DamagedError before anything is visible."""
        self._check()
        differing = differing_rows(self.snapshot)
        others = [each for each in differing if each["here"] and each["model"] not in HARMLESS]
        if others and not self.replace:
            raise RefusedBackupError(
                "The database holds other rows; nothing was restored. --replace puts the backup's in their place.",
                rows=others,
            )
        report = Restored()
        report.rows_written = bool(differing) or not has_accounts(self.read_rows)
        with tempfile.TemporaryFile() as to_write:
            are_replaced = self._compare_files(to_write, report)
            if self.dry:
                return report
            if are_replaced:  # Pictures that visitors see are overwritten: only by what was read whole before.
                self._verify(_entries_in(to_write))
            for _ in in_parallel(self._write_file, _entries_in(to_write), self.workers):
                self.tick()
            self.site.sync()
        if report.rows_written:
            load(self.snapshot, self.read_rows, only_accounts=not differing)
        return report

    def read_rows(self, model: str) -> Iterator[bytes]:
        return read_lines(self.backup, self.snapshot.rows[model].pages)

    def compare(self, entries: Iterable[Entry], stored: Iterable[StoredFile]) -> Iterator[tuple[Entry, str | None]]:
        """Each entry with the SHA-256 of its file here; None where there is none, empty where the size is another."""
        return in_parallel(self._hash, left_join(entries, stored), self.workers)

    def _check(self) -> None:
        """All that can be known without reading pictures."""
        refuse_other_version(self.snapshot.migrations)
        known = {model._meta.label for model in backed_up_models(self.snapshot.left_out)} | ACCOUNTS.keys()
        if unknown := sorted(self.snapshot.rows.keys() ^ known):
            raise RefusedBackupError(f"Site and backup do not both have {', '.join(unknown)}.", models=unknown)
        for model in self.snapshot.rows:
            for _line in self.read_rows(model):
                pass
        _refuse_bad_keys(read_entries(self.backup, self.snapshot))
        refuse_keys_equal_without_case(self.site, (entry.key for entry in read_entries(self.backup, self.snapshot)))

    def _compare_files(self, to_write: IO[bytes], report: Restored) -> bool:
        """Writes the lines of files that are missing or others; returns whether there are others."""
        others = []
        for entry, sha256 in self.compare(read_entries(self.backup, self.snapshot), files_of(self.site, LEFT_OUT)):
            if sha256 == entry.sha256:
                report.files_the_same += 1
                continue
            report.files_written += 1
            to_write.write(entry.line + b"\n")
            if sha256 is not None:
                others.append(entry.key)
        if others and not self.replace:
            raise RefusedBackupError(
                f"The storage holds other pictures under {len(others):,} of these keys; nothing was restored. "
                "--replace puts the backup's in their place.",
                files=others[:SHOWN],
            )
        return bool(others)

    def _hash(self, pair: tuple[Entry, StoredFile | None]) -> tuple[Entry, str | None]:
        entry, stored = pair
        if stored is None or stored.size != entry.size:
            return entry, None if stored is None else ""
        try:
            return entry, hash_of(self.site.read(entry.key))
        except FileNotFoundError:
            return entry, None

    def _verify(self, entries: Iterable[Entry]) -> None:
        checked = check_files(self.backup, entries, self.workers)
        damaged = [{"key": entry.key, "problem": problem} for entry, problem in checked if problem]
        if damaged:
            raise DamagedError(
                f"{len(damaged):,} files of the backup are damaged; nothing was restored.", damaged=damaged[:SHOWN]
            )

    def _write_file(self, entry: Entry) -> None:
        self.site.write(entry.key, read_content(self.backup, FILES, entry.sha256))


def _entries_in(lines: IO[bytes]) -> Iterator[Entry]:
    lines.seek(0)
    return map(Entry.of, lines)


def _refuse_bad_keys(entries: Iterable[Entry]) -> None:
    """Raises RefusedBackupError with the keys that no backup of ours names, or that come twice."""
    refused: list[dict[str, str]] = []
    last = ""
    for entry in entries:
        problem = key_problem(entry.key) or ("it comes twice, or out of order" if entry.key <= last else "")
        if entry.key.startswith((".", *(f"{folder}/" for folder in LEFT_OUT))):
            problem = "its folder is left out of backups"
        last = max(last, entry.key)
        if problem and len(refused) < SHOWN:
            refused.append({"key": entry.key, "problem": problem})
    if refused:
        raise RefusedBackupError("The backup names keys that are refused; nothing was restored.", refused=refused)


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
        if len(self.differences) < _DIFFERENCES:
            self.differences.append(difference)


def drill(backup: PictureStorage, snapshot: BackupSnapshot, workers: int, tick: Callable[[], object]) -> Drill:
    """Leaves nothing behind. Raises what a restore raises."""
    report = Drill(snapshot.time)
    with _scratch_storage() as storage, _scratch_database():
        restore = Restore(backup, snapshot, storage, workers, tick)
        restore.run()
        for model, lines in dump(snapshot.left_out):
            report.rows[model] = _compare_rows(report, model, lines, restore.read_rows(model))
        for entry, sha256 in restore.compare(read_entries(backup, snapshot), files_of(storage)):
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


@contextmanager
def _scratch_storage() -> Iterator[PictureStorage]:
    """A folder of the site's own storage, which neither sites nor backups list."""
    storage: Any = site_storage()
    storage.location = f"{storage.location}/.drill-{uuid.uuid4().hex}"
    try:
        yield storage
    finally:
        if isinstance(storage, AtomicFileSystemStorage):
            shutil.rmtree(storage.location, ignore_errors=True)
        else:
            for stored in files_of(storage):
                storage.delete(stored.key)


@contextmanager
def _scratch_database() -> Iterator[None]:
    """An empty database of the site's own kind, migrated, in the place of the site's for this thread."""
    original = connections[DEFAULT_DB_ALIAS]
    scratch, name = original.copy(DEFAULT_DB_ALIAS), f"drill_{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        if original.vendor == "sqlite":
            name = f"{folder}/{name}"
        else:
            _run_on_server(original, f"CREATE DATABASE {name}")
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
            if original.vendor != "sqlite":
                _run_on_server(original, f"DROP DATABASE {name}")


def _run_on_server(original: BaseDatabaseWrapper, statement: str) -> None:
    try:
        with original._nodb_cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        raise RefusedBackupError(f"A drill needs a database of its own, which the server refuses: {error}") from error
