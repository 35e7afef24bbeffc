"""Copy pictures and rows to another place, check them there, and let old copies go."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from garden.backup.contents import CHOICES
from garden.backup.creation import make_backup, prune_backup
from garden.backup.places import existing_backup, new_backup
from garden.backup.snapshot import verify_backup
from garden.management.file_command import FileCommand


class Command(FileCommand):
    help = (
        "Back up pictures and database to a folder, to s3://bucket/folder, or into one file.tar. Existing copies are "
        "not copied again; it can be killed at any moment and run again. Exit code 1 when something could not be "
        "backed up, or is damaged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help="a folder, s3://bucket/folder, or a file that ends in .tar")
        for choice in CHOICES:
            parser.add_argument(f"--without-{choice}", action="store_true", help=f"leave {choice} out")
        parser.add_argument("--full", action="store_true", help="copy every file again, also unchanged ones")
        parser.add_argument("--verify", action="store_true", help="instead: read the whole backup and check it")
        parser.add_argument("--prune", action="store_true", help="instead: remove old snapshots; needs --keep")
        parser.add_argument("--keep", type=int, help="number of snapshots that --prune keeps")
        super().add_arguments(parser)

    def report(self, options: dict[str, Any], tick: Callable[..., object]) -> tuple[dict[str, Any], bool]:
        if options["prune"] != (options["keep"] is not None) or (options["prune"] and options["keep"] < 1):
            raise CommandError("--prune and --keep N (1 or more) go together.")
        workers, target = options["workers"], options["target"]
        if options["verify"]:
            verification = verify_backup(existing_backup(target), workers, tick)
            return asdict(verification), bool(verification.snapshots) and not verification.damaged
        if options["prune"]:
            return prune_backup(existing_backup(target), keep=options["keep"], dry=options["dry_run"]), True
        report = make_backup(
            target=new_backup(target),
            left_out=[choice for choice in CHOICES if options[f"without_{choice}"]],
            workers=workers,
            full=options["full"],
            dry=options["dry_run"],
            tick=tick,
        )
        return report, not report["problems"]
