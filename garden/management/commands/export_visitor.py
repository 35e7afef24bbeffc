import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garden.models import Visitor
from garden.privacy.export import files_of


class Command(BaseCommand):
    help = "Write all stored data of a visitor, as JSON and CSV, to a folder or a .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", help="the visitor's id, or the number on the goodbye screen")
        parser.add_argument("target", metavar="TARGET", type=Path, help="a new folder, or a .zip")
        parser.add_argument("--dry-run", action="store_true", help="only list the files and their sizes")

    def handle(self, *args: Any, id: str, target: Path, dry_run: bool, **options: Any) -> None:  # noqa: A002
        found = list(Visitor.objects.numbered(id)[:2])
        if len(found) != 1:
            raise CommandError(f"{'Several visitors have' if found else 'No visitor has'} the id {id}.")
        (visitor,) = found
        if target.exists() and not dry_run:
            raise CommandError(f"{target} exists already.")
        files = dict(files_of(visitor))
        if not dry_run:
            _write(target, files)
        for name, content in files.items():
            self.stdout.write(f"{len(content.encode()):>10} bytes  {name}")


def _write(target: Path, files: dict[str, str]) -> None:
    """Readable only by their owner."""
    if target.suffix == ".zip":
        target.touch(mode=0o600)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return
    target.mkdir(mode=0o700, parents=True)
    for name, content in files.items():
        (target / name).write_text(content, encoding="utf-8")
