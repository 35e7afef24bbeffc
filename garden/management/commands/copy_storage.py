"""Copy the pictures to another storage, before the site uses it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.archive.places import place_at, site_place
from garden.archive.telling import errors_in_words, print_report
from garden.archive.transfer import Fate, Transfer


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
        with errors_in_words(), tqdm(unit=" files", disable=None, delay=2) as progress:
            transferred = Transfer(
                source=place_at(options["source"], workers) if options["source"] else site_place(workers),
                target=place_at(options["target"], workers),
                workers=workers,
                replace=options["replace"],
                dry=options["dry_run"],
                tick=progress.update,
            ).run()
        counts = {str(fate): transferred.counts[fate] for fate in Fate if transferred.counts[fate]}
        figures = {**counts, "bytes": transferred.bytes, "problems": transferred.problems}
        print_report(self.stdout, figures, as_json=options["json"])
        if transferred.problems:
            raise SystemExit(1)
