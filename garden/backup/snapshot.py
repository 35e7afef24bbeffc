"""What a snapshot holds, and where it lies in a backup.

`files/ab/abcdef…` and `pages/ab/abcdef…` are known by their SHA-256 and shared by all snapshots: files of the site, and
pages of lines of JSON. `snapshots/TIME.json` names the pages, and is written last: without it there is no snapshot.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from garden.backup.repository import DamagedError, Place, RefusedBackupError

FORMAT = 1
FILES = "files"
PAGES = "pages"
SNAPSHOTS = "snapshots"
UNFINISHED = "unfinished.json"
"""Pages of the list of files so far: a backup that was killed is continued from them."""
_is_snapshot = re.compile(rf"{SNAPSHOTS}/(\d{{8}}T\d{{6}}Z\d{{6}})\.json").fullmatch


@dataclass(frozen=True, slots=True)
class Document:
    """Many lines: how many, the SHA-256 of all of them, and the SHA-256 of each page of them."""

    lines: int
    sha256: str
    pages: list[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`migrations` by app; `left_out` by choice; `bytes` of all files; `absent`: keys of rows without their file."""

    time: str
    migrations: dict[str, list[str]]
    left_out: list[str]
    files: Document
    bytes: int
    rows: dict[str, Document]
    absent: list[str]

    def write(self, place: Place) -> None:
        described = asdict(self) | {"format": FORMAT}
        place.write(snapshot_key(self.time), _encode(described | {"seal": hash_of(_encode(described))}))


class Entry(NamedTuple):
    """A file of the site in a snapshot, and its line. While `size` and `mark` stay the file is not read again."""

    key: str
    size: int
    mark: str
    sha256: str
    line: bytes

    @classmethod
    def new(cls, key: str, size: int, mark: str, sha256: str) -> "Entry":
        line = orjson.dumps({"key": key, "size": size, "mark": mark, "sha256": sha256})
        return cls(key, size, mark, sha256, line)

    @classmethod
    def of(cls, line: bytes) -> "Entry":
        try:
            entry = orjson.loads(line)
            return cls(entry["key"], entry["size"], entry["mark"], entry["sha256"], line.rstrip())
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"A line of the list of files cannot be read: {line[:200]!r}.") from error


def list_snapshots(place: Place) -> list[str]:
    """Their times, the oldest first."""
    return sorted(found[1] for stored in place.walk(SNAPSHOTS) if (found := _is_snapshot(stored.key)))


def choose_snapshot(place: Place, time: str = "") -> Snapshot:
    """The snapshot whose time begins so; the newest one without it. Raises RefusedBackupError."""
    all_of_them = list_snapshots(place)
    fitting = [each for each in all_of_them if each.startswith(time)]
    if not fitting or (time and len(fitting) > 1):
        what = " ".join(filter(None, ["several snapshots" if fitting else "no whole snapshot", time]))
        with suppress(FileNotFoundError):
            place.read(UNFINISHED)
            what += ". A backup was begun and not finished: run it again"
        raise RefusedBackupError(f"{place} holds {what}.", snapshots=all_of_them)
    return read_snapshot(place, fitting[-1])


def read_snapshot(place: Place, time: str) -> Snapshot:
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
        return Snapshot(**described | {"files": Document(**described["files"]), "rows": rows})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(snapshot_key(time), f"damaged: {error}") from error


def read_lines(place: Place, pages: Iterable[str]) -> Iterator[bytes]:
    """The lines of pages, each checked before any of its lines. Raises DamagedError."""
    for sha256 in pages:
        yield from read_content(place, PAGES, sha256).splitlines()


def read_entries(place: Place, snapshot: Snapshot) -> Iterator[Entry]:
    return map(Entry.of, read_lines(place, snapshot.files.pages))


def read_content(place: Place, folder: str, sha256: str) -> bytes:
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


def new_time() -> str:
    """Of now, to the microsecond: names of snapshots sort by age."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ%f")


def _encode(described: dict[str, Any]) -> bytes:
    return json.dumps(described, ensure_ascii=False, sort_keys=True, indent=1).encode()
