"""Derived files whose picture is gone."""

import re
from collections.abc import Iterator
from itertools import islice

from django.core.files.storage import default_storage

from garden.models import Image
from garden.storage.stored import StoredFile
from garden.storage.sync.comparing import Difference, Kind

_BATCH = 1_000
_original_of = re.compile(r"derived/\d+/(?P<key>.+)\.(webp|avif)").fullmatch


def orphaned_copies() -> Iterator[Difference]:
    """Copies without an image, in the order of their keys."""
    files = default_storage.walk("derived")  # type: ignore[attr-defined]
    while batch := list(islice(files, _BATCH)):
        yield from _without_image(batch)


def _without_image(batch: list[StoredFile]) -> Iterator[Difference]:
    originals = {file.key: match["key"] for file in batch if (match := _original_of(file.key))}
    alive = set(Image.objects.filter(key__in=originals.values()).values_list("key", flat=True))
    for file in batch:
        if originals.get(file.key) not in alive:
            yield Difference(Kind.ORPHAN, file.key, file, detail="a copy of no picture")
