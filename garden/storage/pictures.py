"""The storage of pictures, whichever it is: a folder or a bucket, with what Django's own storages lack."""

from collections.abc import Iterator
from typing import Protocol, cast

from django.core.files.storage import default_storage

from garden.storage.stored import StoredFile


class PictureStorage(Protocol):
    """What our storages can besides being one of Django's."""

    def read(self, key: str) -> bytes:
        """A whole file. Raises FileNotFoundError."""

    def stat(self, key: str) -> StoredFile | None:
        """The file as it is now; None where there is none."""

    def walk(self, folder: str, after: str = "") -> Iterator[StoredFile]:
        """The files whose key begins with `folder/`, in key order, those after `after` alone."""


def picture_storage() -> PictureStorage:
    return cast(PictureStorage, default_storage)
