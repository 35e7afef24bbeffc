from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from garden.privacy.retention import all_sweeps


class Command(BaseCommand):
    help = "Delete data older than the privacy rules allow. A worker does the same every hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count expired data")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        sweeps = all_sweeps()
        rows = [
            (sweep.name, sweep.limit, sweep.due() if dry_run else sweep.sweep())
            for sweep in tqdm(sweeps, unit="table", disable=None, leave=False)
        ]
        self.stdout.write(f"{'what':24}{'kept for':28}{'expired' if dry_run else 'deleted':>10}")
        for name, limit, count in rows:
            self.stdout.write(f"{name:24}{limit:28}{count:>10}")
