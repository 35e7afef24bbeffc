"""Copy the pictures to another storage, before the site uses it."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.backup.files import (
    LEFT_OUT,
    files_of_site,
    in_parallel,
    key_problem,
    left_join,
    refuse_keys_equal_without_case,
)
from garden.backup.report import errors_as_sentences, print_report
from garden.backup.repository import DamagedError, Place, RefusedBackupError, Stored, place_at, site_place

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

    source: Place
    target: Place
    replace: bool = False
    dry: bool = False

    def run(self, workers: int = 8) -> Iterator[tuple[Stored, Fate, str]]:
        """What became of each file, and why its key is refused. Raises RefusedBackupError before anything is written.

        What was written is read back and compared. Raises DamagedError where the target does not hold what was sent.
        """
        self._check()
        pairs = left_join(files_of_site(self.source, _LEFT_OUT), files_of_site(self.target, _LEFT_OUT))
        yield from in_parallel(self._copy, pairs, workers)
        if not self.dry:
            self.target.sync()

    def _check(self) -> None:
        here, there = f"{self.source}/", f"{self.target}/"
        if here.startswith(there) or there.startswith(here):
            raise RefusedBackupError(f"{self.source} and {self.target} lie within each other.")
        if not any(True for _ in files_of_site(self.source, _LEFT_OUT)):
            raise RefusedBackupError(f"{self.source} holds no files.")
        if not self.dry and self.target.ignores_case():
            refuse_keys_equal_without_case(stored.key for stored in files_of_site(self.source, _LEFT_OUT))

    def _copy(self, pair: tuple[Stored, Stored | None]) -> tuple[Stored, Fate, str]:
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
                raise DamagedError(f"{stored.key} is not in {self.target} as it was sent.")
        return stored, Fate.REPLACED if other else Fate.COPIED, ""


class Command(BaseCommand):
    help = (
        "Copy all files of the site's storage to another one: a folder, or s3://bucket/folder, where they get their "
        "type and cache headers. Rows are not touched, and nothing is deleted. It can be killed at any moment and run "
        "again: what is there is compared byte by byte and not written again. "
        "Exit code 0 only when every file is in the target."
    )

    requires_system_checks = ()  # A site whose storage is half wrong is one that wants to move.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help="a folder, or s3://bucket/folder with the endpoint of PICTURE_STORAGE")
        parser.add_argument("--source", default="", help="copy from this folder or bucket, not from the site's storage")
        parser.add_argument("--replace", action="store_true", help="overwrite other files under the same keys")
        parser.add_argument("--workers", type=int, default=8, help="files at once (8)")
        parser.add_argument("--dry-run", action="store_true", help="compare, and report what would be copied")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        workers = options["workers"]
        if workers < 1:
            raise CommandError("--workers is 1 or more.")
        counts: Counter[Fate] = Counter()
        copied_bytes, problems = 0, []
        with errors_as_sentences(), tqdm(unit=" files", disable=None, delay=2) as progress:
            source = place_at(options["source"], workers, public=True) if options["source"] else site_place(workers)
            target = place_at(options["target"], workers, public=True)
            for stored, fate, problem in Transfer(source, target, options["replace"], options["dry_run"]).run(workers):
                progress.update()
                counts[fate] += 1
                copied_bytes += stored.size if fate in (Fate.COPIED, Fate.REPLACED) else 0
                if fate in (Fate.OTHER, Fate.REFUSED):
                    problems.append({"key": stored.key, "problem": problem or fate})
        figures = {str(fate): counts[fate] for fate in Fate if counts[fate]}
        print_report(self.stdout, {**figures, "bytes": copied_bytes, "problems": problems}, as_json=options["json"])
        if problems:
            raise SystemExit(1)
