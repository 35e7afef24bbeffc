"""A place for files: a folder of a disk or of a bucket. Sites and backups both lie in one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import IO, NamedTuple

from garden.archive.errors import DamagedError
from garden.archive.hashing import Content
from garden.archive.layout import sealed_in


class Seen(NamedTuple):
    """A file as a listing shows it. `mark` changes when the file does: unchanged need not be read again."""

    key: str
    size: int
    mark: str
    age: float = 0.0
    """Seconds since it was written."""


class Place(ABC):
    """Files under keys with slashes; a file is there whole or not at all. Safe to use from several threads."""

    @abstractmethod
    def folders(self) -> list[str]:
        """The first parts of all keys."""

    @abstractmethod
    def walk(self, folder: str) -> Iterator[Seen]:
        """Files whose key begins with `folder/`, in the order of their keys."""

    def sealed(self, folder: str, seal: str) -> dict[str, bool]:
        """Folders right in `folder` that hold files, and whether the file `seal` is right in each.

        From a listing of all files: of a bucket a thousand come at once, and asking for each seal would take longer.
        """
        return sealed_in(folder, (seen.key for seen in self.walk(folder)), seal)

    @abstractmethod
    def open(self, key: str) -> IO[bytes]:
        """Raises FileNotFoundError."""

    @abstractmethod
    def receive(
        self, source: IO[bytes], name: Callable[[str], str], expected: str = "", *, resume: bool = False
    ) -> Content:
        """Write a file under the key that `name` gives for its SHA-256; what a key held before is replaced.

        `resume`: a file of the same size under this key is the same, and need not be written again.

        Raises DamagedError, and writes nothing, where the SHA-256 is not the `expected` one.
        """

    @abstractmethod
    def delete(self, key: str) -> None:
        """A file that is not there is no error."""

    def folds_case(self) -> bool:
        """Whether keys that differ in case alone are one file here."""
        return False

    def settle(self) -> None:
        """Return when what was written survives a loss of power."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep other writers out, where the place can. Raises ArchiveError when one is at work."""
        return nullcontext()


def refuse_if_other(content: Content, expected: str, key: str) -> None:
    if expected and content.sha256 != expected:
        raise DamagedError(
            f"{key}: SHA-256 is {content.sha256}, not {expected}.",
            damaged=[{"key": key, "problem": "changed since it was backed up"}],
        )
