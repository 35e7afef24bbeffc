"""Compute missing features of pictures."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from recommend.features import layout
from recommend.models import Description
from recommend.services.descriptions import describe_missing


class Command(BaseCommand):
    help = (
        "Compute the missing features of published pictures (prompt words, colours, texture, layout, and those of the "
        "encoder if PICTURE_ENCODER is set). Workers do this automatically in small steps; after an import this "
        "command is faster."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, dry_run: bool, verbosity: int, **options: Any) -> None:
        missing = Description.objects.missing(layout().version).order_by("pk")
        total = missing.count()
        if dry_run:
            self.stdout.write(f"Pictures to be described: {total}.")
            return
        described = 0
        with tqdm(total=total, unit=" pictures", disable=verbosity == 0) as shown:
            for some in describe_missing(images=list(missing)):
                described += some
                shown.update(some)
        self.stdout.write(f"Pictures described: {described}; left for later: {total - described}.")
