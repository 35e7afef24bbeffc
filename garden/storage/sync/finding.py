"""All that differs, everywhere."""

from collections.abc import Iterator, Sequence

from garden.storage.keys import POOL, SERVING
from garden.storage.pictures import picture_storage
from garden.storage.sync.claims import without_claimed
from garden.storage.sync.comparing import Difference, compare, known_images
from garden.storage.sync.leftovers import orphaned_copies, orphans_elsewhere

FOLDERS = (SERVING, POOL)


def find_differences(folders: Sequence[str] = FOLDERS) -> Iterator[Difference]:
    """Between the storage and the database, folder by folder, then small copies of nothing, then others' leftovers."""
    for folder in sorted(folders):
        yield from without_claimed(compare(picture_storage().walk(folder), known_images(folder)))
    yield from orphaned_copies()
    yield from orphans_elsewhere()
