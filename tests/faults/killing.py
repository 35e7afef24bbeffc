"""A process that is killed at its n-th step: before a statement of SQL, before or after a file is written or deleted.

`python -m tests.faults.killing SCENARIO` prepares a garden in a migrated database, then for every step that can leave
something else behind than the one before forks a child that carries the act out and dies there, and carries it out
again itself. Prints a JSON line a death: what was found afterwards.
"""

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import django

LAST = 400
STRIDE = int(os.environ.get("KILL_STRIDE", "3"))
"""A process is killed at every third such step, and by `make test-long` at every one."""
READING = ("SELECT", "SAVEPOINT", "RELEASE")
"""A process that dies before one of these leaves what it leaves when it dies before its next write, or at its end."""


class Steps:
    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.taken = 0
        self.writing: list[int] = []
        self._lock = threading.Lock()

    def take(self, *, writing: bool = True) -> None:
        """Counted over all threads."""
        with self._lock:
            self.taken += 1
            if writing:
                self.writing.append(self.taken)
            if self.taken == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, action: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any, **kwargs: Any) -> Any:
            self.take()
            result = action(*args, **kwargs)
            self.take()
            return result

        return stepping

    def before_sql(self, execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        self.take(writing=not sql.lstrip("( ").startswith(READING))
        return execute(sql, *args)


@contextmanager
def on_connections_to_come(wrapper: Callable[..., Any]) -> Iterator[None]:
    """Around every statement of connections that are opened from now on, in whatever thread."""
    from django.db.backends.signals import connection_created

    def wrap(connection: Any, **signal: Any) -> None:
        connection.execute_wrappers.append(wrapper)

    connection_created.connect(wrap)
    try:
        yield
    finally:
        connection_created.disconnect(wrap)


@contextmanager
def deadly(fatal: int) -> Iterator[Steps]:
    from django.core.files.storage import default_storage
    from django.db import connection

    from garden.storage.backends import picture_storage

    publishing = "curation.services.publishing"
    steps = Steps(fatal)
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(steps.before_sql))
        stack.enter_context(mock.patch.object(default_storage, "copy", steps.around(picture_storage().copy)))
        stack.enter_context(mock.patch(f"{publishing}._AT_ONCE", 1))
        stack.enter_context(mock.patch.object(default_storage, "delete", steps.around(default_storage.delete)))
        yield steps


def in_a_child(work: Callable[[], Any]) -> bool:
    """Whether it came to its end."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFEXITED(status)


def fatal_steps(prepare: Callable[[], Any], run_operation: Callable[..., Any]) -> Iterator[int]:
    """Steps of the act that write, and those after its end."""
    for _warm in range(2):
        operation = prepare()
        with deadly(0) as steps:
            run_operation(operation_id=operation.pk)
    yield from steps.writing[::STRIDE]
    yield from range(steps.taken + 1, LAST)


def main(scenario: str) -> None:
    django.setup()
    from curation.services.operations import run_operation
    from tests.faults import curation_scenarios

    gc.freeze()  # A child that collects would copy what it never writes.
    prepare = getattr(curation_scenarios, scenario)
    for fatal in fatal_steps(prepare, run_operation):
        operation = prepare()

        def dying(fatal: int = fatal, operation: Any = operation) -> None:
            with deadly(fatal):
                run_operation(operation_id=operation.pk)

        survived = in_a_child(dying)
        between = curation_scenarios.look(operation)
        run_operation(operation_id=operation.pk)
        print(json.dumps({"step": fatal, "between": between, "after": curation_scenarios.look(operation)}))  # noqa: T201
        if survived:
            return


if __name__ == "__main__":
    main(sys.argv[1])
