"""Make the small copies of pictures that lists show."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from garden.models import Thumbnail
from garden.storage.thumbnails import make_thumbnails


class Command(BaseCommand):
    help = "Make the thumbnails that are missing, with what is computed from them. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many are missing")
        parser.add_argument("--again", action="store_true", help="also those that were given up as broken")
        parser.add_argument("--all", action="store_true", help="make all anew")

    def handle(self, *args: Any, **options: Any) -> None:
        known = Thumbnail.objects.filter(made_at=None) if options["again"] else Thumbnail.objects.none()
        known = Thumbnail.objects.all() if options["all"] else known
        missing = Thumbnail.objects.exclude(pk__in=known.values("pk")).missing()
        count = missing.count()
        if options["dry_run"]:
            self.stdout.write(f"{count} thumbnails would be made.")
            return
        known.update(content_hash="")
        progress = tqdm(make_thumbnails(images=missing), total=count, unit="picture", disable=not count)
        made = sum(progress)
        self.stdout.write(f"{made} thumbnails made, {count - made} could not be made.")
