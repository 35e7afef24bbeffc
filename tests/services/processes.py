"""Ending what a test started."""

import subprocess

PATIENCE = 60
"""Seconds; a busy machine takes its time."""


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to stop; kill it where it does not. Tests of an orderly stop ask for themselves."""
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
