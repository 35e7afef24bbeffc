"""Commands that read and write many files: their options, progress and errors, and the report as a table or JSON."""

import json
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.errors import GardenError
from garden.storage.outages import describe_failure, is_outage

SHOWN = 20


class FileCommand(BaseCommand):
    """Prints a report; the exit code is 1 when something is wrong with what it names."""

    has_dry_run: ClassVar[bool] = True
    requires_system_checks = ()  # A site whose settings are half wrong is one that wants its backup, or wants to move.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workers", type=int, default=8, help="files at once (8)")
        if self.has_dry_run:
            parser.add_argument("--dry-run", action="store_true", help="check, and only print what would be done")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"] < 1:
            raise CommandError("--workers is 1 or more.")
        with _errors_as_sentences(), tqdm(unit=" files", disable=None, delay=2) as progress:
            figures, is_whole = self.report(options, progress.update)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
        else:
            self.print_table(figures)
        if not is_whole:
            raise SystemExit(1)

    @abstractmethod
    def report(self, options: dict[str, Any], tick: Callable[..., object]) -> tuple[dict[str, Any], bool]:
        """Figures by name, and whether all is well. `tick` is called as files are done."""

    def print_table(self, figures: dict[str, Any]) -> None:
        """Lists of what is wrong are shown in part."""
        for name, value in figures.items():
            if isinstance(value, list):
                self.stdout.write("".join(f"{line}\n" for line in _lines(name, value)), ending="")
            elif isinstance(value, dict):
                for key, count in value.items():
                    self.stdout.write(f"  {key:30} {_text(count):>14}")
            else:
                self.stdout.write(f"{name.replace('_', ' '):32} {_text(value):>14}")


@contextmanager
def _errors_as_sentences() -> Iterator[None]:
    """Raises CommandError with what went wrong and what it was about; outages pass through as they are."""
    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise
        if isinstance(error, OSError):
            raise CommandError(f"{error}. Nothing was lost; run it again when that is put right.") from error
        if not (sentence := describe_failure(error)):
            raise
        extra = error.extra.items() if isinstance(error, GardenError) else ()
        details = [
            line for name, value in extra for line in _lines(name, value if isinstance(value, list) else [value])
        ]
        raise CommandError("\n".join([sentence, *details])) from error


def _lines(name: str, values: list[Any]) -> Iterator[str]:
    for value in values[:SHOWN]:
        yield f"  {name}: {' '.join(map(str, value.values())) if isinstance(value, dict) else value}"
    if len(values) > SHOWN:
        yield f"  {name}: … and {len(values) - SHOWN:,} more"


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
