"""All that differs, everywhere."""

from collections.abc import Iterator, Sequence

from django.core.files.storage import default_storage

from garden.storage.keys import POOL, SERVING
from garden.storage.sync.claims import without_claimed
from garden.storage.sync.comparing import Difference, compare, known_images
from garden.storage.sync.leftovers import orphaned_copies

FOLDERS = (SERVING, POOL)


def find_differences(folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Between the storage and the database, folder by folder, then small copies of nothing."""
    for folder in sorted(folders):
        yield from without_claimed(compare(default_storage.walk(folder), known_images(folder)))  # type: ignore[attr-defined]
    yield from orphaned_copies()
