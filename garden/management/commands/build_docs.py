"""Build the documentation for staff from `docs/`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from garden.management import TOOLS_MISSING


class Command(BaseCommand):
    help = "Build the documentation that staff reads at /docs/. Builds changed pages only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.DOCS_ROOT, help="target folder")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            from sphinx.cmd.build import build_main
        except ImportError as error:
            raise CommandError(TOOLS_MISSING.format(error.name)) from error
        source = settings.BASE_DIR / "docs"
        doctrees = folder.with_name(f"{folder.name}-cache")
        arguments = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(doctrees), str(source), str(folder)]
        if build_main(arguments):
            raise CommandError("The documentation was built with the errors above.")
        if options["verbosity"]:
            self.stdout.write(f"The documentation is in {folder}.")
