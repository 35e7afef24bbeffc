from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from json import dumps
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garden.privacy.processing_log import verify_record


class Command(BaseCommand):
    help = (
        "Check the record of processing: that no entry was changed, removed or inserted, and that each photo was "
        "received, analysed and dropped, or read on a kiosk and never received. Exit code 1 when a check fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            type=_anchor,
            default=[],
            metavar="NUMBER:HASH",
            help="a head of the record that an earlier run printed; may be repeated",
        )
        parser.add_argument("--json", action="store_true", help="JSON output")

    def handle(self, *args: Any, anchor: list[tuple[int, str]], json: bool, **options: Any) -> None:
        verdict = verify_record(dict(anchor))
        if json:
            self.stdout.write(dumps(asdict(verdict)))
        else:
            self.stdout.write(f"{verdict.entries} entries of {verdict.photos} photos; {verdict.dropped} dropped")
            never = f"{verdict.never_dropped} never dropped (the analyzer hung, or the process ended)"
            self.stdout.write(f"{never}, {verdict.under_way} under way")
            self.stdout.write(f"{verdict.on_device} read on kiosks, never received")
            self.stdout.write(f"{verdict.unchained} written recently and not chained yet")
            self.stdout.write(f"head: {verdict.head}")
        if verdict.problems:
            raise CommandError("\n".join(["The record is not intact:", *verdict.problems[:100]]))


def _anchor(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise ArgumentTypeError("a number, a colon and 64 hexadecimal digits")
    return int(number), digest
