"""Make the small copies of pictures that lists show."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from garden.models import ImageFile
from garden.storage.thumbnails import make_thumbnails


class Command(BaseCommand):
    help = "Create missing thumbnails and the values computed from them. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print how many are missing")
        parser.add_argument("--again", action="store_true", help="also retry broken pictures")
        parser.add_argument("--all", action="store_true", help="make all again")

    def handle(self, *args: Any, **options: Any) -> None:
        known = ImageFile.objects.filter(made_at=None) if options["again"] else ImageFile.objects.none()
        known = ImageFile.objects.all() if options["all"] else known
        missing = ImageFile.objects.exclude(pk__in=known.values("pk")).missing_thumbnail()
        count = missing.count()
        if options["dry_run"]:
            self.stdout.write(f"{count} thumbnails would be created.")
            return
        known.update(thumbnail_of="")
        progress = tqdm(make_thumbnails(images=missing), total=count, unit="picture", disable=not count)
        made = sum(progress)
        self.stdout.write(f"{made} thumbnails created, {count - made} failed.")
