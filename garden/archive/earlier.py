"""What earlier snapshots know: the newest whole one, and those that were not finished after it."""

from collections.abc import Iterator
from itertools import count
from typing import IO

from garden.archive.errors import ArchiveError
from garden.archive.layout import FILES, is_time, page_name
from garden.archive.manifest import Known
from garden.archive.pages import read_lines
from garden.archive.snapshot import list_snapshots, read_snapshot
from garden.archive.stores import Store


def known_files(store: Store) -> tuple[list[Known], bool]:
    """Manifests, the newest first, and whether a backup was begun since the last whole one and not finished.

    Pages of an unfinished one were written after the contents that they name.
    """
    if not store.grows:
        return [], False
    whole, begun = list_snapshots(store)
    unfinished = [time for time in reversed(begun) if is_time(time) and not (whole and time < whole[-1])]
    known = [Known(_unsealed_lines(store, time)) for time in unfinished]
    return [*known, *(Known(_lines(store, time)) for time in whole[-1:])], bool(unfinished)


def _lines(store: Store, time: str) -> Iterator[str]:
    """As far as they can be read: a damaged page is as good as none, its files are copied again."""
    try:
        yield from read_lines(store, time, FILES, read_snapshot(store, time).files)
    except ArchiveError:
        return


def _unsealed_lines(store: Store, time: str) -> Iterator[str]:
    for number in count(1):
        try:
            page = store.read(page_name(time, FILES, number))
        except FileNotFoundError:
            return
        yield from page.decode().split("\n")[:-1]


def read_again(lines: IO[str]) -> Iterator[str]:
    """Lines that were just written."""
    lines.seek(0)
    return (line.removesuffix("\n") for line in lines)
