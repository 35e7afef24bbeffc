"""Estimate the likes of recommenders from logged slates."""

import json
from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from tqdm import tqdm

from garden.errors import GardenError
from recommend.evaluation.evaluate import DRAWS, NAMES, Method, report_arm, report_target, target_of
from recommend.evaluation.log import SLOTS, LoggedSlate, SlateLog
from recommend.evaluation.report import Report, as_json, as_table
from recommend.models.slate import Arm


class Command(BaseCommand):
    help = (
        "Estimate the like rate of recommenders by IPS, SNIPS and doubly robust from the logged slates. Nothing is "
        "changed. Exit code 1: a recommender cannot be built, or there is no usable data."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", default=["champion"], help=f"{', '.join(NAMES)}, or a dotted path")
        parser.add_argument("--options", default="{}", help="JSON options of recommenders given by path")
        parser.add_argument("--since", default="", help="date or time; default: the beginning")
        parser.add_argument("--until", default="", help="date or time; default: now")
        parser.add_argument("--slates", type=int, default=10_000, help="the latest so many; default: 10,000")
        parser.add_argument("--arm", choices=Arm.values, help="estimate from the slates of one arm only")
        parser.add_argument("--slots", type=int, default=SLOTS, help="pictures shown together first; default: 3")
        parser.add_argument("--draws", type=int, default=DRAWS, help="rankings for each kind of visitor; default: 200")
        parser.add_argument("--level", type=float, default=0.95, help="of the intervals; default: 0.95")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._evaluate(options)
            self.stdout.write(as_json(report) if options["json"] else as_table(report))
        except GardenError as error:
            raise CommandError(error.detail) from error

    def _evaluate(self, options: dict[str, Any]) -> Report:
        method = Method(slots=options["slots"], level=options["level"])
        how = (_options(options["options"]), options["draws"], method.slots)
        targets = [target_of(name, *how) for name in options["names"]]
        log = SlateLog(_moment(options["since"]), _moment(options["until"]), method.slots)
        slates = list(islice(log.read(), options["slates"]))
        if not slates:
            raise CommandError("No slate was shown in this period.")
        quiet = options["verbosity"] == 0
        usable = [slate for slate in slates if options["arm"] in (None, slate.arm)]
        return Report(
            method,
            len(slates),
            dict(log.left_out),
            tuple(report_arm(arm, slates, method) for arm in Arm),
            tuple(report_target(target, _watched(usable, target.name, quiet), method) for target in targets),
        )


def _watched(slates: list[LoggedSlate], name: str, quiet: bool) -> Iterator[LoggedSlate]:
    return iter(tqdm(slates, desc=name, unit="slate", delay=2, disable=quiet))


def _options(text: str) -> dict[str, Any]:
    try:
        options = json.loads(text)
    except ValueError as error:
        raise CommandError(f"--options is not JSON: {error}") from error
    if not isinstance(options, dict):
        raise CommandError("--options must be a JSON object.")
    return options


def _moment(text: str) -> datetime | None:
    """A date is its first moment, in the site's time zone."""
    if not text:
        return None
    try:
        found = parse_datetime(text) if len(text) > 10 else parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text!r} is neither a date (2026-11-20) nor a time (2026-11-20T18:00).")
    moment = found if isinstance(found, datetime) else datetime.combine(found, time.min)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
