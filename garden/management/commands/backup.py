"""Copy pictures and rows to another place, check them there, and let old copies go."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.backup.creation import Backup, make_backup
from garden.backup.database import CHOICES
from garden.backup.report import errors_as_sentences, print_report
from garden.backup.repository import backup_place, existing_backup
from garden.backup.verify import prune_backup, verify_backup


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
        with errors_as_sentences(), tqdm(unit=" files", disable=None, delay=2) as progress:
            figures, is_whole = task(options, progress)
        print_report(self.stdout, figures, as_json=options["json"])
        if not is_whole:
            raise SystemExit(1)

    def _back_up(self, options: dict[str, Any], progress: Any) -> tuple[dict[str, Any], bool]:
        backup = make_backup(
            target=backup_place(options["target"], options["workers"]),
            left_out=[choice for choice in CHOICES if options[f"without_{choice}"]],
            workers=options["workers"],
            full=options["full"],
            dry=options["dry_run"],
            tick=progress.update,
        )
        return _figures(backup), not backup.tally.problems

    def _verify(self, options: dict[str, Any], progress: Any) -> tuple[dict[str, Any], bool]:
        backup = existing_backup(options["target"], options["workers"])
        verification = verify_backup(backup=backup, workers=options["workers"], tick=progress.update)
        return asdict(verification), bool(verification.snapshots) and not verification.damaged

    def _prune(self, options: dict[str, Any], progress: Any) -> tuple[dict[str, Any], bool]:
        backup = existing_backup(options["target"], options["workers"])
        return asdict(prune_backup(backup=backup, keep=options["keep"], dry=options["dry_run"])), True


def _figures(backup: Backup) -> dict[str, Any]:
    return {
        "snapshot": backup.snapshot.time,
        "files": backup.snapshot.files.lines,
        "bytes": backup.snapshot.bytes,
        "files_copied": backup.tally.copied,
        "bytes_copied": backup.tally.copied_bytes,
        "left_out": backup.snapshot.left_out,
        "rows_without_file": backup.absent,
        "absent": backup.snapshot.absent,
        "problems": backup.tally.problems,
        "rows": {model: document.lines for model, document in backup.snapshot.rows.items()},
    }
