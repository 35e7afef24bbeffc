"""Recompute the like-rates from the interactions."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from recommend.models import Interaction
from recommend.services.history import all_interactions, rebuild_rates


class Command(BaseCommand):
    help = (
        "Recompute the like rates from the interactions. Exit code 0: they agree, or do now; 1: --dry-run found that "
        "they do not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print what would change")

    def handle(self, *args: Any, dry_run: bool, verbosity: int, **options: Any) -> None:
        total = Interaction.objects.feedback().count()
        counted = tqdm(all_interactions(), total=total, unit=" interactions", disable=verbosity == 0)
        rebuilt = rebuild_rates(interactions=counted, dry_run=dry_run)
        verb = "would change" if dry_run else "changed"
        self.stdout.write(f"{rebuilt.interactions} interactions counted, {rebuilt.differences} like-rates {verb}.")
        if dry_run and rebuilt.differences:
            sys.exit(1)
