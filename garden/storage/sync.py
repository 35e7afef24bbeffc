"""Storage and database side by side: where they differ, and how to bring them together again.

Both are listed in the order of keys, so that neither is ever held whole. The files are right, and no row is lost.
"""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import PIL.Image
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Collate
from django.dispatch import Signal
from django.utils import timezone

from garden.errors import RefusedError
from garden.models import Image, ImageFile
from garden.signals import abandoned_keys, files_of_nobody, keys_in_work
from garden.storage.backends import StoredFile, picture_storage
from garden.storage.keys import POOL, SERVING, InvalidKeyError, parse_key

if TYPE_CHECKING:
    from garden.storage.s3 import PictureS3Storage

FOLDERS = (SERVING, POOL)
FEW = 20
"""So many missing files are always believed, unless no file is left."""
MOST_SHARE = 0.1
"""Of the images outside the trash."""
MOST_BYTES = 50_000_000
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
BATCH = 200
IMPORT = "import"
_LISTED = 500
_READ_AT_ONCE = 64
_KEY_WORKERS = 8
_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}
_original_of = re.compile(r"derived/\d+/(?P<key>.+)\.(webp|avif)").fullmatch


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


class RowsMissingError(RefusedError):
    """The database lacks the rows of so many files that it is probably empty or another one."""

    code = "rows_missing"


class FilesMissingError(RefusedError):
    """The storage lacks the files of so many images that it is probably empty, unmounted or another one."""

    code = "files_missing"


@dataclass(frozen=True, slots=True)
class Difference:
    """`file` is empty where there is none, `image` where there is no row; `detail` says what a name does not."""

    kind: Kind
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


_KNOWN = ("id", "key", "file__size", "file__tag", "file__modified_at", "state", "trash_reason")


def find_differences(folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Between the storage and the database, folder by folder, then small copies of nothing, then files of apps that
    the garden does not know, which belong to nothing there.

    Raises FilesMissingError where there is no storage at all.
    """
    try:
        for folder in sorted(folders):
            yield from _without_claimed(compare(picture_storage().walk(folder), _known_images(folder)))
    except FileNotFoundError as error:
        raise FilesMissingError(str(error)) from error
    copies = picture_storage().walk("derived")
    while batch := list(islice(copies, _LISTED)):
        yield from _without_image(batch)
    answers: list[tuple[Any, Any]] = files_of_nobody.send(None)
    for _receiver, files in answers:
        yield from (Difference(Kind.ORPHAN, file.key, file, detail="belongs to nothing") for file in files)


def find_headers(storage: "PictureS3Storage", workers: int, folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Objects of a bucket without the type and cache headers that the storage itself would write."""
    files = (file for folder in sorted(folders) for file in storage.walk(folder))
    with ThreadPoolExecutor(workers) as pool:
        while batch := list(islice(files, _LISTED)):
            checked = zip(batch, pool.map(storage.has_headers, [file.key for file in batch]), strict=True)
            yield from (Difference(Kind.HEADERS, file.key, file) for file, has_headers in checked if not has_headers)


def compare(files: Iterable[StoredFile], rows: Iterable[Known]) -> Iterator[Difference]:
    """Every difference; both inputs and the result are in the order of keys. An image in the trash needs no file."""
    for file, row in _side_by_side(files, rows):
        in_trash = row is not None and row.state == Image.State.TRASH
        if row is None:
            yield _of_unknown(file)  # type: ignore[arg-type]  # One of them is there.
        elif file is None:
            if not in_trash:
                yield Difference(Kind.MISSING, row.key, image=row.id)
        elif in_trash and row.trash_reason == Image.TrashReason.FILE_MISSING:
            yield Difference(Kind.RETURNED, row.key, file, row.id)
        elif not row.is_of(file):
            yield Difference(Kind.UNREAD if row.size is None else Kind.CHANGED, row.key, file, row.id)


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


def _of_unknown(file: StoredFile) -> Difference:
    try:
        parse_key(file.key)
    except InvalidKeyError as error:
        return Difference(Kind.REFUSED, file.key, file, detail=error.detail)
    return Difference(Kind.NEW, file.key, file)


def _known_images(folder: str) -> Iterator[Known]:
    """The rows whose key begins with `folder/`, in the order in which storages list keys: byte by byte."""
    byte_order = Collate("key", _BYTE_ORDER[connection.vendor])
    rows = Image.objects.filter(key__startswith=f"{folder}/").order_by(byte_order).values_list(*_KNOWN)
    return (Known(*row) for row in rows.iterator(chunk_size=2_000) if row[1].startswith(f"{folder}/"))


def _without_claimed(differences: Iterable[Difference]) -> Iterator[Difference]:
    """All but the new files that another app is at work on; what one left behind is an orphan, not a new picture."""
    source = iter(differences)
    while batch := list(islice(source, _LISTED)):
        new = [each.key for each in batch if each.kind is Kind.NEW]
        claimed, abandoned = claimed_of(new), _named_by(abandoned_keys, new)
        for each in batch:
            if each.key in abandoned:
                yield replace(each, kind=Kind.ORPHAN, detail="left by a picture that was not finished")
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
            yield Difference(Kind.ORPHAN, file.key, file, detail="a copy of no picture")


def refuse_lost_storage(differences: Iterable[Difference], folders: Sequence[str] = FOLDERS) -> None:
    """Raises FilesMissingError where every image lacks its file, or more than `FEW` and `MOST_SHARE` of them do."""
    missing = sum(difference.kind is Kind.MISSING for difference in differences)
    here = Image.objects.exclude(state=Image.State.TRASH)
    images = sum(here.filter(key__startswith=f"{folder}/").count() for folder in folders)
    if missing and (missing >= images or missing > max(FEW, MOST_SHARE * images)):
        raise FilesMissingError(
            f"The files of {missing:,} of {images:,} images are missing: "
            "the storage is probably empty, not mounted, or another one.",
            missing=missing,
            images=images,
        )


def refuse_lost_database(differences: Iterable[Difference]) -> None:
    """Before orphans are deleted. Raises RowsMissingError.

    Refused where no image has its file, and where orphans are more than `FEW` and `MOST_SHARE` of the images. An
    orphan in a folder of pictures is the file of an unfinished picture, whose row is in the database.
    """
    pictures = tuple(f"{folder}/" for folder in FOLDERS)
    kinds = Counter(
        each.kind for each in differences if each.kind is not Kind.ORPHAN or not each.key.startswith(pictures)
    )
    orphans, missing, images = kinds[Kind.ORPHAN], kinds[Kind.MISSING], Image.objects.count()
    if orphans and (images <= missing or orphans > max(FEW, MOST_SHARE * images)):
        raise RowsMissingError(
            f"{orphans:,} files that no row names would be deleted, beside {images:,} images: "
            "the database is probably empty, or another one.",
            orphans=orphans,
            images=images,
        )


class Repairer:
    """Repairs what it is given, in batches that are whole or not at all; stopped and run again, it goes on.

    New files become images, changed ones are described again, images without their file go to the trash and return
    with it, orphans are deleted. What cannot be read stays, and is reported.
    `done` counts what was repaired by the kind that was found.
    """

    def __init__(self, workers: int, pool: Executor | None = None) -> None:
        self._workers, self._pool = workers, pool
        self.done: Counter[Kind] = Counter()
        self.problems: list[tuple[str, str]] = []

    def repair(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """Passes the differences on, each when it is repaired or noted as a problem."""
        source = iter(differences)
        # One pool for all batches: every new thread makes its own connection to a bucket, which takes half a second.
        with nullcontext(self._pool) if self._pool else ThreadPoolExecutor(self._workers) as pool:
            while batch := list(islice(source, BATCH)):
                self._repair(batch, pool)
                yield from batch

    def _repair(self, batch: list[Difference], pool: Executor) -> None:
        read = self._read(_of(batch, Kind.NEW, Kind.CHANGED, Kind.UNREAD, Kind.RETURNED), pool)
        missing = _still_missing(_of(batch, Kind.MISSING), pool)
        with transaction.atomic():
            new = [_image(difference, facts) for difference, facts in read if difference.kind is Kind.NEW]
            Image.objects.bulk_create(new, ignore_conflicts=True)
            for difference, facts in read:
                self.done[difference.kind] += 1
                if difference.kind is not Kind.NEW:
                    same = Image.objects.filter(key=difference.key)
                    same.exclude(**facts).update(**facts, changed_at=timezone.now())
            self._note_files([difference for difference, _ in read])
            returned = [each.image for each, _ in read if each.kind is Kind.RETURNED and each.image]
            Image.objects.filter(pk__in=returned).file_missing().restore()
            withdrawn = Image.objects.filter(pk__in=[each.image for each in missing])
            self.done[Kind.MISSING] += withdrawn.withdraw(Image.TrashReason.FILE_MISSING)
        self._delete([each.key for each in _of(batch, Kind.ORPHAN)])
        if others := [each.key for each in _of(batch, Kind.HEADERS)]:
            storage: Any = default_storage
            self.done[Kind.HEADERS] += len(list(pool.map(storage.set_headers, others)))

    def _read(self, found: list[Difference], pool: Executor) -> list[tuple[Difference, dict[str, Any]]]:
        """What the files say of themselves. A few are read at a time, since a bucket answers many questions at once."""
        whole = []
        for start in range(0, len(found), _READ_AT_ONCE):
            some = found[start : start + _READ_AT_ONCE]
            for difference, facts in zip(some, pool.map(_facts_of, some), strict=True):
                if isinstance(facts, str):
                    self.problems.append((difference.key, facts))
                else:
                    whole.append((difference, facts))
        return whole

    def _delete(self, orphans: list[str]) -> None:
        """Except those that became pictures since they were listed."""
        for key in set(orphans) - set(Image.objects.filter(key__in=orphans).values_list("key", flat=True)):
            default_storage.delete(key)
            self.done[Kind.ORPHAN] += 1

    def _note_files(self, found: list[Difference]) -> None:
        files = {difference.key: difference.file for difference in found if difference.file}
        ids = Image.objects.filter(key__in=files).values_list("key", "id")
        ImageFile.objects.note({image: files[key] for key, image in ids})


def apply_keys(keys: Iterable[str], pool: Executor | None = None) -> Repairer:
    """Bring the rows of these keys in line with their files; keys outside the pictures' folders are passed over."""
    wanted = sorted({key for key in keys if key.startswith((f"{SERVING}/", f"{POOL}/")) and not key.endswith("/")})
    with nullcontext(pool) if pool else ThreadPoolExecutor(_KEY_WORKERS) as threads:
        files = [file for file in threads.map(picture_storage().stat, wanted) if file]
        rows = {row[1]: Known(*row) for row in Image.objects.filter(key__in=wanted).values_list(*_KNOWN)}
        repairer = Repairer(_KEY_WORKERS, threads)
        differences = compare(files, (rows[key] for key in wanted if key in rows))
        for difference in repairer.repair(_without_claimed(differences)):
            if difference.kind is Kind.REFUSED:
                repairer.problems.append((difference.key, difference.detail))
    return repairer


def keys_with_files(keys: Iterable[str]) -> list[str]:
    """Those of the keys under which the storage holds a file."""
    with ThreadPoolExecutor(_KEY_WORKERS) as threads:
        return [file.key for file in threads.map(picture_storage().stat, keys) if file]


def _still_missing(found: list[Difference], pool: Executor) -> list[Difference]:
    """The listing may be older than a file: the storage is asked for each once more."""
    files = pool.map(picture_storage().stat, [each.key for each in found])
    return [each for each, file in zip(found, files, strict=True) if file is None]


def _of(differences: list[Difference], *kinds: Kind) -> list[Difference]:
    return [difference for difference in differences if difference.kind in kinds]


def _facts_of(difference: Difference) -> dict[str, Any] | str:
    """The SHA-256 and the sides of the picture; in words why it cannot be read."""
    try:
        if difference.file is not None and difference.file.size > MOST_BYTES:
            return f"the file has more than {MOST_BYTES:,} bytes"
        content = picture_storage().read(difference.key)
        with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
    except ConnectionError:
        raise  # The storage is away: no problem of this file.
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        return str(error) or type(error).__name__
    if width * height > MOST_PIXELS:
        return f"the picture has more than {MOST_PIXELS:,} pixels"
    return {"content_hash": hashlib.sha256(content).hexdigest(), "width": width, "height": height}


def _image(difference: Difference, facts: dict[str, Any]) -> Image:
    image = Image(key=difference.key, origin=IMPORT, **facts).fill_from_key()
    image.created_at = difference.file.modified if difference.file else timezone.now()
    image.published_at = image.created_at if image.state == Image.State.SERVING else None
    return image
