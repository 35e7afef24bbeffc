"""A standby that follows a PostgreSQL cluster, as long as a test lives."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.ports import free_port, wait_until
from tests.services.postgresql import _as_owner, _give_to_owner, _is_ready, _program
from tests.services.processes import PATIENCE


@dataclass(frozen=True, slots=True)
class Following:
    url: str
    pid: int


@contextmanager
def standby_of(primary: str) -> Iterator[Following]:
    """Copies the cluster, then streams what is written there."""
    port, source = free_port(), urlsplit(primary)
    with tempfile.TemporaryDirectory(prefix="standby-") as name:
        folder = Path(name)
        _give_to_owner(folder)
        cluster = str(folder / "cluster")
        copy = [_program("pg_basebackup"), "-h", "127.0.0.1", "-p", str(source.port), "-U", "postgres"]
        copy += ["-D", cluster, "-R", "-X", "stream", "-c", "fast", "--no-sync"]
        subprocess.run([*_as_owner(), *copy], check=True, capture_output=True)
        server = [_program("postgres"), "-D", cluster, "-p", str(port), "-h", "127.0.0.1", "-k", name]
        server += ["-c", "max_connections=200", "-c", "fsync=off"]
        process = subprocess.Popen([*_as_owner(), *server], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _is_ready(port))
            pid = int((Path(cluster) / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
            yield Following(f"postgres://postgres@127.0.0.1:{port}{source.path}", pid)
        finally:
            stop = [_program("pg_ctl"), "-D", cluster, "-m", "immediate", "stop"]
            subprocess.run([*_as_owner(), *stop], check=False, capture_output=True)
            process.wait(timeout=PATIENCE)
