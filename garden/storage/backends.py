"""The storage of pictures, a folder of this machine or a bucket (`garden.storage.s3`), with what Django's own storages
lack. Here the folder: files are written whole or not at all."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

INCOMING = ".incoming"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a listing shows it: `size` in bytes; `tag` changes with the content where the place knows (ETag)."""

    key: str
    size: int
    modified: datetime
    tag: str = ""


class PictureStorage(Protocol):
    """What our storages can besides being one of Django's."""

    def read(self, key: str) -> bytes:
        """A whole file. Raises FileNotFoundError."""

    def stat(self, key: str) -> StoredFile | None:
        """The file as it is now; None where there is none."""

    def copy(self, source: str, target: str) -> None:
        """Copy a file to another key, whose file is replaced in one step. Raises FileNotFoundError."""

    def walk(self, folder: str, after: str = "") -> Iterator[StoredFile]:
        """The files whose key begins with `folder/`, in key order, those after `after` alone."""


def picture_storage() -> PictureStorage:
    return cast(PictureStorage, default_storage)


def copy_file(source: str, target: str) -> None:
    """Without its bytes passing through here where the storage can do it. Raises FileNotFoundError."""
    picture_storage().copy(source, target)


class AtomicFileSystemStorage(FileSystemStorage):
    """Like S3: saving under a taken name replaces the file in one step, and no reader meets half of one."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    @property
    def public_base(self) -> str:
        """What stands before a key in its URL."""
        return self.base_url

    def _save(self, name: str, content: File[Any]) -> str:
        self._put(Path(self.path(super()._save(f"{INCOMING}/{uuid.uuid4().hex}", content))), name)  # type: ignore[misc]
        return name

    def copy(self, source: str, target: str) -> None:
        """Copy a file; the copy is its own, so that replacing one never changes the other."""
        part = Path(self.path(f"{INCOMING}/{uuid.uuid4().hex}"))
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(self.path(source), part)
        except FileNotFoundError:
            part.unlink(missing_ok=True)
            raise
        part.chmod(self.file_permissions_mode or 0o644)
        self._put(part, target)

    def _put(self, part: Path, name: str) -> None:
        whole = Path(self.path(name))
        whole.parent.mkdir(parents=True, exist_ok=True)
        part.replace(whole)

    def read(self, key: str) -> bytes:
        """A whole file. Raises FileNotFoundError."""
        return Path(self.path(key)).read_bytes()

    def stat(self, key: str) -> StoredFile | None:
        """The file as it is now; None where there is none."""
        try:
            return _stored(key, os.stat(self.path(key)))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def walk(self, folder: str, after: str = "") -> Iterator[StoredFile]:
        """The files whose key begins with `folder/`, in key order, those after `after` alone."""
        for key, facts in files_below(self.path(folder), f"{folder}/"):
            if key > after:
                yield _stored(key, facts)

    def discard_abandoned(self, age: timedelta) -> int:
        """Remove what a killed process was writing longer ago than `age`; returns how many files."""
        oldest = time.time() - age.total_seconds()
        parts = [part for part in Path(self.path(INCOMING)).glob("*") if part.stat().st_mtime < oldest]
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)


def _stored(key: str, facts: os.stat_result) -> StoredFile:
    return StoredFile(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def files_below(folder: str, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Key, which begins with `prefix`, and facts of each file, in the order of keys: a folder stands where its name and
    a slash would."""
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        with os.scandir(number) as entries:  # An open folder's files are found without walking its path each time.
            found = {f"{entry.name}/" if entry.is_dir() else entry.name: entry for entry in entries}
        for name in sorted(found):
            if name.endswith("/"):
                yield from files_below(f"{folder}/{name[:-1]}", prefix + name)
                continue
            try:
                facts = found[name].stat()
            except FileNotFoundError:
                continue
            yield prefix + name, facts
    finally:
        os.close(number)
