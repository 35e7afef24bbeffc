"""The main job on one machine: serve with the processes of `Procfile` until Ctrl-C, and prepare what is missing.

Visitors need not wait for pictures and face networks: they are made beside the server, at low priority.
"""

import math
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.checks.registry import Tags, registry
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from honcho import manager as honcho
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer
from honcho.process import Process

from garden.parent_death import die_with_parent, wait_for_answer
from garden.souvenirs.links import network_url
from garden.vocabulary import Emotion
from garden.walls.rotation import keep_walls

_ENCODER = "efficientnet-lite0"
"""The network of the picture encoder; `recommend`, which this package does not import, uses it."""
CHECKS_OF_CODE = {Tags.urls, Tags.admin, Tags.templates}
"""They import every page and template tag, which takes longer than all other checks: left to `manage.py check`."""
CELERY_STOPS = "worker: Warm shutdown"
FIRST = "web"
"""The process of `Procfile` that visitors wait for: the others start when it answers."""


class Command(BaseCommand):
    help = "Prepare the garden (database, face models, pictures, walls, administrator), then serve it until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on")
        parser.add_argument("--port", type=_port, default=settings.PORT)
        parser.add_argument("--prepare-only", action="store_true", help="prepare, do not serve")
        parser.add_argument("--without-starter-garden", action="store_true", help="do not generate the starter garden")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["prepare_only"]:
            _require_free(options["host"], options["port"])
        call_command("migrate", verbosity=0)
        self.check(tags=sorted(set(registry.tags_available()) - CHECKS_OF_CODE))
        call_command("ensure_admin")
        if options["prepare_only"]:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # Painters end before it.
            prepare(starter_garden=not options["without_starter_garden"])
            return
        preparation = ["--prepare-only"]
        if options["without_starter_garden"]:
            preparation = [] if _networks_are_there() else [*preparation, "--without-starter-garden"]
        sys.exit(serve(options["host"], options["port"], preparation))


def prepare(*, starter_garden: bool) -> None:
    """What takes minutes, the pictures of a first visit first. Each can be stopped and repeated."""
    if starter_garden:
        call_command("plant_starter_garden", first=2 * len(Emotion))
        keep_walls()
    call_command("build_models")
    if starter_garden:
        call_command("plant_starter_garden")
        keep_walls()
    try:
        call_command("build_docs", verbosity=0)
    except CommandError as error:  # A garden opens without its documentation.
        sys.stderr.write(f"{error}\n")


def _networks_are_there() -> bool:
    from garden.faces.local.networks import NETWORK_NAMES  # OpenCV, which the rest of this command does without.

    return all((settings.FACE_MODELS / f"{name}.onnx").is_file() for name in (*NETWORK_NAMES, _ENCODER))


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
            f"Cannot listen on port {port} of {host}: {error.strerror}. "
            "Stop the program that uses it, or choose another port: PORT=8001 make run"
        ) from error


DRAIN_SECONDS = 30
"""What is being answered or made at the end may be finished; then the rest is killed."""


def serve(host: str, port: int, preparation: list[str]) -> int:
    """Serve until stopped; the exit code is 0 after Ctrl-C or SIGTERM. The end of one process ends all.

    `preparation` are the options of another `run_garden` beside the server, whose end ends nothing.
    """
    url, public_url = f"http://{_name_of(host)}:{port}", settings.PUBLIC_URL or network_url(host, port)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, _stop_without_terminal)
    honcho.KILL_WAIT = DRAIN_SECONDS
    manager = honcho.Manager(_Printer(sys.stdout))
    manager._process_ctor = _ChildProcess
    procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text(encoding="utf-8"))
    environment = _environment(host, port, public_url)
    child = shlex.join([sys.executable, "-m", "garden.parent_death"])
    for name, command in procfile.processes.items():
        after = "" if name == FIRST else f" --after {url}/healthz"
        manager.add_process(name, f"exec {child}{after} {command}", cwd=str(settings.BASE_DIR), env=environment)
    threading.Thread(target=_when_it_answers, args=[url, public_url, preparation], daemon=True).start()
    manager.loop()
    stopped_by_hand = manager.returncode is not None and manager.returncode in (0, 130, 143, -2, -15)
    if not stopped_by_hand:
        return manager.returncode or 1
    print("The garden is closed.", flush=True)  # noqa: T201
    return 0


def _prepare_aside(options: list[str]) -> None:
    """In a session of its own: Ctrl-C ends it with this process, without a traceback.

    It ends with the thread that started it, too (the kernel's rule), so that this one waits.
    """
    command = [sys.executable, "-m", "garden.parent_death", "nice", sys.executable, "manage.py", "run_garden", *options]
    subprocess.run(command, cwd=settings.BASE_DIR, start_new_session=True, check=False)  # noqa: S603  # Our own command.


class _Printer(Printer):  # type: ignore[misc]
    """Without honcho's own lines, unless a process failed, empty ones, and Celery's at the end."""

    def write(self, message: Message) -> None:
        text = message.data.decode(errors="replace") if isinstance(message.data, bytes) else str(message.data)
        failed = " stopped (rc=" in text and not text.strip().endswith(("(rc=0)", f"(rc={-signal.SIGTERM})"))
        if failed if message.name == "system" else text.strip() and CELERY_STOPS not in text:
            super().write(message)


class _ChildProcess(Process):  # type: ignore[misc]
    """Honcho keeps a process beside each of ours, deaf to SIGTERM; it, too, must not outlive a killed supervisor."""

    def run(self, *args: Any, **kwargs: Any) -> None:
        die_with_parent(signal.SIGKILL)
        super().run(*args, **kwargs)


def _environment(host: str, port: int, public_url: str) -> dict[str, str]:
    """What the commands of `Procfile` need beside the garden's own settings."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOST": host,
        "PORT": str(port),
        "PUBLIC_URL": public_url,
        "WORKER_QUEUES": ",".join(settings.WORKER_QUEUES),
        "PICTURE_QUEUES": ",".join(f"pictures.{engine}" for engine in settings.GENERATION_ENGINES),
        "SUPERVISED": "1",
        "CELERY_SKIP_CHECKS": "1",  # `run_garden` has checked; worker and clock start in half the time.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",  # Of pickles; ours are JSON.
    }


def _when_it_answers(url: str, public_url: str, preparation: list[str]) -> None:
    """However long a small or busy machine takes: the thread ends with the process."""
    wait_for_answer(f"{url}/healthz", patience=math.inf)
    print(_welcome(url, public_url), flush=True)  # noqa: T201
    if preparation:
        _prepare_aside(preparation)


def _stop_without_terminal(signum: int, frame: FrameType | None) -> None:
    """As after SIGTERM, without output: writing to a closed terminal fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


def _name_of(host: str) -> str:
    """How a browser on this machine names the address."""
    if host in ("0.0.0.0", "127.0.0.1", "::"):  # noqa: S104  # Compared, not listened on.
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _welcome(url: str, public_url: str) -> str:
    is_first = not (settings.FACE_MODELS / f"{_ENCODER}.onnx").is_file()
    soon = " Faces are read in about 20 seconds, and all pictures are there in about a minute." if is_first else ""
    return (
        f"\nThe garden is open.{soon}\n\n"
        f"  Kiosk     {url}/kiosk/\n"
        f"  Walls     {url}/wall/\n"
        f"  Admin     {url}/admin/\n"
        f"  Docs      {url}/docs/\n"
        f"  API docs  {url}/api/docs/\n"
        f"  Phones and other machines: {public_url or 'start with HOST=0.0.0.0, they cannot reach localhost'}\n\n"
        f"Ctrl-C closes it.\n"
    )
