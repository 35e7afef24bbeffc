"""The storage of pictures, a folder of this machine or a bucket (`garden.storage.s3`), with what Django's own storages
lack. Here the folder: files are written whole or not at all."""

import fcntl
import os
import subprocess
import tempfile
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from garden.errors import RefusedError

INCOMING = ".incoming"
_UNSAFE = {"", ".", ".."}


class StoredFile(NamedTuple):
    """A file as a listing shows it: `size` in bytes; `tag` changes with the content where the place knows (ETag).

    `mark` changes whenever the file is written.
    """

    key: str
    size: int
    modified: datetime
    tag: str = ""
    mark: str = ""


class PictureStorage(Storage, ABC):
    """What our storages can besides being one of Django's. Safe to use from several threads."""

    patience = 10.0
    """Seconds for which a request to a service that is down is repeated."""

    @abstractmethod
    def read(self, key: str) -> bytes:
        """A whole file. Raises FileNotFoundError."""

    @abstractmethod
    def write(self, key: str, data: bytes) -> None:
        """Replaces a file of this key, in one step."""

    @abstractmethod
    def stat(self, key: str) -> StoredFile | None:
        """The file as it is now; None where there is none."""

    @abstractmethod
    def walk(self, folder: str) -> Iterator[StoredFile]:
        """The files whose key begins with `folder/`, in key order."""

    def copy(self, source: str, target: str) -> None:
        """Copy a file to another key, whose file is replaced in one step. Raises FileNotFoundError."""
        self.write(target, self.read(source))

    def ignores_case(self) -> bool:
        """Whether keys that differ in case alone are one file here."""
        return False

    def sync(self) -> None:
        """Return when what was written survives a loss of power."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Keeps other processes that ask for it out, where the place can. Raises RefusedError if one is in."""
        return nullcontext()


def picture_storage() -> PictureStorage:
    return cast(PictureStorage, default_storage)


class AtomicFileSystemStorage(PictureStorage, FileSystemStorage):
    """Like S3: saving under a taken name replaces the file in one step, and no reader meets half of one."""

    keeps_umask = False
    """Whether `write` leaves the permissions of files to the umask; otherwise they are Django's."""

    def __str__(self) -> str:
        return str(self.location)

    def path(self, name: str) -> str:
        """Django's takes longer than reading a small file; it refuses what leads elsewhere."""
        if _UNSAFE.isdisjoint(name.split("/")):
            return f"{self.location}/{name}"
        return super().path(name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    @property
    def public_base(self) -> str:
        """The prefix of a key in its URL."""
        return self.base_url

    def _save(self, name: str, content: File[Any]) -> str:
        self.write(name, b"".join(content.chunks()))
        return name

    def write(self, key: str, data: bytes) -> None:
        part = self.path(f"{INCOMING}/{uuid.uuid4().hex}")
        if not os.path.isdir(folder := os.path.dirname(part)):
            os.makedirs(folder, exist_ok=True)
        try:
            with open(part, "xb") as file:
                file.write(data)
            if self.file_permissions_mode and not self.keeps_umask:
                os.chmod(part, self.file_permissions_mode)
            self._put(part, key)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(part)
            raise

    def _put(self, part: str, key: str) -> None:
        path = self.path(key)
        try:
            os.replace(part, path)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.replace(part, path)

    def read(self, key: str) -> bytes:
        with open(self.path(key), "rb", buffering=0) as file:
            return file.read()

    def stat(self, key: str) -> StoredFile | None:
        try:
            return _stored(key, os.stat(self.path(key)))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def walk(self, folder: str) -> Iterator[StoredFile]:
        return (_stored(key, facts) for key, facts in files_below(self.path(folder), f"{folder}/"))

    def discard_abandoned(self, age: timedelta) -> int:
        """Remove what a killed process was writing longer ago than `age`; returns how many files."""
        oldest = time.time() - age.total_seconds()
        parts = [part for part in Path(self.path(INCOMING)).glob("*") if part.stat().st_mtime < oldest]
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)

    def ignores_case(self) -> bool:
        os.makedirs(self.location, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".case-", dir=self.location) as file:
            return os.path.exists(f"{self.location}/{os.path.basename(file.name).swapcase()}")

    def sync(self) -> None:
        """One call for the whole file system: a thousand times cheaper than one for every file."""
        command = ["sync", "-f", str(self.location)]  # coreutils' syncfs.
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # A fixed command and our own folder.
        if done.returncode:
            raise OSError(f"{self} could not be written to the disk: {done.stderr.strip()}")

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The lock ends with its process; what a killed process was writing is removed after a day."""
        os.makedirs(self.location, exist_ok=True)
        with open(f"{self.location}/.lock", "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise RefusedError(f"Another backup is being written to {self}.") from error
            self.discard_abandoned(timedelta(days=1))
            yield


def _stored(key: str, facts: os.stat_result) -> StoredFile:
    mark = f"{facts.st_mtime_ns:x}-{facts.st_ino:x}"
    return StoredFile(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC), mark=mark)


def files_below(folder: str, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Keys beginning with `prefix` and facts of their files, sorted: a folder is sorted as its name with a slash."""
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
