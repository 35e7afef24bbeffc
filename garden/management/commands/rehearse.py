"""Rehearse an opening day, and remove what rehearsals left. The traffic itself is in `benchmarks/rehearsal`."""

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
    from benchmarks.rehearsal.run import Rehearsal, Scene

DRAWN_FACES = 48
CANNOT = 2


class Command(BaseCommand):
    help = (
        "Let synthetic visitors come to a running server's kiosks while its walls follow, and say how it did. "
        "Exit code 0: every target is met; 1: one is missed; 2: it could not be rehearsed to its end."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server runs")
        parser.add_argument("--kiosks", type=_count(1, 500), default=20)
        parser.add_argument("--walls", type=_count(0, 500), default=24)
        parser.add_argument("--visitors", type=_count(1, 100_000), default=200)
        parser.add_argument("--minutes", type=_minutes, default=5.0, help="how long the day takes (up to 24 hours)")
        parser.add_argument("--zone", default="zone1", help="whose walls follow")
        parser.add_argument("--key", action="append", default=[], help="of a kiosk; several times for several kiosks")
        parser.add_argument("--portraits", type=Path, metavar="FOLDER", help="faces to show instead of drawn ones")
        parser.add_argument("--seed", type=int, default=1, help="the same seed is the same day")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
        parser.add_argument("--yes-this-is-our-server", action="store_true", help="allow a server on another machine")
        parser.add_argument(
            "--clean", action="store_true", help="instead: remove all that rehearsals left in this site's database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clean"]:
            self._clean()
            return
        try:
            from benchmarks.rehearsal.report import Report
            from benchmarks.rehearsal.run import CannotRehearseError, Rehearsal
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
        report = Report(rehearsal, finished=finished)
        self.stdout.write("\n".join(report.lines()))
        if options["json"]:
            options["json"].write_text(f"{json.dumps(report.data(), indent=2)}\n", encoding="utf-8")
        if not finished:
            raise CommandError("Stopped before the end: the figures are of what was measured.", returncode=CANNOT)
        if missed := [target.what for target in report.targets if not target.met]:
            raise CommandError(f"Missed: {', '.join(missed)}.")
        self.stdout.write("Every target is met.")

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
            self.stdout.write("No rehearsal left anything here.")
            return
        visits_unmade.send(Visitor, visitors=visitors)
        for visitor in tqdm(visitors.iterator(), total=count, unit=" visitor", disable=None):
            visitor.delete()
        call_command("rebuild_rates", verbosity=0)
        call_command("rebuild_recommender", renew=True, verbosity=0)
        self.stdout.write(f"{count} synthetic visitors and all they did are gone; the recommender learned anew.")


def _scene(options: dict[str, Any]) -> "Scene":
    """Raises CannotRehearseError where the server must not or cannot be used."""
    from benchmarks.rehearsal.kiosks import visitors_of_a_day
    from benchmarks.rehearsal.portraits import drawn_portraits, portraits_in
    from benchmarks.rehearsal.run import CannotRehearseError, Scene, require_own_server, require_ready_server

    address, keys, folder = options["url"].rstrip("/"), options["key"], options["portraits"]
    if not options["yes_this_is_our_server"]:
        require_own_server(address)
    require_ready_server(address, keys, options["zone"] if options["walls"] else None)
    faces = portraits_in(folder) if folder else drawn_portraits(DRAWN_FACES, Random(options["seed"]))
    if not faces:
        raise CannotRehearseError(f"There are no portraits (JPEG, PNG, WebP) in {folder}.")
    return Scene(
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
