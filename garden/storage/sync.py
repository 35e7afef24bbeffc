"""Bring storage and database together again: the files are right, and no row is lost."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import PIL.Image
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from garden.batches import batches
from garden.errors import RefusedError
from garden.models import Image, ImageFile
from garden.storage.backends import picture_storage
from garden.storage.comparison import (
    FOLDERS,
    KNOWN,
    Difference,
    DifferenceKind,
    FilesMissingError,
    Known,
    compare,
    without_claimed,
)

FEW = 20
"""So many missing files are always believed, unless no file is left."""
MOST_SHARE = 0.1
"""Of the images outside the trash."""
MOST_BYTES = 50_000_000
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
BATCH = 200
IMPORT = "import"
_READ_AT_ONCE = 64
_KEY_WORKERS = 8


class RowsMissingError(RefusedError):
    """The database lacks the rows of so many files that it is probably empty or another one."""

    code = "rows_missing"


def refuse_lost_storage(differences: Iterable[Difference], folders: Sequence[str] = FOLDERS) -> None:
    """Raises FilesMissingError where every image lacks its file, or more than `FEW` and `MOST_SHARE` of them do."""
    missing = sum(difference.kind is DifferenceKind.MISSING for difference in differences)
    here = Image.objects.exclude(state=Image.State.TRASH)
    images = sum(here.filter(key__startswith=f"{folder}/").count() for folder in folders)
    if missing and (missing >= images or missing > max(FEW, MOST_SHARE * images)):
        raise FilesMissingError(
            f"The files of {missing:,} of {images:,} images are missing: "
            "the storage is probably empty, not mounted, or another one. Nothing was changed: check PICTURE_STORAGE "
            "and DATA_DIR. If these files are really gone, sync_storage --apply --allow-missing trashes their images.",
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
        each.kind for each in differences if each.kind is not DifferenceKind.ORPHAN or not each.key.startswith(pictures)
    )
    orphans, missing, images = kinds[DifferenceKind.ORPHAN], kinds[DifferenceKind.MISSING], Image.objects.count()
    if orphans and (images <= missing or orphans > max(FEW, MOST_SHARE * images)):
        raise RowsMissingError(
            f"{orphans:,} files that no row names would be deleted, beside {images:,} images: "
            "the database is probably empty, or another one. Nothing was changed: check DATABASE_URL. If nothing needs "
            "these files, sync_storage --apply --allow-orphans deletes them.",
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
        self.done: Counter[DifferenceKind] = Counter()
        self.problems: list[tuple[str, str]] = []

    def repair(self, differences: Iterable[Difference]) -> Iterator[Difference]:
        """Passes the differences on, each when it is repaired or noted as a problem."""
        # One pool for all batches: every new thread makes its own connection to a bucket, which takes half a second.
        with nullcontext(self._pool) if self._pool else ThreadPoolExecutor(self._workers) as pool:
            for batch in batches(differences, BATCH):
                self._repair(batch, pool)
                yield from batch

    def _repair(self, batch: list[Difference], pool: Executor) -> None:
        read = self._read(
            _of(batch, DifferenceKind.NEW, DifferenceKind.CHANGED, DifferenceKind.UNREAD, DifferenceKind.RETURNED), pool
        )
        missing = _still_missing(_of(batch, DifferenceKind.MISSING), pool)
        with transaction.atomic():
            new = [_image(difference, facts) for difference, facts in read if difference.kind is DifferenceKind.NEW]
            Image.objects.bulk_create(new, ignore_conflicts=True)
            for difference, facts in read:
                self.done[difference.kind] += 1
                if difference.kind is not DifferenceKind.NEW:
                    same = Image.objects.filter(key=difference.key)
                    same.exclude(**facts).update(**facts, changed_at=timezone.now())
            self._note_files([difference for difference, _ in read])
            returned = [each.image for each, _ in read if each.kind is DifferenceKind.RETURNED and each.image]
            Image.objects.filter(pk__in=returned).file_missing().restore()
            withdrawn = Image.objects.filter(pk__in=[each.image for each in missing])
            self.done[DifferenceKind.MISSING] += withdrawn.withdraw(Image.TrashReason.FILE_MISSING)
        self._delete([each.key for each in _of(batch, DifferenceKind.ORPHAN)])
        if others := [each.key for each in _of(batch, DifferenceKind.HEADERS)]:
            storage: Any = default_storage
            self.done[DifferenceKind.HEADERS] += len(list(pool.map(storage.set_headers, others)))

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
            self.done[DifferenceKind.ORPHAN] += 1

    def _note_files(self, found: list[Difference]) -> None:
        files = {difference.key: difference.file for difference in found if difference.file}
        ids = Image.objects.filter(key__in=files).values_list("key", "id")
        ImageFile.objects.note_files({image: files[key] for key, image in ids})


def apply_keys(keys: Iterable[str], pool: Executor | None = None) -> Repairer:
    """Bring the rows of these keys in line with their files; keys outside the pictures' folders are passed over."""
    pictures = tuple(f"{folder}/" for folder in FOLDERS)
    wanted = sorted({key for key in keys if key.startswith(pictures) and not key.endswith("/")})
    with nullcontext(pool) if pool else ThreadPoolExecutor(_KEY_WORKERS) as threads:
        files = [file for file in threads.map(picture_storage().stat, wanted) if file]
        rows = {row[1]: Known(*row) for row in Image.objects.filter(key__in=wanted).values_list(*KNOWN)}
        repairer = Repairer(_KEY_WORKERS, threads)
        differences = compare(files, (rows[key] for key in wanted if key in rows))
        for difference in repairer.repair(without_claimed(differences)):
            if difference.kind is DifferenceKind.REFUSED:
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


def _of(differences: list[Difference], *kinds: DifferenceKind) -> list[Difference]:
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
