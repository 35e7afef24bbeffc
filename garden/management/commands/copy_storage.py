"""Copy the pictures to another storage, before the site uses it."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from garden.backup.contents import LEFT_OUT
from garden.backup.places import (
    DamagedError,
    RefusedBackupError,
    files_of,
    key_problem,
    left_join,
    refuse_keys_equal_without_case,
    site_storage,
    storage_at,
)
from garden.batches import in_parallel
from garden.management.file_command import FileCommand
from garden.storage.backends import PictureStorage, StoredFile

_LEFT_OUT = LEFT_OUT.keys() - {"derived"}
"""The rows of small copies stay as they are: their files come along."""


class Fate(StrEnum):
    COPIED = "copied"
    SAME = "the same"
    REPLACED = "replaced"
    GONE = "gone meanwhile"
    OTHER = "another file lies there"
    REFUSED = "refused key"


@dataclass(frozen=True, slots=True)
class Transfer:
    """`replace` allows to overwrite other files; a dry run reads and compares, and writes nothing."""

    source: PictureStorage
    target: PictureStorage
    replace: bool = False
    dry: bool = False

    def run(self, workers: int = 8) -> Iterator[tuple[StoredFile, Fate, str]]:
        """What became of each file, and why its key is refused. Raises RefusedBackupError before anything is written.

        What was written is read back and compared. Raises DamagedError where the target does not hold what was sent.
        """
        self._check()
        pairs = left_join(files_of(self.source, _LEFT_OUT), files_of(self.target, _LEFT_OUT))
        yield from in_parallel(self._copy, pairs, workers)
        if not self.dry:
            self.target.sync()

    def _check(self) -> None:
        here, there = f"{self.source}/", f"{self.target}/"
        if here.startswith(there) or there.startswith(here):
            raise RefusedBackupError(f"{self.source} and {self.target} lie within each other.")
        if not any(True for _ in files_of(self.source, _LEFT_OUT)):
            raise RefusedBackupError(f"{self.source} holds no files.")
        if not self.dry:
            refuse_keys_equal_without_case(self.target, (file.key for file in files_of(self.source, _LEFT_OUT)))

    def _copy(self, pair: tuple[StoredFile, StoredFile | None]) -> tuple[StoredFile, Fate, str]:
        stored, other = pair
        if problem := key_problem(stored.key):
            return stored, Fate.REFUSED, problem
        try:
            data = self.source.read(stored.key)
            if other and other.size == len(data) and self.target.read(other.key) == data:
                return stored, Fate.SAME, ""
        except FileNotFoundError:
            return stored, Fate.GONE, ""
        if other and not self.replace:
            return stored, Fate.OTHER, ""
        if not self.dry:
            self.target.write(stored.key, data)
            if self.target.read(stored.key) != data:
                raise DamagedError(f"{stored.key} was changed on its way to {self.target}.")
        return stored, Fate.REPLACED if other else Fate.COPIED, ""


class Command(FileCommand):
    help = (
        "Copy all files of the site's storage to another one: a folder, or s3://bucket/folder, with their type and "
        "cache headers. Rows are not changed, and nothing is deleted. It can be killed at any moment and run again: "
        "existing files are compared byte by byte and not written again. Exit code 0 only when every file is in the "
        "target."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help="a folder, or s3://bucket/folder with the endpoint of PICTURE_STORAGE")
        parser.add_argument("--source", default="", help="copy from this folder or bucket, not from the site's storage")
        parser.add_argument("--replace", action="store_true", help="overwrite other files under the same keys")
        super().add_arguments(parser)

    def report(self, options: dict[str, Any], tick: Callable[..., object]) -> tuple[dict[str, Any], bool]:
        workers = options["workers"]
        counts: Counter[Fate] = Counter()
        copied_bytes, problems = 0, []
        source = storage_at(options["source"]) if options["source"] else site_storage()
        target = storage_at(options["target"])
        for stored, fate, problem in Transfer(source, target, options["replace"], options["dry_run"]).run(workers):
            tick()
            counts[fate] += 1
            copied_bytes += stored.size if fate in (Fate.COPIED, Fate.REPLACED) else 0
            if fate in (Fate.OTHER, Fate.REFUSED):
                problems.append({"key": stored.key, "problem": problem or fate})
        figures = {str(fate): counts[fate] for fate in Fate if counts[fate]}
        return {**figures, "bytes": copied_bytes, "problems": problems}, not problems
