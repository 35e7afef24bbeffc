"""The main job on one machine: prepare what is missing, then web server and worker until Ctrl-C."""

import os
import socket
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from garden.supervisor import serve
from garden.walls.rotation import keep_walls


class Command(BaseCommand):
    help = "Prepare the garden (database, face models, pictures, walls, administrator), then serve it until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
        parser.add_argument("--port", type=_port, default=os.environ.get("PORT", "8000"))
        parser.add_argument("--prepare-only", action="store_true", help="prepare, do not serve")
        parser.add_argument("--without-starter-garden", action="store_true", help="do not paint the starter garden")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["prepare_only"]:
            _require_free(options["host"], options["port"])
        self._prepare(starter_garden=not options["without_starter_garden"])
        if not options["prepare_only"]:
            sys.exit(serve(options["host"], options["port"]))

    def _prepare(self, *, starter_garden: bool) -> None:
        call_command("migrate", verbosity=0)
        call_command("build_face_models")
        call_command("check")
        if starter_garden:
            call_command("plant_starter_garden")
        keep_walls()
        call_command("ensure_admin")


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")


def _require_free(host: str, port: int) -> None:
    """Said before the minutes that the first preparation takes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise CommandError(
            f"Port {port} of {host} cannot be listened on: {error.strerror}. "
            "Stop what listens there, or choose another: PORT=8001 make run"
        ) from error
