"""Two lists in the order of their keys, walked side by side: neither is ever held whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import connection
from django.db.models.functions import Collate

from garden.models import Image
from garden.storage.base import StoredFile
from garden.storage.keys import InvalidKeyError, parse_key

_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}


class Kind(StrEnum):
    """What stands where against what."""

    NEW = "new file"
    MISSING = "missing file"
    RETURNED = "file is back"
    CHANGED = "changed content"
    UNREAD = "never read"
    ORPHAN = "orphan"
    HEADERS = "other headers"
    REFUSED = "refused key"


@dataclass(frozen=True, slots=True)
class Difference:
    """`file` is empty where there is none, `image` where there is no row; `detail` says what a name does not."""

    kind: Kind
    key: str
    file: StoredFile | None = None
    image: int | None = None
    detail: str = ""


FACTS = ("id", "key", "file__size", "file__tag", "file__modified_at", "state", "trash_reason")


class Known(NamedTuple):
    """A row, and its file as it was last read."""

    id: int
    key: str
    size: int | None
    tag: str | None
    modified: datetime | None
    state: str
    trash_reason: str

    @property
    def in_trash(self) -> bool:
        return self.state == Image.State.TRASH

    @property
    def awaits_file(self) -> bool:
        return self.in_trash and self.trash_reason == Image.TrashReason.FILE_MISSING

    def is_of(self, file: StoredFile) -> bool:
        """Whether the file is surely the one that was read: by its tag, or where there is none by size and time."""
        if file.tag or self.tag:
            return (self.size, self.tag) == (file.size, file.tag)
        return (self.size, self.modified) == (file.size, file.modified)


def compare(files: Iterable[StoredFile], rows: Iterable[Known]) -> Iterator[Difference]:
    """Every difference, in the order of keys; both inputs are in that order too.

    An image in the trash needs no file.
    """
    for file, row in _side_by_side(files, rows):
        if file is None:
            if row is not None and not row.in_trash:
                yield Difference(Kind.MISSING, row.key, image=row.id)
        elif row is None:
            yield _of_unknown(file)
        elif row.awaits_file:
            yield Difference(Kind.RETURNED, row.key, file, row.id)
        elif not row.is_of(file):
            yield Difference(Kind.UNREAD if row.size is None else Kind.CHANGED, row.key, file, row.id)


def known_images(folder: str) -> Iterator[Known]:
    """The rows whose key begins with `folder/`, in the order in which storages list keys: byte by byte."""
    byte_order = Collate("key", _BYTE_ORDER[connection.vendor])
    in_order = Image.objects.filter(key__startswith=f"{folder}/").order_by(byte_order)
    rows = in_order.values_list(*FACTS)
    return (Known(*row) for row in rows.iterator(chunk_size=2_000) if row[1].startswith(f"{folder}/"))


def _of_unknown(file: StoredFile) -> Difference:
    try:
        parse_key(file.key)
    except InvalidKeyError as error:
        return Difference(Kind.REFUSED, file.key, file, detail=error.detail)
    return Difference(Kind.NEW, file.key, file)


def _side_by_side(
    files: Iterable[StoredFile], rows: Iterable[Known]
) -> Iterator[tuple[StoredFile | None, Known | None]]:
    left, right = iter(files), iter(rows)
    file, row = next(left, None), next(right, None)
    while file is not None or row is not None:
        if row is None or (file is not None and file.key < row.key):
            yield file, None
            file = next(left, None)
        elif file is None or row.key < file.key:
            yield None, row
            row = next(right, None)
        else:
            yield file, row
            file, row = next(left, None), next(right, None)
