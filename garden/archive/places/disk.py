"""A folder of this machine."""

import ctypes
import fcntl
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from garden.archive.errors import ArchiveError
from garden.archive.hashing import Content, pass_on
from garden.archive.places.base import Place, Seen, refuse_if_other

INCOMING = ".incoming"
LOCK = ".lock"
_OLD = 86_400


class DiskPlace(Place):
    def __init__(self, folder: "str | os.PathLike[str]") -> None:
        self.folder = os.fspath(folder)

    def __str__(self) -> str:
        return self.folder

    def folders(self) -> list[str]:
        return _folders(self.folder)

    def walk(self, folder: str) -> Iterator[Seen]:
        yield from _below(f"{self.folder}/{folder}", f"{folder}/", time.time())

    def sealed(self, folder: str, seal: str) -> dict[str, bool]:
        """Asks for the seals alone; a folder without one is looked into until a file is found."""
        inner = _folders(f"{self.folder}/{folder}")
        sealed = {name: os.path.isfile(f"{self.folder}/{folder}/{name}/{seal}") for name in inner}
        return {name: whole for name, whole in sealed.items() if whole or any(self.walk(f"{folder}/{name}"))}

    def open(self, key: str) -> IO[bytes]:
        return open(f"{self.folder}/{key}", "rb", buffering=0)

    def receive(
        self, source: IO[bytes], name: Callable[[str], str], expected: str = "", *, resume: bool = False
    ) -> Content:
        part = f"{self.folder}/{INCOMING}/{uuid.uuid4().hex}"
        try:
            with _create(part) as file:
                content = pass_on(source, file.write)
            refuse_if_other(content, expected, name(content.sha256))
            _move(part, f"{self.folder}/{name(content.sha256)}")
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(part)
            raise
        return content

    def delete(self, key: str) -> None:
        path = Path(self.folder, key)
        path.unlink(missing_ok=True)
        with suppress(OSError):  # Others still lie beside it.
            path.parent.rmdir()

    def folds_case(self) -> bool:
        """A file tells: disks of other systems, and shares of theirs, take `a` for `A`."""
        os.makedirs(self.folder, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".case-", dir=self.folder) as file:
            name = os.path.basename(file.name)
            return os.path.exists(f"{self.folder}/{name.swapcase()}")

    def settle(self) -> None:
        """One call for the whole file system: a thousand times cheaper than one for every file."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(folder):
                raise OSError(ctypes.get_errno(), f"cannot be flushed: {self.folder}")
        finally:
            os.close(folder)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The lock goes with its process, however that ends; what a killed one was writing goes after a day."""
        os.makedirs(self.folder, exist_ok=True)
        with open(f"{self.folder}/{LOCK}", "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ArchiveError(f"Another backup is being written to {self.folder}.") from error
            for part in self.walk(INCOMING):
                if part.age > _OLD:
                    self.delete(part.key)
            yield


class _File:
    """Writes all it is given: a raw file may take less when the disk is full."""

    def __init__(self, path: str) -> None:
        self._number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *failure: object) -> None:
        os.close(self._number)

    def write(self, data: memoryview) -> None:
        done = os.write(self._number, data)
        while done < len(data):
            done += os.write(self._number, data[done:])


def _create(path: str) -> _File:
    try:
        return _File(path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return _File(path)


def _move(part: str, path: str) -> None:
    try:
        os.replace(part, path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.replace(part, path)


def _folders(folder: str) -> list[str]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir())
    return []


def _below(folder: str, prefix: str, now: float) -> Iterator[Seen]:
    """Files in the order of their keys: a folder stands where its name and a slash would."""
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        with os.scandir(number) as entries:  # Files of an open folder are found without going down its path each time.
            found = {f"{entry.name}/" if entry.is_dir() else entry.name: entry for entry in entries}
        for name in sorted(found):
            if name.endswith("/"):
                yield from _below(f"{folder}/{name[:-1]}", prefix + name, now)
                continue
            try:
                facts = found[name].stat()
            except FileNotFoundError:
                continue
            mark = f"{facts.st_mtime_ns:x}-{facts.st_ino:x}"
            yield Seen(prefix + name, facts.st_size, mark, now - facts.st_mtime)
    finally:
        os.close(number)
