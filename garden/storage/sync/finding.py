"""All that differs, everywhere; and whether so much is missing that the storage is probably the wrong one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from garden.errors import RefusedError
from garden.models import Image
from garden.storage.base import picture_storage
from garden.storage.keys import POOL, SERVING
from garden.storage.sync.comparing import Difference, Kind, compare, known_images
from garden.storage.sync.orphans import orphaned_copies, orphans_elsewhere, without_claimed

if TYPE_CHECKING:
    from garden.storage.s3 import PictureS3Storage

FOLDERS = (SERVING, POOL)
_BATCH = 500
FEW = 20
"""So many missing files are always believed, unless no file is left."""
MOST_SHARE = 0.1
"""Of the images outside the trash."""


class RowsMissingError(RefusedError):
    """The database lacks the rows of so many files that it is probably empty or another one."""

    code = "rows_missing"


class FilesMissingError(RefusedError):
    """The storage lacks the files of so many images that it is probably empty, unmounted or another one."""

    code = "files_missing"


def find_differences(folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Between the storage and the database, folder by folder, then small copies of nothing, then others' leftovers.

    Raises FilesMissingError where there is no storage at all.
    """
    try:
        for folder in sorted(folders):
            yield from without_claimed(compare(picture_storage().walk(folder), known_images(folder)))
    except FileNotFoundError as error:
        raise FilesMissingError(str(error)) from error
    yield from orphaned_copies()
    yield from orphans_elsewhere()


def find_headers(storage: "PictureS3Storage", workers: int, folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Objects of a bucket without the type and cache headers that the storage itself would write."""
    files = (file for folder in sorted(folders) for file in storage.walk(folder))
    with ThreadPoolExecutor(workers) as pool:
        while batch := list(islice(files, _BATCH)):
            asked = zip(batch, pool.map(storage.has_headers, [file.key for file in batch]), strict=True)
            yield from (Difference(Kind.HEADERS, file.key, file) for file, has_headers in asked if not has_headers)


def refuse_lost_storage(differences: Iterable[Difference], folders: Sequence[str] = FOLDERS) -> None:
    """Raises FilesMissingError where every image lacks its file, or more than `FEW` and `MOST_SHARE` of them do."""
    missing = sum(difference.kind is Kind.MISSING for difference in differences)
    images = sum(
        Image.objects.exclude(state=Image.State.TRASH).filter(key__startswith=f"{folder}/").count()
        for folder in folders
    )
    if missing and (missing >= images or missing > max(FEW, MOST_SHARE * images)):
        raise FilesMissingError(
            f"The files of {missing:,} of {images:,} images are missing: "
            "the storage is probably empty, not mounted, or another one.",
            missing=missing,
            images=images,
        )


def refuse_lost_database(differences: Iterable[Difference]) -> None:
    """Before orphans are deleted. Raises RowsMissingError.

    Refused where no image has its file, and where orphans are more than `FEW` and `MOST_SHARE` of the images.
    """
    kinds = Counter(each.kind for each in differences if each.kind is not Kind.ORPHAN or not _is_of_pictures(each.key))
    orphans, missing, images = kinds[Kind.ORPHAN], kinds[Kind.MISSING], Image.objects.count()
    if orphans and (images <= missing or orphans > max(FEW, MOST_SHARE * images)):
        raise RowsMissingError(
            f"{orphans:,} files that no row names would be deleted, beside {images:,} images: "
            "the database is probably empty, or another one.",
            orphans=orphans,
            images=images,
        )


def _is_of_pictures(key: str) -> bool:
    """An orphan there is the file of an unfinished picture, whose row is in the database."""
    return key.startswith(tuple(f"{folder}/" for folder in FOLDERS))
