"""A backup in one file, written from front to back."""

import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO

from garden.archive.hashing import CHUNK, pass_on, spool
from garden.archive.layout import content_name
from garden.archive.stores.base import Kept, Store

BLOCK = tarfile.BLOCKSIZE
PART = ".part"


class TarWriter(Store):
    """Under its own name the file is whole: until then it is a `.part`, made anew by every attempt."""

    grows = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + PART)
        self._lock = Lock()
        self._end = 0

    def __str__(self) -> str:
        return str(self._path)

    @contextmanager
    def writing(self) -> Iterator[None]:
        self._part.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(self._part, "wb") as self._file:
                yield
                self._write(bytes(2 * BLOCK))
                self.settle()
        except BaseException:
            self._part.unlink(missing_ok=True)
            raise
        self._part.replace(self._path)

    def keep(self, source: IO[bytes], *, resume: bool = False) -> Kept:
        with spool() as whole:
            content = pass_on(source, whole.write)
            at = self._append(content_name(content.sha256), whole, content.size)
        return Kept(content.sha256, content.size, at)

    def write(self, name: str, data: bytes) -> None:
        with spool() as whole:
            whole.write(data)
            self._append(name, whole, len(data))

    def settle(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def open_kept(self, kept: Kept) -> IO[bytes]:
        raise NotImplementedError("A file is read when it is whole.")

    def read(self, name: str) -> bytes:
        raise FileNotFoundError(name)

    def documents(self) -> Iterator[str]:
        return iter(())

    def _append(self, name: str, whole: IO[bytes], size: int) -> int:
        """Returns where the content begins."""
        header = tarfile.TarInfo(name)
        header.size = size
        whole.seek(0)
        with self._lock:
            self._write(header.tobuf(tarfile.GNU_FORMAT))
            at = self._end
            while piece := whole.read(CHUNK):
                self._write(piece)
            self._write(bytes(-size % BLOCK))
        return at

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._end += len(data)
