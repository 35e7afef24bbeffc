"""Where storage and database differ.

Both are listed in the order of keys, so that neither is ever held whole.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models.functions import Collate
from django.dispatch import Signal

from garden.batches import batches, in_parallel
from garden.errors import RefusedError
from garden.models import Image
from garden.signals import abandoned_keys, files_of_nobody, keys_in_work
from garden.storage.backends import StoredFile, picture_storage
from garden.storage.keys import POOL, SERVING, InvalidKeyError, parse_key

if TYPE_CHECKING:
    from garden.storage.s3 import PictureS3Storage

FOLDERS = (SERVING, POOL)
_LISTED = 500
_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}
_original_of = re.compile(r"derived/\d+/(?P<key>.+)\.(webp|avif)").fullmatch


class DifferenceKind(StrEnum):
    """The kinds of differences."""

    NEW = "new file"
    MISSING = "missing file"
    RETURNED = "file is back"
    CHANGED = "changed content"
    UNREAD = "never read"
    ORPHAN = "orphan"
    HEADERS = "other headers"
    REFUSED = "refused key"


class FilesMissingError(RefusedError):
    """The storage lacks the files of so many images that it is probably empty, unmounted or another one."""

    code = "files_missing"


@dataclass(frozen=True, slots=True)
class Difference:
    """`file` is empty where there is none, `image` where there is no row; `detail` says what a name does not."""

    kind: DifferenceKind
    key: str
    file: StoredFile | None = None
    image: int | None = None
    detail: str = ""


class Known(NamedTuple):
    """A row, and its file as it was last read."""

    id: int
    key: str
    size: int | None
    tag: str | None
    modified: datetime | None
    state: str
    trash_reason: str

    def is_of(self, file: StoredFile) -> bool:
        """Whether the file is surely the one that was read: by its tag, or where there is none by size and time."""
        if file.tag or self.tag:
            return (self.size, self.tag) == (file.size, file.tag)
        return (self.size, self.modified) == (file.size, file.modified)


KNOWN = ("id", "key", "file__size", "file__tag", "file__modified_at", "state", "trash_reason")


def find_differences(folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Between the storage and the database, folder by folder, then small copies of nothing, then files of apps that
    the garden does not know, which belong to nothing there.

    Raises FilesMissingError where there is no storage at all.
    """
    try:
        for folder in sorted(folders):
            yield from without_claimed(compare(picture_storage().walk(folder), _known_images(folder)))
    except FileNotFoundError as error:
        raise FilesMissingError(str(error)) from error
    for batch in batches(picture_storage().walk("derived"), _LISTED):
        yield from _without_image(batch)
    answers: list[tuple[Any, Any]] = files_of_nobody.send(None)
    for _receiver, files in answers:
        yield from (Difference(DifferenceKind.ORPHAN, file.key, file, detail="belongs to nothing") for file in files)


def find_headers(storage: "PictureS3Storage", workers: int, folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Objects of a bucket without the type and cache headers that the storage itself would write."""
    files = (file for folder in sorted(folders) for file in storage.walk(folder))
    checked = in_parallel(lambda file: (file, storage.has_headers(file.key)), files, workers)
    return (Difference(DifferenceKind.HEADERS, file.key, file) for file, has_headers in checked if not has_headers)


def compare(files: Iterable[StoredFile], rows: Iterable[Known]) -> Iterator[Difference]:
    """Every difference; both inputs and the result are in the order of keys. An image in the trash needs no file."""
    both: Iterator[StoredFile | Known] = merge(files, rows, key=attrgetter("key"))
    for key, pair in groupby(both, attrgetter("key")):
        file, row = None, None
        for each in pair:
            file, row = (file, each) if isinstance(each, Known) else (each, row)
        in_trash = row is not None and row.state == Image.State.TRASH
        if row is None:
            yield _of_unknown(file)  # type: ignore[arg-type]  # One of them is there.
        elif file is None:
            if not in_trash:
                yield Difference(DifferenceKind.MISSING, key, image=row.id)
        elif in_trash and row.trash_reason == Image.TrashReason.FILE_MISSING:
            yield Difference(DifferenceKind.RETURNED, key, file, row.id)
        elif not row.is_of(file):
            yield Difference(DifferenceKind.UNREAD if row.size is None else DifferenceKind.CHANGED, key, file, row.id)


def _of_unknown(file: StoredFile) -> Difference:
    try:
        parse_key(file.key)
    except InvalidKeyError as error:
        return Difference(DifferenceKind.REFUSED, file.key, file, detail=error.detail)
    return Difference(DifferenceKind.NEW, file.key, file)


def _known_images(folder: str) -> Iterator[Known]:
    """The rows whose key begins with `folder/`, in the order in which storages list keys: byte by byte."""
    byte_order = Collate("key", _BYTE_ORDER[connection.vendor])
    rows = Image.objects.filter(key__startswith=f"{folder}/").order_by(byte_order).values_list(*KNOWN)
    return (Known(*row) for row in rows.iterator(chunk_size=2_000) if row[1].startswith(f"{folder}/"))


def without_claimed(differences: Iterable[Difference]) -> Iterator[Difference]:
    """All but the new files that another app is at work on; what one left behind is an orphan, not a new picture."""
    for batch in batches(differences, _LISTED):
        new = [each.key for each in batch if each.kind is DifferenceKind.NEW]
        claimed, abandoned = claimed_of(new), _named_by(abandoned_keys, new)
        for each in batch:
            if each.key in abandoned:
                yield replace(each, kind=DifferenceKind.ORPHAN, detail="left by a picture that was not finished")
            elif each.key not in claimed:
                yield each


def claimed_of(keys: Collection[str]) -> set[str]:
    """Those of the keys that an app is writing or deleting now."""
    return _named_by(keys_in_work, keys)


def _named_by(signal: Signal, keys: Collection[str]) -> set[str]:
    answers = signal.send(None, keys=keys) if keys else []
    return {key for _receiver, named in answers for key in named or ()}


def _without_image(copies: list[StoredFile]) -> Iterator[Difference]:
    originals = {file.key: match["key"] for file in copies if (match := _original_of(file.key))}
    alive = set(Image.objects.filter(key__in=originals.values()).values_list("key", flat=True))
    for file in copies:
        if originals.get(file.key) not in alive:
            yield Difference(DifferenceKind.ORPHAN, file.key, file, detail="a copy of no picture")
