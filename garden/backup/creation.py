"""Making a snapshot: rows of one moment first, then files, the snapshot's own file last."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter
from time import monotonic
from typing import IO, NamedTuple

from garden.backup.database import applied_migrations, dump, one_moment, refuse_unmigrated
from garden.backup.files import LEFT_OUT, SHOWN, batches, files_of_site, in_parallel, key_problem, left_join
from garden.backup.repository import BackupError, Place, Stored, site_place
from garden.backup.snapshot import (
    FILES,
    PAGES,
    UNFINISHED,
    Document,
    Entry,
    Snapshot,
    content_key,
    hash_of,
    list_snapshots,
    new_time,
    read_entries,
    read_lines,
    read_snapshot,
)
from garden.models import Image
from garden.storage.keys import POOL, SERVING

PAGE_LINES = 1_000
PAGE_SECONDS = 2.0
"""A page of files is written after so long at the latest."""
ATTEMPTS = 5
"""Where pictures are deleted faster than an attempt takes, the last one says whose file is missing."""
_AT_ONCE = 256


@dataclass(slots=True)
class Tally:
    """Of the files of a snapshot: bytes of all, how many were copied and their bytes, and what could not be held."""

    bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    def add(self, files: Iterable[tuple[Entry, bool]]) -> None:
        """Each with whether it was copied."""
        for entry, is_new in files:
            self.bytes += entry.size
            self.copied += is_new
            self.copied_bytes += is_new * entry.size


@dataclass(frozen=True, slots=True)
class Backup:
    """`absent` rows stand without their file."""

    snapshot: Snapshot
    tally: Tally
    absent: int


class Copied(NamedTuple):
    """What became of a file: its entry, or None where it is gone or has a problem."""

    entry: Entry | None
    is_new: bool = False
    problem: dict[str, str] | None = None


def make_backup(
    *,
    target: Place,
    left_out: Collection[str] = (),
    workers: int = 8,
    full: bool = False,
    dry: bool = False,
    tick: Callable[[int], object] = lambda _: None,
) -> Backup:
    """`full` reads and copies every file again; `tick` is called with how many more are done.

    Raises BackupError or OSError. It can be killed anywhere, and is continued by the next one.
    """
    refuse_unmigrated()
    site = site_place(workers)
    maker = _Maker(site, target, {*LEFT_OUT, _folder_inside(site, target)}, workers, dry, tick)
    with nullcontext() if dry else target.exclusive():
        if target.incremental and not full:
            maker.read_earlier()
        backup = maker.make(sorted(left_out))
        if not dry:
            target.sync()
            backup.snapshot.write(target)
            if target.incremental:
                target.delete(UNFINISHED)
            target.sync()
    return backup


@dataclass(slots=True)
class _Maker:
    site: Place
    target: Place
    left_out_folders: set[str]
    workers: int
    dry: bool
    tick: Callable[[int], object]
    known: list[Iterator[Entry]] = field(default_factory=list)
    """Entries of earlier backups, in the order of keys."""
    present: dict[str, int] = field(default_factory=dict)
    """Sizes of the files that a backup left which was not finished."""
    pages: set[str] = field(default_factory=set)
    """Those of the newest snapshot."""

    def read_earlier(self) -> None:
        try:
            pages = json.loads(self.target.read(UNFINISHED))
        except (FileNotFoundError, ValueError):
            if not self.dry:
                self.target.write(UNFINISHED, b"[]")
        else:
            self.present = {stored.key: stored.size for stored in self.target.walk(FILES)}
            self.known.append(filter(self._is_present, _readable(map(Entry.of, read_lines(self.target, pages)))))
        for time in list_snapshots(self.target)[-1:]:
            with suppress(BackupError):
                newest = read_snapshot(self.target, time)
                self.known.append(_readable(read_entries(self.target, newest)))
                self.pages = {page for each in (newest.files, *newest.rows.values()) for page in each.pages}

    def make(self, left_out: list[str]) -> Backup:
        """Where pictures were deleted while files were copied, rows are read again; what was copied is known then."""
        time, tally = new_time(), Tally()
        with ExitStack() as stack:
            for attempt in range(1, ATTEMPTS + 1):
                tally = Tally(copied=tally.copied, copied_bytes=tally.copied_bytes)
                made = stack.enter_context(tempfile.TemporaryFile())
                with one_moment():
                    migrations = applied_migrations()
                    rows = {label: self._write(lines) for label, lines in dump(left_out)}
                    absent = set(Image.objects.values_list("key", flat=True))
                files = self._write(self._file_lines(tally, absent, made), resumable=True)
                if attempt == ATTEMPTS or not _any_deleted(absent):
                    break
                made.seek(0)
                self.known = [map(Entry.of, made)]
        return Backup(
            Snapshot(time, migrations, left_out, files, tally.bytes, rows, sorted(absent)[:SHOWN]), tally, len(absent)
        )

    def _file_lines(self, tally: Tally, absent: set[str], made: IO[bytes]) -> Iterator[bytes]:
        """Files are listed and copied as their lines are asked for; keys of files are taken out of `absent`."""
        pairs = left_join(files_of_site(self.site, self.left_out_folders), merge(*self.known, key=attrgetter("key")))
        for batch in batches(map(_known, pairs), _AT_ONCE):
            changed = in_parallel(self._copy, [stored for stored, known in batch if not known], self.workers)
            copied = [Copied(known) if known else next(changed) for _stored, known in batch]
            self.tick(len(copied))
            tally.problems += [each.problem for each in copied if each.problem][: SHOWN - len(tally.problems)]
            held = {each.entry.key: (each.entry, each.is_new) for each in copied if each.entry}
            made.write(b"".join([entry.line + b"\n" for entry, _ in held.values()]))
            for key in _of_another_moment(held.keys() - absent):
                del held[key]
            absent.difference_update(held)
            tally.add(held.values())
            yield from [entry.line for entry, _ in held.values()]

    def _copy(self, stored: Stored) -> Copied:
        if problem := key_problem(stored.key):
            return Copied(None, problem={"key": stored.key, "problem": problem})
        if self.dry:
            return Copied(Entry.new(stored.key, stored.size, stored.mark, ""), True)
        try:
            data = self.site.read(stored.key)
        except FileNotFoundError:
            return Copied(None)
        except PermissionError as error:
            return Copied(None, problem={"key": stored.key, "problem": str(error)})
        entry = Entry.new(stored.key, len(data), stored.mark, hash_of(data))
        if self._is_present(entry):
            return Copied(entry)
        self.target.write(content_key(FILES, entry.sha256), data)
        return Copied(entry, True)

    def _is_present(self, entry: Entry) -> bool:
        return self.present.get(content_key(FILES, entry.sha256)) == entry.size

    def _write(self, lines: Iterable[bytes], *, resumable: bool = False) -> Document:
        digest, count, pages, noted = hashlib.sha256(), 0, list[str](), monotonic()
        for page in _pages(lines):
            data = b"\n".join([*page, b""])
            digest.update(data)
            count += len(page)
            pages.append(hash_of(data))
            if not self.dry and pages[-1] not in self.pages:
                self.target.write(content_key(PAGES, pages[-1]), data)
            if resumable and not self.dry and self.target.incremental and monotonic() > noted + PAGE_SECONDS:
                self.target.write(UNFINISHED, json.dumps(pages).encode())
                noted = monotonic()
        return Document(count, digest.hexdigest(), pages)


def _known(pair: tuple[Stored, Entry | None]) -> tuple[Stored, Entry | None]:
    """The entry only where the file was not changed since."""
    stored, known = pair
    return stored, known if known and known.mark == stored.mark and known.size == stored.size else None


def _readable(entries: Iterable[Entry]) -> Iterator[Entry]:
    """As far as they can be read: files of a damaged page are copied again."""
    with suppress(BackupError):
        yield from entries


def _pages(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    begun = monotonic()
    for line in lines:
        page.append(line)
        if len(page) == PAGE_LINES or monotonic() > begun + PAGE_SECONDS:
            yield page
            page, begun = [], monotonic()
    if page:
        yield page


def _any_deleted(keys: Iterable[str]) -> bool:
    """Whether a row of these keys is gone meanwhile."""
    return any(Image.objects.filter(key__in=batch).count() < len(batch) for batch in batches(keys, _AT_ONCE))


def _of_another_moment(keys: Iterable[str]) -> set[str]:
    """Of files without a row: those whose row came later, and those that are being written or deleted now."""
    from garden.storage.sync import claimed_of

    pictures = [key for key in keys if key.startswith((f"{POOL}/", f"{SERVING}/"))]
    if not pictures:
        return set()
    return claimed_of(pictures) | set(Image.objects.filter(key__in=pictures).values_list("key", flat=True))


def _folder_inside(site: Place, target: Place) -> str:
    """The site's folder that the backup lies in, if it does. Raises BackupError when that is one of the pictures'."""
    here, there = f"{site}/", f"{target}/"
    if not there.startswith(here):
        return ""
    folder = there.removeprefix(here).split("/")[0]
    if folder in ("", SERVING, POOL, "display"):
        raise BackupError(f"{target} lies among the pictures of the site ({site}): choose another place.")
    return folder
