"""Web server, workers and clock of one machine: the processes of `Procfile`, started and stopped together."""

import os
import shlex
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import requests
from django.conf import settings
from honcho import manager as honcho
from honcho.environ import parse_procfile
from honcho.process import Process

from garden.souvenirs.links import network_url
from garden.tether import die_with_parent

DRAIN_SECONDS = 30
"""What is being answered or made at the end may be finished; then the rest is killed."""


def serve(host: str, port: int) -> int:
    """Serve until stopped; the exit code is 0 after Ctrl-C or SIGTERM. The end of one process ends all."""
    url, public_url = f"http://{_name_of(host)}:{port}", settings.PUBLIC_URL or network_url(host, port)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, _stop_without_terminal)
    honcho.KILL_WAIT = DRAIN_SECONDS
    manager = honcho.Manager()
    manager._process_ctor = _TetheredProcess
    procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text(encoding="utf-8"))
    environment = _environment(host, port, public_url)
    tether = shlex.join([sys.executable, "-m", "garden.tether"])
    for name, command in procfile.processes.items():
        manager.add_process(name, f"exec {tether} {command}", cwd=str(settings.BASE_DIR), env=environment)
    threading.Thread(target=_announce, args=[url, public_url], daemon=True).start()
    manager.loop()
    stopped_by_hand = manager.returncode is not None and manager.returncode in (0, 130, 143, -2, -15)
    return 0 if stopped_by_hand else manager.returncode or 1


class _TetheredProcess(Process):  # type: ignore[misc]
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


def _announce(url: str, public_url: str) -> None:
    """However long a small or busy machine takes: the thread ends with the process."""
    while not _answers(f"{url}/healthz"):
        time.sleep(0.2)
    print(_welcome(url, public_url), flush=True)  # noqa: T201


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
        f"  Phones    {public_url or 'not reachable: see PUBLIC_URL in docs/reference/settings.md'}\n\n"
        f"Ctrl-C closes it.\n"
    )
