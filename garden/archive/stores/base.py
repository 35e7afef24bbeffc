"""A backup as a store of contents and of named documents."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

from garden.archive.layout import SEAL, SNAPSHOTS, sealed_in


@dataclass(frozen=True, slots=True)
class Kept:
    """A content in a backup: SHA-256 in hex, bytes, and where it begins in a file of one piece (else -1)."""

    sha256: str
    size: int
    at: int = -1


class Store(ABC):
    """Contents are known by their SHA-256, documents by their names. Safe to use from several threads."""

    grows: bool = True
    """Whether a backup can be added to one that is already there."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Around all that is written; no one else writes meanwhile."""

    @abstractmethod
    def keep(self, source: IO[bytes], *, resume: bool = False) -> Kept:
        """`resume`: look first whether the content is there, as after a backup that was not finished."""

    @abstractmethod
    def open_kept(self, kept: Kept) -> IO[bytes]:
        """Raises FileNotFoundError."""

    @abstractmethod
    def write(self, name: str, data: bytes) -> None: ...

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError."""

    @abstractmethod
    def documents(self) -> Iterator[str]:
        """Names of the documents that are there, in order."""

    def snapshots(self) -> dict[str, bool]:
        """Names of the snapshots that are there, and whether each has its seal."""
        return sealed_in(SNAPSHOTS, self.documents(), SEAL)

    @abstractmethod
    def settle(self) -> None:
        """Return when what was written survives a loss of power."""
