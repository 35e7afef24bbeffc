"""Bring pictures and rows back from a backup, or prove that it could be done."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.backup.drill import drill
from garden.backup.report import errors_as_sentences, print_report
from garden.backup.repository import existing_backup, site_place
from garden.backup.restore import Restore, Restored
from garden.backup.snapshot import Snapshot, choose_snapshot


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
        with errors_as_sentences(), tqdm(unit=" files", disable=None, delay=2) as progress:
            figures = self._restore(options, progress.update)
        print_report(self.stdout, figures, as_json=options["json"])
        if not figures.get("equal", True):
            raise SystemExit(1)

    def _restore(self, options: dict[str, Any], tick: Callable[[], object]) -> dict[str, Any]:
        workers = options["workers"]
        backup = existing_backup(options["source"], workers)
        snapshot = choose_snapshot(backup, options["snapshot"])
        if options["drill"]:
            report = drill(backup=backup, snapshot=snapshot, workers=workers, tick=tick)
            return {**asdict(report), "equal": not report.different}
        place, replace, dry = site_place(workers), options["replace"], options["dry_run"]
        restore = Restore(backup, snapshot, place, workers, replace=replace, dry=dry, tick=tick)
        return _figures(snapshot, restore.run())


def _figures(snapshot: Snapshot, restored: Restored) -> dict[str, Any]:
    return {
        "snapshot": snapshot.time,
        "left_out": snapshot.left_out,
        "files": snapshot.files.lines,
        "files_the_same": restored.same,
        "files_written": restored.missing + len(restored.others),
        "rows_written": restored.wrote_rows,
        "absent": snapshot.absent,
        "rows": {model: document.lines for model, document in snapshot.rows.items()},
    }
