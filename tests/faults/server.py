"""A real server of its own: granian on a free port, everything it may write in one scratch folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

STARTUP_SECONDS = 60


@dataclass(frozen=True)
class Server:
    url: str
    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def log(self) -> Path:
        return self.folder / "log"


@contextmanager
def running_server(folder: Path, **settings: str) -> Iterator[Server]:
    """A migrated server whose database, files, temporary files and log lie in `folder`."""
    port = free_port()
    (folder / "tmp").mkdir(parents=True)
    (folder / "log").mkdir()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", **settings}
    environment |= {"DATA_DIR": str(folder / "data"), "TMPDIR": str(folder / "tmp"), "DATABASE_URL": _database(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], env=environment, check=True)
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port)]
    with (folder / "log" / "server.log").open("wb") as log:
        process = subprocess.Popen([*granian, "garden.wsgi:application"], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield Server(f"http://127.0.0.1:{port}", folder, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'data' / 'garden.sqlite3'}"


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            requests.get(url, timeout=1).raise_for_status()
        except requests.RequestException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
