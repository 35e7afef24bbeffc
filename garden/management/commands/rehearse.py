"""Rehearse an opening day."""

import json
import secrets
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from random import Random
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.models import DeviceHealth, Display, Visitor
from garden.rehearsal.checking import require_open_doors, require_own_server, require_wall
from garden.rehearsal.errors import CannotRehearseError
from garden.rehearsal.portraits import drawn_portraits, portraits_in
from garden.rehearsal.report import as_data, as_lines
from garden.rehearsal.running import Rehearsal, Scene
from garden.rehearsal.verdict import judge
from garden.rehearsal.visitors import PREFIX, plan_day
from garden.rehearsal.walls import VERSION
from garden.signals import visits_unmade

FACES = 48
CANNOT = 2


class Command(BaseCommand):
    help = (
        "Let synthetic visitors come to a running server's kiosks while its walls follow, and tell how it did. "
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
            rehearsal = Rehearsal(_scene(options))
        except CannotRehearseError as error:
            raise CommandError(str(error), returncode=CANNOT) from error
        finished = self._run(rehearsal)
        self.stdout.write("\n".join(as_lines(rehearsal)))
        if options["json"]:
            told = json.dumps(as_data(rehearsal, finished=finished), indent=2)
            options["json"].write_text(f"{told}\n", encoding="utf-8")
        self._end(rehearsal, finished=finished)

    def _run(self, rehearsal: Rehearsal) -> bool:
        """Whether nobody stopped it."""
        with tqdm(total=len(rehearsal.scene.visits), unit=" visitor", disable=None) as bar:
            try:
                rehearsal.run(bar.update)
            except KeyboardInterrupt:
                return False
        return True

    def _end(self, rehearsal: Rehearsal, *, finished: bool) -> None:
        if not finished:
            raise CommandError("Stopped before the end: the figures are of what was measured.", returncode=CANNOT)
        targets = judge(rehearsal, rehearsal.measurements.rows(rehearsal.seconds))
        missed = [target.what for target in targets if not target.met]
        if missed:
            raise CommandError(f"Missed: {', '.join(missed)}.")
        self.stdout.write("Every target is met.")

    def _clean(self) -> None:
        """As if they had never been here: neither they nor what was learned from them stays."""
        Display.objects.filter(name="", health__version=VERSION).delete()  # A real one tells of itself again.
        DeviceHealth.objects.filter(version=VERSION).delete()
        visitors = Visitor.objects.filter(pk__startswith=PREFIX)
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


def _scene(options: dict[str, Any]) -> Scene:
    address, keys, random = options["url"].rstrip("/"), options["key"], Random(options["seed"])
    if not options["yes_this_is_our_server"]:
        require_own_server(address)
    require_open_doors(address, keys)
    if options["walls"]:
        require_wall(address, options["zone"], keys[0] if keys else "")
    faces = portraits_in(options["portraits"]) if options["portraits"] else drawn_portraits(FACES, random)
    visits = plan_day(options["visitors"], mark=secrets.token_hex(3), random=random)
    return Scene(address, options["kiosks"], options["walls"], options["zone"], options["minutes"], keys, faces, visits)


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
