"""A PostgreSQL cluster that lives as long as a test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.ports import free_port, wait_until

CONNECTIONS = ["-c", "max_connections=200"]
FAST = ["-c", "fsync=off", "-c", "full_page_writes=off"]


@contextmanager
def postgresql(*, fast: bool = True) -> Iterator[str]:
    """The URL of an empty database; `fast` gives up what would survive a power cut."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder = Path(name)
        _give_to_owner(folder)
        cluster = str(folder / "cluster")
        subprocess.run(
            [*_as_owner(), _program("initdb"), "-D", cluster, "-U", "postgres", "-A", "trust", "--no-sync"],
            check=True,
            capture_output=True,
        )
        server = [
            _program("postgres"),
            "-D",
            cluster,
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            name,
            *CONNECTIONS,
            *(FAST if fast else []),
        ]
        process = subprocess.Popen([*_as_owner(), *server], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _is_ready(port))
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(
                [*_as_owner(), _program("pg_ctl"), "-D", cluster, "-m", "immediate", "stop"],
                check=False,
                capture_output=True,
            )
            process.wait(timeout=20)


def _is_ready(port: int) -> bool:
    """Its port is open a moment before it takes questions."""
    asked = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    return subprocess.run(asked, check=False).returncode == 0


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
