"""Processes that end with the one that started them, however it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.services.local_http import local_server
from tools.services.ports import wait_until

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "garden.parent_death", "sleep", "600"])
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def parent() -> Iterator["subprocess.Popen[str]"]:
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True
    )
    yield started
    started.kill()
    started.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_ends_with_its_parent(parent: "subprocess.Popen[str]", how: signal.Signals) -> None:
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_until(lambda: _command(child) == ["sleep", "600"])
    os.kill(parent.pid, how)
    wait_until(lambda: _command(child) == [])


def _command(pid: int) -> list[str]:
    """Empty when the process is no more."""
    try:
        return psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return []


class ReadyHandler(BaseHTTPRequestHandler):
    """Ready at the third request."""

    def do_GET(self) -> None:
        self.server.fake.append(self.path)  # type: ignore[attr-defined]
        ready = len(self.server.fake) > 2  # type: ignore[attr-defined]
        self.send_response(200 if ready else 503)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


def test_a_process_starts_when_the_one_before_it_answers() -> None:
    with local_server(ReadyHandler) as server:
        server.fake = []
        url = f"http://127.0.0.1:{server.server_address[1]}/healthz"
        command = [sys.executable, "-m", "garden.parent_death", "--after", url, "echo", "started"]
        done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    assert (done.stdout, server.fake) == ("started\n", ["/healthz"] * 3)
