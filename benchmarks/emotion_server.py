"""The project's own server on a scratch folder, for `benchmarks.emotion`."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTUP_SECONDS = 60


@contextmanager
def own_server(models: Path) -> Iterator[str]:
    """The URL of a granian like that of `make run`, with its own database and `models`; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        (Path(folder) / "models").mkdir()
        (Path(folder) / "models" / "face").symlink_to(models.resolve())
        environment = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "garden.settings.local"}
        environment |= {"DATABASE_URL": f"sqlite:///{folder}/garden.sqlite3", "LOG_LEVEL": "WARNING"}
        environment |= {"THROTTLE_EMOTION": "1000000/min", "KIOSK_ACCESS": "open"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], env=environment, check=True)
        port = _free_port()
        server = subprocess.Popen(_granian(port), env=environment)
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _granian(port: int) -> list[str]:
    program = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--port", str(port)]
    return [*program, "--workers", "1", "--blocking-threads", "4", "--no-log", "garden.wsgi:application"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")
