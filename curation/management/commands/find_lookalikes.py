"""Find pictures that look almost the same."""

from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from PIL import Image as Pillow
from tqdm import tqdm

from curation.duplicates.groups import place_picture, rebuild_groups
from curation.duplicates.hashing import hash_picture
from curation.models import Fingerprint
from garden.models import Image, ImageFile
from garden.models.image import ImageQuerySet
from garden.storage.thumbnails import thumbnail_key


class Command(BaseCommand):
    help = "Compare pictures that have not been compared, by their thumbnails. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="compute all groups again")
        parser.add_argument("--dry-run", action="store_true", help="only print what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        new = Image.objects.filter(fingerprint=None, file__made_at__isnull=False)
        count = new.count()
        if options["dry_run"]:
            self.stdout.write(f"Pictures that would be compared: {count}.")
        else:
            self._compare(new, count)
        if options["rebuild"]:
            self._rebuild(options["dry_run"])
        if missing := ImageFile.objects.missing_thumbnail().count():
            self.stdout.write(f"Pictures without a thumbnail: {missing}. Run make_thumbnails.")

    def _compare(self, new: ImageQuerySet, count: int) -> None:
        for image in tqdm(new.order_by("pk").iterator(), total=count, unit="picture", disable=not count):
            with default_storage.open(thumbnail_key(image.key)) as stored, Pillow.open(stored) as small:
                place_picture(image=image, hashed=hash_picture(small.convert("RGB")))
        waiting = Fingerprint.objects.open_groups().count()
        self.stdout.write(f"Pictures compared: {count}; groups that wait for a decision: {waiting}.")

    def _rebuild(self, dry_run: bool) -> None:
        rebuilt = rebuild_groups(dry_run=dry_run)
        changed = "groups that would change" if dry_run else "groups changed"
        self.stdout.write(f"Pictures: {rebuilt.pictures}; groups: {rebuilt.groups}; {changed}: {rebuilt.changed}.")
