"""A real server of its own: granian on a free port, everything it may write in one scratch folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.services.ports import free_port, wait_until


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
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "log").mkdir(exist_ok=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", **settings}
    environment |= {"DATA_DIR": str(folder / "data"), "TMPDIR": str(folder / "tmp"), "DATABASE_URL": _database(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], env=environment, check=True)
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port)]
    with (folder / "log" / "server.log").open("wb") as log:
        process = subprocess.Popen([*granian, "garden.wsgi:application"], env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"))
        yield Server(f"http://127.0.0.1:{port}", folder, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'data' / 'garden.sqlite3'}"


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).ok
    except requests.RequestException:
        return False
