"""Copy pictures and rows to another place, check them there, and let old copies go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.archive.backup import Backup, make_backup
from garden.archive.pruning import prune_backup
from garden.archive.rows.models import CHOICES
from garden.archive.stores import open_source, open_target, open_vault
from garden.archive.telling import errors_in_words, print_report
from garden.archive.verifying import verify_backup


class Command(BaseCommand):
    help = (
        "Back up pictures and database to a folder, to s3://bucket/folder, or into one file.tar. What lies there "
        "already is not copied again; it can be killed at any moment and run again. "
        "Exit code 1 when something could not be backed up, or is damaged."
    )

    requires_system_checks = ()  # A site whose settings are half wrong is one that wants its backup.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help="a folder, s3://bucket/folder, or a file that ends in .tar")
        for choice in CHOICES:
            parser.add_argument(f"--without-{choice}", action="store_true", help=f"leave {choice} out")
        parser.add_argument("--full", action="store_true", help="copy every file again, also what seems unchanged")
        parser.add_argument("--verify", action="store_true", help="read the whole backup again instead, and check it")
        parser.add_argument("--prune", action="store_true", help="remove old snapshots instead; needs --keep")
        parser.add_argument("--keep", type=int, help="how many snapshots --prune leaves")
        parser.add_argument("--workers", type=int, default=8, help="files at once (8)")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["prune"] != (options["keep"] is not None) or (options["prune"] and options["keep"] < 1):
            raise CommandError("--prune and --keep N (1 or more) go together.")
        if options["workers"] < 1:
            raise CommandError("--workers is 1 or more.")
        task = self._verify if options["verify"] else self._prune if options["prune"] else self._back_up
        with errors_in_words(), tqdm(unit=" files", disable=None, delay=2) as progress:
            figures, is_whole = task(options, progress)
        print_report(self.stdout, figures, as_json=options["json"])
        if not is_whole:
            raise SystemExit(1)

    def _back_up(self, options: dict[str, Any], progress: Any) -> tuple[dict[str, Any], bool]:
        made = make_backup(
            store=open_target(options["target"], options["workers"]),
            left_out=[choice for choice in CHOICES if options[f"without_{choice}"]],
            workers=options["workers"],
            full=options["full"],
            dry=options["dry_run"],
            tick=progress.update,
        )
        return _figures(made), not made.tally.problems

    def _verify(self, options: dict[str, Any], progress: Any) -> tuple[dict[str, Any], bool]:
        store = open_source(options["target"], options["workers"])
        told = verify_backup(store=store, workers=options["workers"], tick=progress.update)
        figures = {
            "snapshots": told.snapshots,
            "unfinished": told.unfinished,
            "files": told.files,
            "rows": told.rows,
            "damaged": told.damaged,
        }
        return figures, bool(told.snapshots) and not told.damaged

    def _prune(self, options: dict[str, Any], progress: Any) -> tuple[dict[str, Any], bool]:
        vault = open_vault(options["target"], options["workers"])
        told = prune_backup(vault=vault, keep=options["keep"], dry=options["dry_run"])
        return {"kept": told.kept, "removed": told.removed, "contents": told.contents, "bytes": told.bytes}, True


def _figures(made: Backup) -> dict[str, Any]:
    return {
        "snapshot": made.snapshot.time,
        "files": made.tally.files,
        "bytes": made.tally.bytes,
        "files_copied": made.tally.copied,
        "bytes_copied": made.tally.copied_bytes,
        "left_out": made.snapshot.left_out,
        "rows_without_file": made.absent,
        "absent": made.snapshot.absent,
        "problems": made.tally.problems,
        "rows": {model: document.lines for model, document in made.snapshot.rows.items()},
    }
