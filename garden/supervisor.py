"""Web server, workers and clock as one thing that starts and stops together."""

import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import requests
from django.conf import settings
from honcho import manager as honcho
from honcho.process import Process

from garden.souvenirs.addresses import network_url
from garden.tether import die_with_parent

THREADS = "32"
"""Many more than cores: a sender that stalls in mid-body, or a curator who waits for a picture, holds one."""
QUIET_WARNINGS = "ignore:You're running the worker with superuser privileges"
"""Celery warns of pickles; our messages are JSON alone."""
DRAIN_SECONDS = 30
"""What is being answered or made when the garden closes may come to its end; then the rest is killed."""


class Supervisor:
    """Runs granian, the clock and two Celery workers; Ctrl-C, a closed terminal or the end of one ends all.

    Pictures are made by a worker of their own: a solo worker does one task at a time, and they take long.
    """

    def __init__(self, host: str, port: int) -> None:
        self._url = f"http://{_name_of(host)}:{port}"
        self._public_url = settings.PUBLIC_URL or network_url(host, port)
        self._commands = {
            "web": web_command(host, port),
            "worker": worker_command("worker", settings.WORKER_QUEUES),
            "pictures": worker_command("pictures", [f"pictures.{engine}" for engine in settings.GENERATION_ENGINES]),
            "clock": clock_command(),
        }

    def run(self) -> int:
        """Serve until stopped; the exit code is 0 after Ctrl-C or SIGTERM."""
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
            signal.signal(signal.SIGHUP, _stop_without_terminal)
        honcho.KILL_WAIT = DRAIN_SECONDS
        manager = honcho.Manager()
        manager._process_ctor = _TetheredProcess
        environment = {**os.environ, "PYTHONWARNINGS": QUIET_WARNINGS, "PUBLIC_URL": self._public_url}
        environment["CELERY_SKIP_CHECKS"] = "1"  # `run_garden` has checked; worker and clock start in half the time.
        for name, command in self._commands.items():
            tethered = [sys.executable, "-m", "garden.tether", *command]
            manager.add_process(name, f"exec {shlex.join(tethered)}", cwd=str(settings.BASE_DIR), env=environment)
        threading.Thread(target=self._announce, daemon=True).start()
        manager.loop()
        stopped_by_hand = manager.returncode is not None and manager.returncode in (0, 130, 143, -2, -15)
        return 0 if stopped_by_hand else manager.returncode or 1

    def _announce(self) -> None:
        """However long a small or busy machine takes: the thread ends with the process."""
        while not _answers(f"{self._url}/healthz"):
            time.sleep(0.2)
        print(_welcome(self._url, self._public_url), flush=True)  # noqa: T201


class _TetheredProcess(Process):  # type: ignore[misc]
    """Honcho keeps a process beside each of ours, deaf to SIGTERM; it, too, must not outlive a killed supervisor."""

    def run(self, *args: Any, **kwargs: Any) -> None:
        die_with_parent(signal.SIGKILL)
        super().run(*args, **kwargs)


def web_command(host: str, port: int) -> list[str]:
    """Granian over WSGI. Pictures go through Django too: only the database knows which of them may be seen."""
    server = [_program("granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    size = ["--workers", "1", "--blocking-threads", THREADS, "--respawn-failed-workers", "--log-level", "error"]
    return [*server, *size, "garden.supervised:application"]


def worker_command(name: str, queues: Sequence[str]) -> list[str]:
    """One process without children: a signal to the group would meet them first."""
    worker = [_program("celery"), "--quiet", "-A", "garden.celery", "worker", "--pool", "solo"]
    listening = ["--hostname", f"{name}@%h", "--queues", ",".join(queues)]
    return [*worker, *listening, "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]


def clock_command() -> list[str]:
    """Celery beat: rings what is due."""
    return [_program("celery"), "--quiet", "-A", "garden.celery", "beat", "--loglevel", "WARNING"]


def _stop_without_terminal(signum: int, frame: FrameType | None) -> None:
    """As after SIGTERM, in silence: nobody reads, and writing to a closed terminal fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


def _name_of(host: str) -> str:
    """How a browser on this machine names the address."""
    if host in ("0.0.0.0", "127.0.0.1", "::"):  # noqa: S104  # Compared, not listened on.
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).ok
    except requests.RequestException:
        return False


def _welcome(url: str, public_url: str) -> str:
    return (
        f"\nThe garden is open.\n\n"
        f"  Kiosk     {url}/kiosk/\n"
        f"  Walls     {url}/wall/\n"
        f"  Admin     {url}/admin/\n"
        f"  API docs  {url}/api/docs/\n"
        f"  Phones    {public_url or 'not reachable: see docs/reference/settings/PUBLIC_URL.md'}\n\n"
        f"Ctrl-C closes it.\n"
    )
