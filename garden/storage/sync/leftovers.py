"""Derived files whose picture is gone, and what other rooms left behind."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from garden.models import Image
from garden.signals import files_of_nobody
from garden.storage.pictures import picture_storage
from garden.storage.stored import StoredFile
from garden.storage.sync.comparing import Difference, Kind

_BATCH = 1_000
_original_of = re.compile(r"derived/\d+/(?P<key>.+)\.(webp|avif)").fullmatch


def orphaned_copies() -> Iterator[Difference]:
    """Copies without an image, in the order of their keys."""
    files = picture_storage().walk("derived")
    while batch := list(islice(files, _BATCH)):
        yield from _without_image(batch)


def orphans_elsewhere() -> Iterator[Difference]:
    """Files of rooms that the garden does not know, which belong to nothing there."""
    answers: list[tuple[Any, Any]] = files_of_nobody.send(None)
    for _receiver, files in answers:
        yield from (Difference(Kind.ORPHAN, file.key, file, detail="belongs to nothing") for file in files)


def _without_image(batch: list[StoredFile]) -> Iterator[Difference]:
    originals = {file.key: match["key"] for file in batch if (match := _original_of(file.key))}
    alive = set(Image.objects.filter(key__in=originals.values()).values_list("key", flat=True))
    for file in batch:
        if originals.get(file.key) not in alive:
            yield Difference(Kind.ORPHAN, file.key, file, detail="a copy of no picture")
