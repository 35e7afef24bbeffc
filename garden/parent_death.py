"""Processes that end with their parent, also when the parent is killed (Linux)."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


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


def main(command: list[str]) -> None:
    """`python -m garden.parent_death PROGRAM ARGUMENT…` becomes that program."""
    die_with_parent()
    os.execvp(command[0], command)  # noqa: S606  # No shell: this process becomes the program.


if __name__ == "__main__":
    main(sys.argv[1:])
