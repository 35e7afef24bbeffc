"""A PostgreSQL cluster that lives as long as a test, and can be taken away meanwhile."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.services.ports import free_port, wait_until
from tools.services.processes import PATIENCE

CONNECTIONS = ["-c", "max_connections=200"]
FAST = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "jit=off"]
"""What was committed is with the operating system, and survives a server that is stopped at once."""


class PostgreSQL:
    """A cluster in a folder of its own; `fast` gives up what would survive a power cut."""

    def __init__(self, folder: Path, *, fast: bool = True) -> None:
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._folder = folder
        self._cluster = str(folder / "cluster")
        self._options = FAST if fast else []
        self._process: subprocess.Popen[bytes] | None = None
        _give_to_owner(folder)
        command = [_program("initdb"), "-D", self._cluster, "-U", "postgres", "-A", "trust", "--no-sync"]
        subprocess.run([*_as_owner(), *command], check=True, capture_output=True)

    @property
    def pid(self) -> int:
        """The server's own process: its postmaster, not `runuser` before it."""
        return int((Path(self._cluster) / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def start(self) -> None:
        place = ["-D", self._cluster, "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder)]
        command = [*_as_owner(), _program("postgres"), *place, *CONNECTIONS, *self._options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: _is_ready(self.port))

    def stop(self, mode: str = "immediate") -> None:
        """As if its machine lost power; `fast` is how an operator restarts it."""
        command = [_program("pg_ctl"), "-D", self._cluster, "-m", mode, "stop"]
        subprocess.run([*_as_owner(), *command], check=False, capture_output=True)
        if self._process is not None:
            self._process.wait(timeout=PATIENCE)
        self._process = None


@contextmanager
def postgresql(*, fast: bool = True) -> Iterator[str]:
    """The URL of an empty database."""
    with running_postgresql(fast=fast) as server:
        yield server.url


@contextmanager
def running_postgresql(*, fast: bool = True) -> Iterator[PostgreSQL]:
    """A server that a test may stop and start."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        server = PostgreSQL(Path(name), fast=fast)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _is_ready(port: int) -> bool:
    """Its port is open a moment before it takes questions."""
    asked = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    return subprocess.run(asked, check=False).returncode == 0


def run_program(name: str, *arguments: str) -> None:
    """One of PostgreSQL's own clients."""
    subprocess.run([_program(name), *arguments], check=True, stdout=subprocess.DEVNULL)


def _program(name: str) -> str:
    """Debian keeps PostgreSQL's programs out of the PATH, one folder a version."""
    found = shutil.which(name) or max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None)
    assert found, f"{name} is missing: install PostgreSQL (make services)"
    return found


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _give_to_owner(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
