"""Paint the starter garden, in parallel, once."""

import os
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from tqdm import tqdm

from garden.models import Image
from garden.services import save_image
from garden.signals import retired_keys
from generation.backends import get_engine
from generation.queue.handlers import write_picture
from generation.starter import StarterPicture, paint, starter_pictures


class Command(BaseCommand):
    help = "Generate the starter garden: pictures of every emotion, with and without favorites. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print what would be generated")
        parser.add_argument("--first", type=int, metavar="N", help="only the first N; 16 are a pair of each emotion")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one per core")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = list(_missing(islice(starter_pictures(), options["first"])))
        part = "the first pictures" if options["first"] else "the starter garden"
        if options["dry_run"]:
            self.stdout.write(f"Pictures that would be painted: {len(missing)}.")
        elif missing:
            self._plant(missing, options["processes"], part)
        elif options["verbosity"] > 1:
            self.stdout.write("The starter garden is complete.")

    def _plant(self, missing: list[StarterPicture], processes: int, part: str) -> None:
        painted = paint(get_engine("painter"), missing, processes)
        for starter, picture in tqdm(painted, total=len(missing), desc=f"Painting {part}", unit="picture"):
            save_image(write_picture(picture=picture, key=starter.key))


def _missing(pictures: Iterable[StarterPicture]) -> Iterator[StarterPicture]:
    """Those without a row, whatever its state (a curator may have removed one), or without a file."""
    known = set(Image.objects.filter(origin="painter").values_list("key", flat=True))
    missing = [each for each in pictures if each.key not in known or not default_storage.exists(each.key)]
    answers = retired_keys.send(None, keys=[each.key for each in missing])
    retired = {key for _receiver, keys in answers for key in keys or ()}
    return (picture for picture in missing if picture.key not in retired)
