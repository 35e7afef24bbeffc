"""Write users, items and interactions as CSV."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from recommend.datasets.io import GORSE, ROOT, export_to_folder, export_to_storage, path_of
from recommend.datasets.schema import DATASETS, Dataset

FORMATS = {"personalize": DATASETS, "gorse": GORSE}


class Command(BaseCommand):
    help = (
        "Write users, items and interactions as CSV, in Amazon Personalize's schemas or Gorse's, to a folder or to the "
        "site's storage (dataset/…). Memory does not grow with the rows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, help="target folder; default: the site's storage")
        parser.add_argument("--format", choices=tuple(FORMATS), default="personalize")
        parser.add_argument("--only", choices=("users", "items", "interactions", "feedback"), help="one of them")
        parser.add_argument(
            "--verbatim",
            action="store_true",
            help="for programs only: do not escape cells that a spreadsheet would run as a formula",
        )
        parser.add_argument("--dry-run", action="store_true", help="only count the rows")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [found for found in FORMATS[options["format"]] if options["only"] in (None, found.name)]
        if not chosen:
            raise CommandError(f"The format {options['format']} has no {options['only']}.")
        for dataset in chosen:
            self._export(dataset, options)

    def _export(self, dataset: Dataset, options: dict[str, Any]) -> None:
        folder, quiet = options["folder"], options["verbosity"] == 0
        if options["dry_run"]:
            self.stdout.write(f"{folder or ROOT}/{path_of(dataset)}: {dataset.count()} rows would be written.")
            return

        def watch(rows: Iterable[Sequence[str]], dataset: Dataset) -> Iterable[Sequence[str]]:
            return tqdm(rows, total=dataset.count(), desc=dataset.name, unit="row", delay=2, disable=quiet)

        try:
            if folder:
                where, rows = export_to_folder(dataset, folder, verbatim=options["verbatim"], watch=watch)
            else:
                where, rows = export_to_storage(dataset, verbatim=options["verbatim"], watch=watch)
        except OSError as error:
            raise CommandError(f"{dataset.name} could not be written: {error}") from error
        self.stdout.write(f"{where}: {rows} rows.")
