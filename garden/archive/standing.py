"""How the files that are here stand to those of a backup; what is to be written goes to a list on disk."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from garden.archive.copying import files_of
from garden.archive.hashing import content_of
from garden.archive.manifest import Entry
from garden.archive.parallel import in_parallel
from garden.archive.places import Place, Seen

SHOWN = 100
Tick = Callable[[], object]


class Sameness(StrEnum):
    SAME = "same"
    MISSING = "missing"
    OTHER = "other"


@dataclass(slots=True)
class FileStanding:
    """Counts of the backup's files by what is here; `others` are the first keys whose content here is another."""

    same: int = 0
    missing: int = 0
    other: int = 0
    others: list[str] = field(default_factory=list)

    def count(self, sameness: Sameness, key: str) -> None:
        setattr(self, sameness, getattr(self, sameness) + 1)
        if sameness is Sameness.OTHER and len(self.others) < SHOWN:
            self.others.append(key)


class FileComparison:
    """Compares on creation; `to_write` are the lines of files that are missing here, or another."""

    def __init__(self, site: Place, lines: Callable[[], Iterable[tuple[str, Entry]]], workers: int) -> None:
        self.standing = FileStanding()
        self._list = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # Lives as long as this.
        pairs = _beside(files_of(site), lines())
        for line, key, sameness in in_parallel(lambda pair: _compare(site, *pair), pairs, workers):
            self.standing.count(sameness, key)
            if sameness is not Sameness.SAME:
                self._list.write(f"{line}\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._list.close()

    def to_write(self) -> Iterator[str]:
        self._list.seek(0)
        return (line.removesuffix("\n") for line in self._list)


def _beside(files: Iterator[Seen], lines: Iterable[tuple[str, Entry]]) -> Iterator[tuple[str, Entry, Seen | None]]:
    """Every line with the file of its key that is here; both in the order of keys."""
    file = next(files, None)
    for line, entry in lines:
        while file is not None and file.key < entry.key:
            file = next(files, None)
        yield line, entry, file if file is not None and file.key == entry.key else None


def _compare(site: Place, line: str, entry: Entry, seen: Seen | None) -> tuple[str, str, Sameness]:
    if seen is None:
        return line, entry.key, Sameness.MISSING
    if seen.size != entry.kept.size:
        return line, entry.key, Sameness.OTHER
    try:
        with site.open(entry.key) as file:
            same = content_of(file).sha256 == entry.kept.sha256
    except FileNotFoundError:
        return line, entry.key, Sameness.MISSING
    return line, entry.key, Sameness.SAME if same else Sameness.OTHER
