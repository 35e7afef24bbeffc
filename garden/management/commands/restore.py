"""Bring pictures and rows back from a backup, or prove that it could be done."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from garden.backup.places import existing_backup, site_storage
from garden.backup.restore import Restore, drill
from garden.backup.snapshot import choose_snapshot
from garden.management.file_command import FileCommand


class Command(FileCommand):
    help = (
        "Restore pictures and database from a backup. Everything is checked before anything is visible; restoring "
        "twice changes nothing, and it can be killed at any moment and run again. Exit code 0 only when everything is "
        "restored unchanged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a folder, s3://bucket/folder, or a file that ends in .tar")
        parser.add_argument("--snapshot", default="", help="its time or a prefix of it; default: the newest")
        parser.add_argument(
            "--drill", action="store_true", help="restore into a temporary database and storage; compare, report"
        )
        parser.add_argument("--replace", action="store_true", help="replace other rows and pictures")
        super().add_arguments(parser)

    def report(self, options: dict[str, Any], tick: Callable[..., object]) -> tuple[dict[str, Any], bool]:
        workers, backup = options["workers"], existing_backup(options["source"])
        snapshot = choose_snapshot(backup, options["snapshot"])
        if options["drill"]:
            compared = drill(backup, snapshot, workers, tick)
            equal = not compared.different
            return asdict(compared) | {"equal": equal}, equal
        restore = Restore(backup, snapshot, site_storage(), workers, tick, options["replace"], options["dry_run"])
        return asdict(restore.run()) | snapshot.summary(), True
