"""Processes that end with the one that started them, however it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

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
