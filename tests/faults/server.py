"""A real server of its own: granian on a free port, everything it may write in one scratch folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.shell import Shell
from tools.services.ports import answers, free_port, wait_until
from tools.services.processes import end


@dataclass(frozen=True)
class Server:
    url: str
    folder: Path
    process: "subprocess.Popen[bytes]"
    ask: Callable[[str], str]
    """As `Shell.ask`."""

    @property
    def log(self) -> Path:
        return self.folder / "log"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Server]:
    """One for all tests that leave it running, and need no settings of their own."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(Path(__file__).parents[2] / "var" / "models")
    with running_server(folder, migrated_sqlite, RECOMMENDER_HOLDOUT="0") as running:
        yield running


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
    shell = Shell(environment)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}{until}"))
        yield Server(f"http://127.0.0.1:{port}", folder, process, shell.ask)
    finally:
        shell.close()
        end(process)


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'data' / 'garden.sqlite3'}"
