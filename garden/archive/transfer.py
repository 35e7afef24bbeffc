"""Copying the pictures of one storage to another, as a site does that moves from a disk to a bucket."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from garden.archive.errors import DamagedError, RefusedArchiveError
from garden.archive.hashing import content_of
from garden.archive.keys import LEFT_OUT, malformation_of
from garden.archive.manifest import refuse_one_file_for_two
from garden.archive.parallel import in_parallel
from garden.archive.places import Place, Seen

_LEFT_OUT = set(LEFT_OUT) - {"derived"}
"""The rows of small copies stay as they are: their files come along."""
Tick = Callable[[], object]


class Fate(StrEnum):
    COPIED = "copied"
    SAME = "the same"
    REPLACED = "replaced"
    GONE = "gone meanwhile"
    OTHER = "another file lies there"
    REFUSED = "refused key"


PROBLEMS = (Fate.OTHER, Fate.REFUSED)


@dataclass(slots=True)
class Transferred:
    """How many files met which fate, the bytes that were written, and the keys that were not copied."""

    counts: Counter[Fate] = field(default_factory=Counter)
    bytes: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Transfer:
    """`replace` allows to overwrite other files; a dry run reads and compares, and writes nothing.

    Stopped and run again it resumes: a file that is there is compared by its SHA-256, not written again. What was
    written is read back and compared.
    """

    source: Place
    target: Place
    workers: int = 8
    replace: bool = False
    dry: bool = False
    tick: Tick = lambda: None

    def run(self) -> Transferred:
        """Raises RefusedArchiveError before anything is written, ArchiveError or OSError when a place fails.

        DamagedError is one of them: the target does not hold what was sent.
        """
        self._check()
        told = Transferred()
        for seen, fate, problem in in_parallel(self._settle, self._pairs(), self.workers):
            told.counts[fate] += 1
            if fate in (Fate.COPIED, Fate.REPLACED):
                told.bytes += seen.size
            if fate in PROBLEMS:
                told.problems.append({"key": seen.key, "problem": problem or fate})
            self.tick()
        if not self.dry:
            self.target.settle()
        return told

    def _check(self) -> None:
        here, there = f"{self.source}/", f"{self.target}/"
        if here.startswith(there) or there.startswith(here):
            raise RefusedArchiveError(f"{self.source} and {self.target} lie within each other.")
        if not any(True for _ in self._files(self.source)):
            raise RefusedArchiveError(f"{self.source} holds no files.")
        if not self.dry and self.target.folds_case():
            refuse_one_file_for_two(seen.key for seen in self._files(self.source))

    def _files(self, place: Place) -> Iterator[Seen]:
        folders = [folder for folder in place.folders() if folder not in _LEFT_OUT and not folder.startswith(".")]
        for folder in sorted(f"{folder}/" for folder in folders):
            yield from place.walk(folder.rstrip("/"))

    def _pairs(self) -> Iterator[tuple[Seen, Seen | None]]:
        """Each file of the source and what the target has under its key; both are listed in the order of keys."""
        others = self._files(self.target)
        other = next(others, None)
        for seen in self._files(self.source):
            while other is not None and other.key < seen.key:
                other = next(others, None)
            yield seen, other if other is not None and other.key == seen.key else None

    def _settle(self, pair: tuple[Seen, Seen | None]) -> tuple[Seen, Fate, str]:
        seen, other = pair
        if problem := malformation_of(seen.key):
            return seen, Fate.REFUSED, problem
        try:
            if other is not None and self._is_same(seen, other):
                return seen, Fate.SAME, ""
            if other is not None and not self.replace:
                return seen, Fate.OTHER, ""
            self._copy(seen)
        except FileNotFoundError:
            return seen, Fate.GONE, ""
        return seen, Fate.REPLACED if other is not None else Fate.COPIED, ""

    def _is_same(self, seen: Seen, other: Seen) -> bool:
        if seen.size != other.size:
            return False
        with self.source.open(seen.key) as here, self.target.open(seen.key) as there:
            return content_of(here) == content_of(there)

    def _copy(self, seen: Seen) -> None:
        if self.dry:
            return
        with self.source.open(seen.key) as file:
            sent = self.target.receive(file, lambda _: seen.key)
        with self.target.open(seen.key) as there:
            if content_of(there) != sent:
                raise DamagedError(f"{seen.key} is not in {self.target} as it was sent.")
