"""Read users, items and interactions from files."""

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from garden.csv_escaping import defuse
from recommend.datasets.importing import (
    CheckedFile,
    Imported,
    Problem,
    check_file,
    import_interactions,
    import_items,
    import_users,
)
from recommend.datasets.io import read_rows

IMPORTERS: dict[str, Any] = {"users": import_users, "items": import_items, "interactions": import_interactions}
MANIFESTS = ("manifest-summary.json", "manifest-files.json")
"""What a DynamoDB export to S3 writes beside its data
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html)."""
T = TypeVar("T")


class Command(BaseCommand):
    help = (
        "Import users, items and interactions: CSV files of export_dataset or Personalize, DynamoDB tables exported as "
        "JSON lines, or scanned (aws dynamodb scan). Everything is checked before anything is written; a stopped run "
        "continues when it is repeated. Exit code 0: every (valid) row is imported; 1: it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="in any order; folders are searched")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--errors", type=int, default=50, help="how many problems to print; default: 50")
        parser.add_argument(
            "--skip-invalid",
            type=Path,
            metavar="FILE",
            help="import the valid rows, and write every invalid one with its field and rule to FILE (CSV)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        with _reject_file(options["skip_invalid"]) as report:
            checked = [self._check(path, quiet, report) for path in _files(options["files"])]
        self._refuse_if_wrong(checked, options["errors"], skip_invalid=options["skip_invalid"] is not None)
        whole = True
        for name, importer in IMPORTERS.items():
            for file in (file for file in checked if file.dataset == name):
                rows = _watched(file.read(), f"Importing {file.path.name}", file.rows, quiet)
                whole &= self._report(file, importer(rows, dry_run=options["dry_run"]), options["dry_run"])
        if not whole:
            sys.exit(1)

    def _check(self, path: Path, quiet: bool, report: Callable[[Problem], object]) -> CheckedFile:
        return check_file(path, _watched(read_rows(path), f"Checking {path.name}", None, quiet), report)

    def _refuse_if_wrong(self, checked: list[CheckedFile], limit: int, *, skip_invalid: bool) -> None:
        for problem in [problem for file in checked for problem in file.problems][:limit]:
            self.stderr.write(str(problem))
        rejected = sum(file.rejected for file in checked)
        wrong = sum(file.wrong for file in checked) - (rejected if skip_invalid else 0)
        if wrong:
            raise CommandError(f"Problems: {wrong}; nothing was imported.")
        if rejected:
            self.stderr.write(f"Invalid rows skipped: {rejected}.")

    def _report(self, file: CheckedFile, done: Imported, dry_run: bool) -> bool:
        verb = "would be imported" if dry_run else "imported"
        self.stdout.write(f"{file.path}: {file.dataset}: {done.new} {verb}, {done.known} known.")
        if done.missing:
            self.stderr.write(f"{done.missing} pictures have no file in storage and were left out:")
            for key in done.without_file:
                self.stderr.write(f"  {key}")
        return not done.missing


@contextmanager
def _reject_file(path: Path | None) -> Iterator[Callable[[Problem], object]]:
    """Writes the problems that it is given to a CSV file; to nowhere without a path."""
    if path is None:
        yield lambda _problem: None
        return
    try:
        stream = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"--skip-invalid: {error}") from error
    with stream:
        rows = csv.writer(stream)
        rows.writerow(("FILE", "LINE", "FIELD", "RULE"))
        yield lambda problem: rows.writerow((problem.file, problem.line, problem.field, defuse(problem.rule)))


def _files(paths: Iterable[Path]) -> list[Path]:
    """The paths, folders replaced by the data files under them; a table export's manifests hold no rows."""
    found = []
    for path in paths:
        endings = (".csv", ".json", ".csv.gz", ".json.gz")
        inside = sorted(file for file in path.rglob("*") if file.name.endswith(endings)) if path.is_dir() else [path]
        found += [file for file in inside if file.name not in MANIFESTS]
    if not found:
        raise CommandError("There is no CSV or JSON file.")
    return found


def _watched(rows: Iterable[T], title: str, total: int | None, quiet: bool) -> Iterator[T]:
    return iter(tqdm(rows, desc=title, total=total, unit="row", delay=2, disable=quiet))
