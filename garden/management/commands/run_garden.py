"""The main job on one machine: prepare what is missing, then web server and worker until Ctrl-C."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from garden.supervisor import Supervisor


class Command(BaseCommand):
    help = "Prepare the garden (database, face models, starter pictures, administrator), then serve it until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--prepare-only", action="store_true", help="prepare, do not serve")
        parser.add_argument("--without-starter-garden", action="store_true", help="do not paint the starter garden")

    def handle(self, *args: Any, **options: Any) -> None:
        self._prepare(starter_garden=not options["without_starter_garden"])
        if not options["prepare_only"]:
            sys.exit(Supervisor(options["host"], options["port"]).run())

    def _prepare(self, *, starter_garden: bool) -> None:
        call_command("migrate", verbosity=0)
        call_command("build_face_models")
        call_command("check")
        if starter_garden:
            call_command("plant_starter_garden")
        call_command("ensure_admin")
