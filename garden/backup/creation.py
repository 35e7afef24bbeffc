"""Making a snapshot: rows of one moment first, then files, the snapshot's own file last; and removing old ones."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from garden.backup.contents import LEFT_OUT, refuse_unmigrated
from garden.backup.database import dump, one_moment
from garden.backup.places import (
    SHOWN,
    DamagedError,
    RefusedBackupError,
    files_of,
    key_problem,
    left_join,
    site_storage,
)
from garden.backup.snapshot import (
    FILES,
    PAGES,
    BackupSnapshot,
    Document,
    Entry,
    content_key,
    hash_of,
    list_snapshots,
    read_entries,
    read_lines,
    read_snapshot,
    snapshot_key,
)
from garden.batches import batches, in_parallel
from garden.models import Image
from garden.ops.version import applied_migrations
from garden.storage.backends import AtomicFileSystemStorage, PictureStorage, StoredFile
from garden.storage.comparison import claimed_of
from garden.storage.keys import POOL, SERVING

PAGE_LINES = 1_000
ATTEMPTS = 5
"""Where pictures are deleted faster than an attempt takes, the last one says whose file is missing."""
_AT_ONCE = 256


def make_backup(
    *,
    target: PictureStorage,
    left_out: Collection[str] = (),
    workers: int = 8,
    full: bool = False,
    dry: bool = False,
    tick: Callable[[int], object] = lambda _: None,
) -> dict[str, Any]:
    """Returns figures, and the `problems` of files that could not be backed up.

    `full` reads and copies every file again; `tick` is called with how many more are done. It can be killed anywhere,
    and is continued by the next one.
    """
    refuse_unmigrated()
    site = site_storage()
    maker = _Maker(site, target, {*LEFT_OUT, _folder_inside(site, target)}, workers, dry, tick)
    with nullcontext() if dry else target.exclusive():
        if not full:
            maker.read_newest()
        snapshot = maker.make(sorted(left_out))
        if not dry:
            target.sync()
            snapshot.write(target)
            target.sync()
    return {
        "files_copied": maker.files_copied,
        "bytes_copied": maker.bytes_copied,
        "rows_without_file": maker.rows_without_file,
        "problems": maker.problems,
        **snapshot.summary(),
    }


@dataclass(slots=True)
class _Maker:
    site: PictureStorage
    target: PictureStorage
    left_out_folders: set[str]
    workers: int
    dry: bool
    tick: Callable[[int], object]
    files_copied: int = 0
    bytes_copied: int = 0
    rows_without_file: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)
    size: int = 0
    """Bytes of all files of the snapshot."""
    known: list[str] = field(default_factory=list)
    """Pages of files of the newest snapshot, then of the last attempt."""
    pages: set[str] = field(default_factory=set)
    """All of the newest snapshot."""
    may_hold: bool = False
    """Whether the target may hold files that are not known."""

    def read_newest(self) -> None:
        self.may_hold = any(self.target.walk(PAGES))
        for time in list_snapshots(self.target)[-1:]:
            with suppress(DamagedError):
                newest = read_snapshot(self.target, time)
                self.known = newest.files.pages
                self.pages = {page for each in (newest.files, *newest.rows.values()) for page in each.pages}

    def make(self, left_out: list[str]) -> BackupSnapshot:
        """Where pictures were deleted while files were copied, rows are read again; what was copied is known then."""
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ%f")  # Names of snapshots sort by age.
        for attempt in range(1, ATTEMPTS + 1):
            self.size, self.problems = 0, []
            with one_moment():
                migrations = applied_migrations()
                rows = {label: self._write(lines) for label, lines in dump(left_out)}
                absent = set(Image.objects.values_list("key", flat=True))
            files = self._write(self._file_lines(absent))
            if self.dry or attempt == ATTEMPTS or not _any_deleted(absent):
                break
            self.known = files.pages
        self.rows_without_file = len(absent)
        self.problems = sorted(self.problems, key=lambda problem: problem["key"])[:SHOWN]
        return BackupSnapshot(time, migrations, left_out, files, self.size, rows, sorted(absent)[:SHOWN])

    def _file_lines(self, absent: set[str]) -> Iterator[bytes]:
        """Files are listed and copied as their lines are asked for; keys of files are taken out of `absent`."""
        known = _readable(map(Entry.of, read_lines(self.target, self.known)))
        pairs = left_join(files_of(self.site, self.left_out_folders), known)
        for batch in batches(map(_if_unchanged, pairs), _AT_ONCE):
            changed = in_parallel(self._copy, [stored for stored, known in batch if not known], self.workers)
            copied = [(known, False) if known else next(changed) for _stored, known in batch]
            self.tick(len(copied))
            held = {entry.key: (entry, is_new) for entry, is_new in copied if entry}
            for key in _of_another_moment(held.keys() - absent):
                del held[key]
            absent.difference_update(held)
            for entry, is_new in held.values():
                self.size += entry.size
                self.files_copied += is_new
                self.bytes_copied += is_new * entry.size
                yield entry.line

    def _copy(self, stored: StoredFile) -> tuple[Entry | None, bool]:
        """The file's entry, and whether it was copied; None where the file is gone or cannot be backed up."""
        if problem := key_problem(stored.key):
            self.problems.append({"key": stored.key, "problem": problem})
            return None, False
        if self.dry:
            return Entry(stored.key, stored.size, stored.mark, ""), True
        try:
            data = self.site.read(stored.key)
        except FileNotFoundError:
            return None, False
        except PermissionError as error:
            self.problems.append({"key": stored.key, "problem": str(error)})
            return None, False
        entry = Entry(stored.key, len(data), stored.mark, hash_of(data))
        key = content_key(FILES, entry.sha256)
        held = self.target.stat(key) if self.may_hold else None
        if held and held.size == entry.size:
            return entry, False
        self.target.write(key, data)
        return entry, True

    def _write(self, lines: Iterable[bytes]) -> Document:
        digest, count, pages = hashlib.sha256(), 0, list[str]()
        for page in batches(lines, PAGE_LINES):
            data = b"\n".join([*page, b""])
            digest.update(data)
            count += len(page)
            pages.append(hash_of(data))
            if not self.dry and pages[-1] not in self.pages:
                self.target.write(content_key(PAGES, pages[-1]), data)
                self.pages.add(pages[-1])
        return Document(count, digest.hexdigest(), pages)


def _if_unchanged(pair: tuple[StoredFile, Entry | None]) -> tuple[StoredFile, Entry | None]:
    """The entry only where the file was not changed since."""
    stored, known = pair
    return stored, known if known and known.mark == stored.mark and known.size == stored.size else None


def _readable(entries: Iterable[Entry]) -> Iterator[Entry]:
    """As far as they can be read: files of a damaged page are copied again."""
    with suppress(DamagedError):
        yield from entries


def _any_deleted(keys: Iterable[str]) -> bool:
    """Whether a row of these keys is gone meanwhile."""
    return any(Image.objects.filter(key__in=batch).count() < len(batch) for batch in batches(keys, _AT_ONCE))


def _of_another_moment(keys: Iterable[str]) -> set[str]:
    """Of files without a row: those whose row came later, and those that are being written or deleted now."""
    pictures = [key for key in keys if key.startswith((f"{POOL}/", f"{SERVING}/"))]
    if not pictures:
        return set()
    return claimed_of(pictures) | set(Image.objects.filter(key__in=pictures).values_list("key", flat=True))


def _folder_inside(site: PictureStorage, target: PictureStorage) -> str:
    """The site's folder that the backup lies in, if it does. Raises RefusedBackupError when it is one of pictures."""
    here, there = f"{site}/", f"{target}/"
    if not there.startswith(here):
        return ""
    folder = there.removeprefix(here).split("/")[0]
    if folder in ("", SERVING, POOL, "display"):
        raise RefusedBackupError(f"{target} lies among the pictures of the site ({site}): choose another place.")
    return folder


def prune_backup(backup: PictureStorage, *, keep: int, dry: bool) -> dict[str, Any]:
    """Keep the newest `keep` snapshots and what they name; returns their times, those of the removed ones, and how many
    contents and bytes were freed. It can be killed anywhere: what remains is whole.

    Others may write meanwhile where they cannot be kept out: contents younger than a day stay.
    """
    with backup.exclusive():
        times = list_snapshots(backup)
        kept, removed = times[-keep:], times[:-keep]
        named = {name for time in kept for name in _contents_of(backup, read_snapshot(backup, time))}
        is_locked, young = isinstance(backup, AtomicFileSystemStorage), datetime.now(UTC) - timedelta(days=1)
        stored = (stored for folder in (FILES, PAGES) for stored in backup.walk(folder))
        old = (each for each in stored if is_locked or each.modified < young)
        freed = [(each.key, each.size) for each in old if each.key not in named]
        if not dry:
            for key in (*map(snapshot_key, removed), *(key for key, _ in freed)):
                backup.delete(key)
    freed_bytes = sum(size for _, size in freed)
    return {"kept": kept, "removed": removed, "contents": len(freed), "bytes": freed_bytes}


def _contents_of(backup: PictureStorage, snapshot: BackupSnapshot) -> Iterator[str]:
    for document in (snapshot.files, *snapshot.rows.values()):
        yield from (content_key(PAGES, page) for page in document.pages)
    yield from (content_key(FILES, entry.sha256) for entry in read_entries(backup, snapshot))
