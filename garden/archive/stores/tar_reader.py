"""A backup in one file, read anywhere: its pages say where each content begins."""

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from garden.archive.errors import DamagedError, RefusedArchiveError
from garden.archive.layout import SNAPSHOTS
from garden.archive.stores.base import Kept, Store
from garden.archive.stores.tar_writer import BLOCK


class TarReader(Store):
    grows = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = os.open(path, os.O_RDONLY)
        self._size = os.fstat(self._number).st_size
        self._documents = dict(self._find_documents())

    def __str__(self) -> str:
        return str(self._path)

    def documents(self) -> Iterator[str]:
        return iter(sorted(self._documents))

    def read(self, name: str) -> bytes:
        if name not in self._documents:
            raise FileNotFoundError(name)
        at, size = self._documents[name]
        return os.pread(self._number, size, at)

    def open_kept(self, kept: Kept) -> IO[bytes]:
        if kept.at < 0:
            raise FileNotFoundError(kept.sha256)
        return _Slice(self._number, kept.at, kept.size)  # type: ignore[return-value]

    def writing(self) -> AbstractContextManager[None]:
        raise RefusedArchiveError(f"{self._path} is read only.")

    def keep(self, source: IO[bytes], *, resume: bool = False) -> Kept:
        raise RefusedArchiveError(f"{self._path} is read only.")

    def write(self, name: str, data: bytes) -> None:
        raise RefusedArchiveError(f"{self._path} is read only.")

    def settle(self) -> None:
        return

    def _find_documents(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """From header to header; the contents between them are passed over."""
        at = 0
        while any(header := os.pread(self._number, BLOCK, at)):
            entry = self._entry(header, at)
            at += BLOCK
            if entry.name.startswith(f"{SNAPSHOTS}/"):
                yield entry.name, (at, entry.size)
            at += entry.size + -entry.size % BLOCK
        if at >= self._size:
            raise DamagedError(f"{self._path} breaks off after {self._size:,} bytes.")

    def _entry(self, header: bytes, at: int) -> tarfile.TarInfo:
        try:
            return tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise DamagedError(f"{self._path} is damaged at byte {at:,}: {error}") from error


class _Slice(io.RawIOBase):
    """Bytes `at` to `at + size` of a file that several threads read at once."""

    def __init__(self, number: int, at: int, size: int) -> None:
        self._number, self._at, self._end = number, at, at + size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        done = os.preadv(self._number, [memoryview(buffer)[: self._end - self._at]], self._at)
        self._at += done
        return done
