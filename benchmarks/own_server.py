"""The project's own server for benchmarks: migrated, as `make run` starts it, gone afterwards."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = {
    "DJANGO_SETTINGS_MODULE": "garden.settings.local",
    "KIOSK_ACCESS": "keys",
    "PUBLIC_URL": "https://garden.example",  # Souvenir links need an address that a phone could follow.
}
STARTUP_SECONDS = 180
"""With 200,000 pictures to read, on a busy machine."""


def scratch_environment(folder: str, **settings: str) -> dict[str, str]:
    """Settings that keep everything the server writes in `folder`."""
    quiet = {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/garden.sqlite3", "LOG_LEVEL": "WARNING"}
    return {**os.environ, **quiet, **settings}


def set_up_django(folder: Path, database: str = "", **settings: str) -> None:
    """Django in this process, its database migrated: the one at the URL, otherwise SQLite in `folder`."""
    environment = scratch_environment(str(folder), CELERY_BROKER_URL="memory://", LOG_LEVEL="ERROR", **settings)
    os.environ |= {**environment, "DJANGO_SETTINGS_MODULE": "garden.settings.local"}
    if database:
        os.environ["DATABASE_URL"] = database
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def migrate(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], env=environment, check=True)


def site(folder: Path, models: Path) -> dict[str, str]:
    """Settings of an empty site in `folder` that reads faces and asks kiosks for keys; its database is migrated."""
    (folder / "models").mkdir()
    (folder / "models" / "face").symlink_to(models.resolve())
    environment = scratch_environment(str(folder), **SITE)
    migrate(environment)
    return environment


@dataclass(frozen=True)
class Server:
    """`ready_after` is in seconds."""

    port: int
    pid: int
    ready_after: float

    def cpu_seconds(self) -> float:
        """What the server and its worker have used of the processors so far (Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        return sum(_cpu_ticks(pid) for pid in (self.pid, *map(int, children))) / os.sysconf("SC_CLK_TCK")


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serve(environment: dict[str, str]) -> Iterator[int]:
    """The port of a server of one's own."""
    with serving(environment) as server:
        yield server.port


@contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[Server]:
    """A granian with one worker of four threads, and more options of its own."""
    port = free_port()
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--port", str(port)]
    granian += ["--workers", "1", "--blocking-threads", "4", "--no-log", *options, "garden.wsgi:application"]
    started = time.monotonic()
    server = subprocess.Popen(granian, env=environment)
    try:
        wait_for(port, server)
        yield Server(port, server.pid, time.monotonic() - started)
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def run_garden(environment: dict[str, str]) -> Iterator[int]:
    """As `make run` does it: web server, worker and clock."""
    port = free_port()
    command = [sys.executable, "manage.py", "run_garden", "--port", str(port), "--without-starter-garden"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it is ready for visitors; ends the benchmark, and says why, if it is not in time."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while (answer := _readiness(port)) is not None:
        if server.poll() is not None:
            raise SystemExit(f"The server ended with exit code {server.returncode} before it was ready.")
        if time.monotonic() > deadline:
            raise SystemExit(f"The server was not ready after {STARTUP_SECONDS} s: {answer}")
        time.sleep(0.5)


def _readiness(port: int) -> str | None:
    """Why no visitor should come yet; None when they may."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/healthz/ready")
        answer = connection.getresponse()
        message = answer.read().decode(errors="replace")
    except OSError as error:
        return f"nobody answers ({error})."
    return None if answer.status == 200 else message
