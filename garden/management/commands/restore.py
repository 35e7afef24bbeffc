"""Bring pictures and rows back from a backup, or prove that it could be done."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.archive.drill import drill
from garden.archive.restore import Restored, Restorer
from garden.archive.snapshot import choose_snapshot
from garden.archive.stores import open_source
from garden.archive.telling import errors_in_words, print_report


class Command(BaseCommand):
    help = (
        "Restore pictures and database from a backup. Everything is checked before anything is visible; restoring "
        "twice changes nothing, and it can be killed at any moment and run again. "
        "Exit code 0 only when all came back as it was."
    )

    requires_system_checks = ()  # A site whose settings are half wrong is one that wants its backup.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a folder, s3://bucket/folder, or a file that ends in .tar")
        parser.add_argument("--snapshot", default="", help="its time, or how that begins; the newest without it")
        parser.add_argument("--drill", action="store_true", help="into a scratch database and storage; compare, report")
        parser.add_argument("--replace", action="store_true", help="put it in the place of other rows and pictures")
        parser.add_argument("--workers", type=int, default=8, help="files at once (8)")
        parser.add_argument("--dry-run", action="store_true", help="check the backup and tell what would be done")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"] < 1:
            raise CommandError("--workers is 1 or more.")
        with errors_in_words(), tqdm(unit=" files", disable=None, delay=2) as progress:
            store = open_source(options["source"], options["workers"])
            snapshot = choose_snapshot(store, options["snapshot"])
            if options["drill"]:
                told = drill(store=store, snapshot=snapshot, workers=options["workers"], tick=progress.update)
                figures = {**asdict(told), "equal": not told.different}
            else:
                restorer = Restorer(
                    store,
                    snapshot,
                    workers=options["workers"],
                    replace=options["replace"],
                    dry=options["dry_run"],
                    tick=progress.update,
                )
                figures = _figures(restorer.restore())
        print_report(self.stdout, figures, as_json=options["json"])
        if not figures.get("equal", True):
            raise SystemExit(1)


def _figures(restored: Restored) -> dict[str, Any]:
    return {
        "snapshot": restored.snapshot.time,
        "left_out": restored.snapshot.left_out,
        "files": restored.snapshot.files.lines,
        "files_the_same": restored.files.same,
        "files_written": restored.files.missing + restored.files.other,
        "rows_written": restored.wrote_rows,
        "absent": restored.snapshot.absent,
        "rows": {model: document.lines for model, document in restored.snapshot.rows.items()},
    }
