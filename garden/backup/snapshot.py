"""What a snapshot holds, and where it is in a backup; verification of a backup.

`files/ab/abcdef…` and `pages/ab/abcdef…` are known by their SHA-256 and shared by all snapshots: files of the site, and
pages of lines of JSON. `snapshots/TIME.json` names the pages, and is written last: without it there is no snapshot.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import orjson

from garden.backup.places import SHOWN, DamagedError, RefusedBackupError
from garden.batches import in_parallel
from garden.storage.backends import PictureStorage
from garden.storage.outages import describe_failure, is_outage

FORMAT = 1
FILES = "files"
PAGES = "pages"
SNAPSHOTS = "snapshots"
_is_snapshot = re.compile(rf"{SNAPSHOTS}/(\d{{8}}T\d{{6}}Z\d{{6}})\.json").fullmatch


@dataclass(frozen=True, slots=True)
class Document:
    """Many lines: how many, the SHA-256 of all of them, and the SHA-256 of each page of them."""

    lines: int
    sha256: str
    pages: list[str]


@dataclass(frozen=True, slots=True)
class BackupSnapshot:
    """`migrations` by app; `left_out` by choice; `bytes` of all files; `absent`: keys of rows without their file."""

    time: str
    migrations: dict[str, list[str]]
    left_out: list[str]
    files: Document
    bytes: int
    rows: dict[str, Document]
    absent: list[str]

    def summary(self) -> dict[str, Any]:
        """What commands report of it."""
        rows = {model: document.lines for model, document in self.rows.items()}
        return {
            "snapshot": self.time,
            "left_out": self.left_out,
            "files": self.files.lines,
            "bytes": self.bytes,
            "absent": self.absent,
            "rows": rows,
        }

    def write(self, place: PictureStorage) -> None:
        described = asdict(self) | {"format": FORMAT}
        place.write(snapshot_key(self.time), _encode(described | {"seal": hash_of(_encode(described))}))


class Entry(NamedTuple):
    """A file of the site in a snapshot. While `size` and `mark` stay the file is not read again."""

    key: str
    size: int
    mark: str
    sha256: str

    @property
    def line(self) -> bytes:
        return orjson.dumps(self._asdict())

    @classmethod
    def of(cls, line: bytes) -> "Entry":
        try:
            return cls(**orjson.loads(line))
        except (ValueError, TypeError) as error:
            raise DamagedError(f"A line of the list of files cannot be read: {line[:200]!r}.") from error


def list_snapshots(place: PictureStorage) -> list[str]:
    """Their times, the oldest first."""
    return sorted(found[1] for stored in place.walk(SNAPSHOTS) if (found := _is_snapshot(stored.key)))


def choose_snapshot(place: PictureStorage, time: str = "") -> BackupSnapshot:
    """The snapshot whose time begins so; the newest one without it. Raises RefusedBackupError."""
    all_of_them = list_snapshots(place)
    fitting = [each for each in all_of_them if each.startswith(time)]
    if not fitting or (time and len(fitting) > 1):
        what = " ".join(filter(None, ["several snapshots" if fitting else "no whole snapshot", time]))
        if not all_of_them and any(place.walk(PAGES)):
            what += ". A backup was begun and not finished: run it again"
        raise RefusedBackupError(f"{place} holds {what}.", snapshots=all_of_them)
    return read_snapshot(place, fitting[-1])


def read_snapshot(place: PictureStorage, time: str) -> BackupSnapshot:
    """Raises DamagedError or RefusedBackupError."""
    try:
        described = json.loads(place.read(snapshot_key(time)))
        seal, version = described.pop("seal"), described["format"]
        if version != FORMAT:
            raise RefusedBackupError(f"Snapshot {time} has format {version}; this program reads {FORMAT}.")
        if seal != hash_of(_encode(described)) or described["time"] != time:
            raise ValueError("its SHA-256 is another one")
        del described["format"]
        rows = {model: Document(**document) for model, document in described["rows"].items()}
        return BackupSnapshot(**described | {"files": Document(**described["files"]), "rows": rows})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(snapshot_key(time), f"damaged: {error}") from error


def read_lines(place: PictureStorage, pages: Iterable[str]) -> Iterator[bytes]:
    """The lines of pages, each checked before any of its lines. Raises DamagedError."""
    for sha256 in pages:
        yield from read_content(place, PAGES, sha256).splitlines()


def read_entries(place: PictureStorage, snapshot: BackupSnapshot) -> Iterator[Entry]:
    return map(Entry.of, read_lines(place, snapshot.files.pages))


def read_content(place: PictureStorage, folder: str, sha256: str) -> bytes:
    """A file or a page of a backup. Raises DamagedError where it is missing or was changed."""
    key = content_key(folder, sha256)
    try:
        data = place.read(key)
    except FileNotFoundError as error:
        raise damaged(key, "missing") from error
    if hash_of(data) != sha256:
        raise damaged(key, "changed since it was backed up")
    return data


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def content_key(folder: str, sha256: str) -> str:
    return f"{folder}/{sha256[:2]}/{sha256}"


def damaged(key: str, problem: str) -> DamagedError:
    return DamagedError(f"{key} is {problem}.", damaged=[{"key": key, "problem": problem}])


def snapshot_key(time: str) -> str:
    return f"{SNAPSHOTS}/{time}.json"


def _encode(described: dict[str, Any]) -> bytes:
    return json.dumps(described, ensure_ascii=False, sort_keys=True, indent=1).encode()


@dataclass(slots=True)
class Verification:
    """Of all snapshots: how many files and rows were checked, and what is damaged (the first hundred)."""

    snapshots: list[str]
    files: int = 0
    rows: int = 0
    damaged: list[dict[str, str]] = field(default_factory=list)


def verify_backup(backup: PictureStorage, workers: int, tick: Callable[[], object]) -> Verification:
    """Goes on after what is damaged; files and pages that several snapshots share are read once."""
    verification = Verification(list_snapshots(backup))
    seen: set[bytes] = set()
    for time in verification.snapshots:
        try:
            snapshot = read_snapshot(backup, time)
            for document in snapshot.rows.values():
                verification.rows += sum(1 for _ in read_lines(backup, document.pages))
            new = _unseen(read_entries(backup, snapshot), seen)
            for entry, problem in check_files(backup, new, workers):
                tick()
                verification.files += 1
                if problem:
                    damage = {"key": content_key(FILES, entry.sha256), "problem": f"{problem} ({entry.key})"}
                    verification.damaged.append(damage)
        except DamagedError as error:
            verification.damaged.append({"key": f"snapshot {time}", "problem": error.detail})
    del verification.damaged[SHOWN:]
    return verification


def check_files(backup: PictureStorage, entries: Iterable[Entry], workers: int) -> Iterator[tuple[Entry, str]]:
    """What is wrong with each file of a backup; empty when it is whole."""
    return in_parallel(lambda entry: (entry, _problem_of(backup, entry)), entries, workers)


def _problem_of(backup: PictureStorage, entry: Entry) -> str:
    try:
        read_content(backup, FILES, entry.sha256)
    except DamagedError as error:
        return str(error.extra["damaged"][0]["problem"])
    except Exception as error:  # Also a bucket's refusal of one object: the others are checked all the same.
        if is_outage(error) or not (isinstance(error, OSError) or describe_failure(error)):
            raise
        return f"cannot be read: {error}"
    return ""


def _unseen(entries: Iterator[Entry], seen: set[bytes]) -> Iterator[Entry]:
    for entry in entries:
        sha256 = bytes.fromhex(entry.sha256)
        if sha256 not in seen:
            seen.add(sha256)
            yield entry
