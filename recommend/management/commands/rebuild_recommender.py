"""Learn the whole ledger again."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from recommend.backends.embedded.events import LedgerEvent
from recommend.backends.embedded.snapshots import rebuild_state


class Command(BaseCommand):
    help = (
        "Learn from all interactions again, from the first one on; running servers use the result. Exit code 0: it "
        "equals what they had learned; 1: --dry-run found a difference."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only compare")
        parser.add_argument(
            "--renew", action="store_true", help="use the present features of all pictures (after an import)"
        )

    def handle(self, *args: Any, dry_run: bool, renew: bool, verbosity: int, **options: Any) -> None:
        def show(learned: Iterator[LedgerEvent]) -> Iterator[LedgerEvent]:
            return iter(tqdm(learned, unit=" entries", disable=verbosity == 0))

        rebuilt = rebuild_state(dry_run=dry_run, renew=renew, progress=show)
        found = "the same as before" if rebuilt.same else "different from before"
        self.stdout.write(f"Learned up to number {rebuilt.position}: {'renewed' if renew else found}.")
        if dry_run and not rebuilt.same:
            sys.exit(1)
