"""A real server of its own: granian on a free port, everything it may write in one scratch folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.ports import answers, free_port, wait_until
from tests.services.processes import end


@dataclass(frozen=True)
class Server:
    url: str
    folder: Path
    process: "subprocess.Popen[bytes]"
    environment: dict[str, str]

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def ask(self, python: str) -> str:
        """Run a few lines in a Django process of its own; returns what they print."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{python}"]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def running_server(folder: Path, migrated: Path, until: str = "/healthz/ready", **settings: str) -> Iterator[Server]:
    """A server whose database (made by `migrated`), files, temporary files and log lie in `folder`.

    It is handed out once it answers well at `until`.
    """
    port = free_port()
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "log").mkdir(exist_ok=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", **settings}
    environment |= {"DATA_DIR": str(folder / "data"), "TMPDIR": str(folder / "tmp"), "DATABASE_URL": _database(folder)}
    (folder / "data").mkdir(exist_ok=True)
    if not (folder / "data" / "garden.sqlite3").exists():
        shutil.copy(migrated, folder / "data" / "garden.sqlite3")
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port)]
    with (folder / "log" / "server.log").open("wb") as log:
        process = subprocess.Popen([*granian, "garden.wsgi:application"], env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}{until}"))
        yield Server(f"http://127.0.0.1:{port}", folder, process, environment)
    finally:
        end(process)


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'data' / 'garden.sqlite3'}"
