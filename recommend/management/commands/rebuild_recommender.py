"""Learn the whole ledger anew."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from recommend.backends.embedded.events import LedgerEvent
from recommend.backends.embedded.snapshots import rebuild_state


class Command(BaseCommand):
    help = (
        "Learn everything visitors said anew, from the first interaction on; running servers go on from the result. "
        "Exit code 0: it is what they had learned; 1: --dry-run found that it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only compare")
        parser.add_argument(
            "--renew", action="store_true", help="see all pictures as they are described today (after an import)"
        )

    def handle(self, *args: Any, dry_run: bool, renew: bool, verbosity: int, **options: Any) -> None:
        def show(learned: Iterator[LedgerEvent]) -> Iterator[LedgerEvent]:
            return iter(tqdm(learned, unit=" entries", disable=verbosity == 0))

        rebuilt = rebuild_state(dry_run=dry_run, renew=renew, progress=show)
        found = "the same as before" if rebuilt.same else "not what the newest snapshot leads to"
        self.stdout.write(f"Learned up to number {rebuilt.position}: {'renewed' if renew else found}.")
        if dry_run and not rebuilt.same:
            sys.exit(1)
