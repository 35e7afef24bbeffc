from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garden.upgrading.linting import lint, migrations_since
from garden.upgrading.releases import releases


class Command(BaseCommand):
    help = (
        "Checks that migrations since a release can run while that release still serves visitors. "
        "Exit code 1 when one cannot."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", choices=list(releases()), default=list(releases())[-1], help="a release")

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        broken = lint(releases()[since])
        if broken:
            raise CommandError("\n".join(map(str, broken)))
        self.stdout.write(f"{len(migrations_since(releases()[since]))} migrations since {since}: all gentle.")
