"""A child process that queries the database over connections of its own."""

import logging
import os
import sys
import tempfile
import traceback
from subprocess import CompletedProcess
from typing import Any

from django.db import connections

_inherited: list[Any] = []
"""Kept, not closed: their sockets belong to the parent."""


def fork() -> int:
    """Like `os.fork`, but the child opens new database connections, and the parent's thread has closed its own.

    `connections.close_all()` is not enough. While an event loop is running in a thread, as Playwright's is after the
    first test in a browser, asgiref's `Local` stores this thread's connections elsewhere. No loop runs in the child,
    which finds the connections from before the loop was started, and would share a socket with its parent.
    """
    connections.close_all()
    if child := os.fork():
        return child
    for connection in connections.all(initialized_only=True):
        _inherited.append(connection)
        del connections[connection.alias]
    return 0


def manage(*arguments: str) -> "CompletedProcess[str]":
    """`manage.py` in a forked child: what it prints and how it ends, without the second that a new process takes."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        child = start_managing(*arguments, output=output.fileno(), errors=errors.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        errors.seek(0)
        return CompletedProcess(arguments, code, output.read(), errors.read())


def start_managing(*arguments: str, output: int = 1, errors: int = 2) -> int:
    """Its process id; it writes to these file descriptors."""
    child = fork()
    if not child:
        os.dup2(output, 1)
        os.dup2(errors, 2)
        os._exit(_run_command(arguments))
    return child


def _run_command(arguments: tuple[str, ...]) -> int:
    from garden.access.commands import RecordingUtility

    code: Any = 0
    logging.disable(logging.WARNING)  # What a command prints is looked at, not what it logs.
    with open(1, "w", closefd=False) as sys.stdout, open(2, "w", closefd=False) as sys.stderr:
        try:
            RecordingUtility(["manage.py", *arguments]).execute()
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            traceback.print_exc()
            code = 1
    return int(code)
