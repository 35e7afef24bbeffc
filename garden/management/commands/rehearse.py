"""Rehearse an opening day, and remove what rehearsals left. The traffic itself is in `tools/rehearsal`."""

import json
import secrets
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.models import DeviceHealth, Display, Visitor
from garden.signals import visits_unmade
from garden.vocabulary import REHEARSAL

if TYPE_CHECKING:
    from tools.rehearsal.run import Rehearsal, RehearsalPlan

DRAWN_FACES = 48
CANNOT = 2


class Command(BaseCommand):
    help = (
        "Simulate visitors at a running server's kiosks and its walls, and report how the server performed. Exit code "
        "0: every target is met; 1: one is missed; 2: the rehearsal did not finish."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="URL of the server")
        parser.add_argument("--kiosks", type=_count(1, 500), default=20)
        parser.add_argument("--walls", type=_count(0, 500), default=24)
        parser.add_argument("--visitors", type=_count(1, 100_000), default=200)
        parser.add_argument("--minutes", type=_minutes, default=5.0, help="how long the day takes (up to 24 hours)")
        parser.add_argument("--zone", default="zone1", help="zone of the simulated walls")
        parser.add_argument("--key", action="append", default=[], help="key of a kiosk; may be repeated")
        parser.add_argument("--portraits", type=Path, metavar="FOLDER", help="faces to show instead of drawn ones")
        parser.add_argument("--seed", type=int, default=1, help="the same seed simulates the same day")
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
        parser.add_argument("--yes-this-is-our-server", action="store_true", help="allow a server on another machine")
        parser.add_argument(
            "--clean", action="store_true", help="instead: remove all data of rehearsals from this site's database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clean"]:
            self._clean()
            return
        try:
            from tools.rehearsal.report import RehearsalReport
            from tools.rehearsal.run import CannotRehearseError, Rehearsal
        except ModuleNotFoundError as error:
            hint = (
                "The synthetic visitors are not part of an installation: run this command in a checkout of the source"
            )
            raise CommandError(f"{hint} ({error}).", returncode=CANNOT) from error
        try:
            rehearsal = Rehearsal(_scene(options))
        except CannotRehearseError as error:
            raise CommandError(str(error), returncode=CANNOT) from error
        finished = self._run(rehearsal)
        report = RehearsalReport(rehearsal, finished=finished)
        self.stdout.write("\n".join(report.lines()))
        if options["json"]:
            options["json"].write_text(f"{json.dumps(report.data(), indent=2)}\n", encoding="utf-8")
        if not finished:
            raise CommandError("Stopped before the end: the figures cover only what was measured.", returncode=CANNOT)
        if missed := [target.what for target in report.targets if not target.met]:
            raise CommandError(f"Missed: {', '.join(missed)}.")
        self.stdout.write("All targets are met.")

    def _run(self, rehearsal: "Rehearsal") -> bool:
        """Whether it came to its end; false after Ctrl-C."""
        with tqdm(total=len(rehearsal.scene.visitors), unit=" visitor", disable=None) as bar:
            try:
                rehearsal.run(lambda visited: bar.update(visited - bar.n))
            except KeyboardInterrupt:
                return False
        return True

    def _clean(self) -> None:
        """Neither synthetic visitors nor what was learned from them stays."""
        Display.objects.filter(name="", health__version=REHEARSAL).delete()  # A real wall sends another heartbeat.
        DeviceHealth.objects.filter(version=REHEARSAL).delete()
        visitors = Visitor.objects.filter(pk__startswith=f"{REHEARSAL}-")
        count = visitors.count()
        if not count:
            self.stdout.write("There is no data of rehearsals.")
            return
        visits_unmade.send(Visitor, visitors=visitors)
        for visitor in tqdm(visitors.iterator(), total=count, unit=" visitor", disable=None):
            visitor.delete()
        call_command("rebuild_rates", verbosity=0)
        call_command("rebuild_recommender", renew=True, verbosity=0)
        self.stdout.write(f"{count} synthetic visitors and their data are deleted; the recommender was rebuilt.")


def _scene(options: dict[str, Any]) -> "RehearsalPlan":
    """Raises CannotRehearseError where the server must not or cannot be used."""
    from tools.rehearsal.kiosks import visitors_of_a_day
    from tools.rehearsal.portraits import drawn_portraits, portraits_in
    from tools.rehearsal.run import CannotRehearseError, RehearsalPlan, require_own_server, require_ready_server

    address, keys, folder = options["url"].rstrip("/"), options["key"], options["portraits"]
    if not options["yes_this_is_our_server"]:
        require_own_server(address)
    require_ready_server(address, keys, options["zone"] if options["walls"] else None)
    faces = portraits_in(folder) if folder else drawn_portraits(DRAWN_FACES, Random(options["seed"]))
    if not faces:
        raise CannotRehearseError(f"There are no portraits (JPEG, PNG, WebP) in {folder}.")
    return RehearsalPlan(
        address=address,
        kiosks=options["kiosks"],
        walls=options["walls"],
        zone=options["zone"],
        minutes=options["minutes"],
        keys=keys,
        faces=faces,
        visitors=visitors_of_a_day(options["visitors"], name=secrets.token_hex(3), seed=options["seed"]),
    )


def _count(least: int, most: int) -> Any:
    def read(text: str) -> int:
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")

    return read


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if 0 < minutes <= 24 * 60:
        return minutes
    raise ArgumentTypeError(f"{text!r} is not a number of minutes, above 0 and up to a day")
