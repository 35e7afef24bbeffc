"""Make a group of wall screens."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from garden.models import Zone
from garden.models.wall import ZONE_NAME
from garden.walls.rotation import keep_walls


class Command(BaseCommand):
    help = "Create a zone and show the newest pictures in it, unless it exists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", type=_zone_name, help="a part of its addresses: letters, digits, - and _, as in zone1"
        )
        parser.add_argument("--title", default="", help="display name, as in “Entrance hall”")
        parser.add_argument("--dry-run", action="store_true", help="only print whether it would be created")

    def handle(self, *args: Any, **options: Any) -> None:
        if Zone.objects.filter(name=options["name"]).exists():
            return
        if options["dry_run"]:
            self.stdout.write(f"The zone {options['name']!r} would be created.")
            return
        Zone.objects.create(name=options["name"], title=options["title"])
        keep_walls()
        self.stdout.write(f"Zone {options['name']!r} created.")


def _zone_name(text: str) -> str:
    if re.fullmatch(ZONE_NAME, text):
        return text
    raise ArgumentTypeError(f"{text!r} is not a name of a zone: letters, digits, - and _, 50 at most, as in zone1")
