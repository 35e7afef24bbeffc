"""Bringing database and storage together: the files are right, and no row is lost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from garden.models import Image, ImageFile
from garden.storage.base import picture_storage
from garden.storage.keys import POOL, SERVING
from garden.storage.sync.comparing import FACTS, Difference, Kind, Known, compare
from garden.storage.sync.orphans import without_claimed
from garden.storage.sync.reading import Facts, Read, read_files

BATCH = 200
IMPORT = "import"
_KEY_WORKERS = 8
_READ = (Kind.NEW, Kind.CHANGED, Kind.UNREAD, Kind.RETURNED)


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
        """Passes the differences on, each when it is repaired or told as a problem."""
        source = iter(differences)
        # One pool for all batches: every new thread makes its own connection to a bucket, which takes half a second.
        with nullcontext(self._pool) if self._pool else ThreadPoolExecutor(self._workers) as pool:
            while batch := list(islice(source, BATCH)):
                self._repair(batch, pool)
                yield from batch

    def _repair(self, batch: list[Difference], pool: Executor) -> None:
        read = [self._told(each) for each in read_files(_of(batch, *_READ), pool)]
        whole = [(each.difference, each.facts) for each in read if each.facts]
        missing = _still_missing(_of(batch, Kind.MISSING), pool)
        with transaction.atomic():
            self._add([pair for pair in whole if pair[0].kind is Kind.NEW])
            self._describe_again([pair for pair in whole if pair[0].kind is not Kind.NEW])
            self._return([difference for difference, _ in whole if difference.kind is Kind.RETURNED])
            self._trash(missing)
        self._delete([each.key for each in _of(batch, Kind.ORPHAN)])
        self._set_headers(_of(batch, Kind.HEADERS), pool)

    def _delete(self, orphans: list[str]) -> None:
        """Except those that became pictures since they were listed."""
        for key in set(orphans) - set(Image.objects.filter(key__in=orphans).values_list("key", flat=True)):
            default_storage.delete(key)
            self.done[Kind.ORPHAN] += 1

    def _set_headers(self, found: list[Difference], pool: Executor) -> None:
        if found:
            storage: Any = default_storage
            self.done[Kind.HEADERS] += len(list(pool.map(storage.set_headers, [each.key for each in found])))

    def _told(self, read: Read) -> Read:
        if read.problem:
            self.problems.append((read.difference.key, read.problem))
        return read

    def _add(self, found: list[tuple[Difference, Facts]]) -> None:
        images = [_image(difference, facts) for difference, facts in found]
        Image.objects.bulk_create(images, ignore_conflicts=True)
        self._note_files(found)
        self.done[Kind.NEW] += len(found)

    def _describe_again(self, found: list[tuple[Difference, Facts]]) -> None:
        for difference, facts in found:
            described = {"content_hash": facts.content_hash, "width": facts.width, "height": facts.height}
            images = Image.objects.filter(key=difference.key)
            images.exclude(**described).update(**described, changed_at=timezone.now())
            self.done[difference.kind] += 1
        self._note_files(found)

    def _return(self, found: list[Difference]) -> None:
        ids = [each.image for each in found if each.image is not None]
        Image.objects.filter(pk__in=ids).file_missing().restore()

    def _trash(self, found: list[Difference]) -> None:
        ids = [each.image for each in found if each.image is not None]
        self.done[Kind.MISSING] += Image.objects.filter(pk__in=ids).withdraw(Image.TrashReason.FILE_MISSING)

    def _note_files(self, found: list[tuple[Difference, Facts]]) -> None:
        files = {difference.key: difference.file for difference, _ in found if difference.file}
        ids = Image.objects.filter(key__in=files).values_list("key", "id")
        ImageFile.objects.note({image: files[key] for key, image in ids})


def apply_keys(keys: Iterable[str], pool: Executor | None = None) -> Repairer:
    """Bring the rows of these keys in line with their files; keys outside the pictures' folders are passed over."""
    wanted = sorted({key for key in keys if key.startswith((f"{SERVING}/", f"{POOL}/")) and not key.endswith("/")})
    with nullcontext(pool) if pool else ThreadPoolExecutor(_KEY_WORKERS) as threads:
        files = [file for file in threads.map(picture_storage().stat, wanted) if file]
        rows = {row[1]: Known(*row) for row in Image.objects.filter(key__in=wanted).values_list(*FACTS)}
        repairer = Repairer(_KEY_WORKERS, threads)
        differences = compare(files, (rows[key] for key in wanted if key in rows))
        for difference in repairer.repair(without_claimed(differences)):
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


def _image(difference: Difference, facts: Facts) -> Image:
    image = Image(
        key=difference.key,
        origin=IMPORT,
        content_hash=facts.content_hash,
        width=facts.width,
        height=facts.height,
    ).fill_from_key()
    modified = difference.file.modified if difference.file else timezone.now()
    image.created_at = modified
    image.published_at = modified if image.state == Image.State.SERVING else None
    return image
