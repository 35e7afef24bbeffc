from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garden.ops.version import OURS, releases

_ALSO_ERRORS = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "RUNPYTHON_REVERSIBLE", "RUNSQL_REVERSIBLE"]
"""Warnings of django-migration-linter."""


class Command(BaseCommand):
    help = (
        "Check with django-migration-linter that migrations since a release can run on the site's database while that "
        "release still serves visitors. Exit code 1 when one cannot."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", choices=list(releases()), default=list(releases())[-1], help="a release")

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        try:
            from django_migration_linter import MigrationLinter
        except ImportError as error:
            raise CommandError("This needs the development requirements: requirements/dev.txt.") from error
        last = releases()[since]
        linter = MigrationLinter(no_cache=True, warnings_as_errors_tests=_ALSO_ERRORS)
        for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
            if app in OURS and name > last.get(app, ""):
                linter.lint_migration(migration)
        linter.print_summary()
        if linter.has_errors:
            raise CommandError(f"The release {since} cannot run while these are applied.")
