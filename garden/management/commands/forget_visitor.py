from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.models import Visitor
from garden.privacy.export import held_of
from garden.privacy.retention import forget_visitors


class Command(BaseCommand):
    help = (
        "Erase visitors: their rows, and every link from interactions to them. What the recommender learned from all "
        "visitors together stays. Exit code 1 when the id is unknown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "ids",
            nargs="+",
            metavar="ID",
            help="the visitor's id, or the number on the goodbye screen (quote its spaces)",
        )
        parser.add_argument("--dry-run", action="store_true", help="only print what is stored")

    def handle(self, *args: Any, ids: list[str], dry_run: bool, **options: Any) -> None:
        found = {number: list(Visitor.objects.numbered(number)[:2]) for number in ids}
        visitors = {matches[0].pk: matches[0] for matches in found.values() if len(matches) == 1}
        for visitor in visitors.values():
            held = ", ".join(f"{len(rows)} × {name}" for name, rows in held_of(visitor).items())
            self.stdout.write(f"{visitor.pk}: {held}")
        if not dry_run:
            for visitor_id in tqdm(sorted(visitors), unit="visitor", disable=None, leave=False):
                forget_visitors([visitor_id])
        self.stdout.write(f"{len(visitors)} {'would be erased' if dry_run else 'erased'}.")
        if several := [number for number, matches in found.items() if len(matches) > 1]:
            raise CommandError(f"Several visitors match {', '.join(several)}: give the full id.")
        if unknown := [number for number, matches in found.items() if not matches]:
            raise CommandError(f"There is no visitor {', '.join(unknown)}.")
