"""The storage of pictures, whichever it is: a folder or a bucket, with what Django's own storages lack."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.core.files.storage import default_storage


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
