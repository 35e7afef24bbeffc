"""Ending what a test started."""

import subprocess
from typing import Any

PATIENCE = 60
"""Seconds; a busy machine takes its time."""


def end(process: "subprocess.Popen[Any]") -> None:
    """Ask it to stop; kill it where it does not. Tests of an orderly stop ask for themselves."""
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
