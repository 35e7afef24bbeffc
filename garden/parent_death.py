"""Processes that end with their parent, also when the parent is killed (Linux)."""

import ctypes
import os
import signal
import sys
import time
from urllib.request import urlopen

_PR_SET_PDEATHSIG = 1
PATIENCE = 30.0
"""Seconds after which a process starts in any case."""


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """From now on the kernel sends this process a signal when its parent ends; elsewhere nothing changes.

    It holds across `exec`. A parent that ended meanwhile is noticed: its orphans have another one.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), how)


def wait_for_answer(url: str, patience: float) -> None:
    """Wait until a web server answers there without an error, at most so many seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            urlopen(url, timeout=1).close()  # noqa: S310  # The address of our own server.
        except OSError:
            time.sleep(0.1)
        else:
            return


def main(arguments: list[str]) -> None:
    """`python -m garden.parent_death [--after URL] PROGRAM ARGUMENT…` becomes that program, when the URL answers."""
    die_with_parent()
    if arguments[0] == "--after":
        wait_for_answer(arguments[1], patience=PATIENCE)
        arguments = arguments[2:]
    os.execvp(arguments[0], arguments)  # noqa: S606  # No shell: this process becomes the program.


if __name__ == "__main__":
    main(sys.argv[1:])
