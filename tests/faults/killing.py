"""A process that is killed at its n-th step: before a statement of SQL, before or after a file is written or deleted.

`python -m tests.faults.killing SCENARIO` prepares a garden in a migrated database, then for n = 1, 2, … forks a child
that carries the act out and dies at step n, and carries it out again itself. Prints a JSON line a death: what was found
afterwards.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import django

LAST = 400
STRIDE = {"sqlite": 1, "postgresql": 3}
"""SQLite is killed at every step; a child of PostgreSQL's costs more, and locks alone differ there."""


class Steps:
    def __init__(self, fatal: int) -> None:
        self.left = fatal

    def take(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any, **kwargs: Any) -> Any:
            self.take()
            result = deed(*args, **kwargs)
            self.take()
            return result

        return stepping

    def before_sql(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.take()
        return execute(*args)


@contextmanager
def deadly(fatal: int) -> Iterator[None]:
    from django.core.files.storage import default_storage
    from django.db import connection

    from garden.storage.copying import copy_file

    publishing = "curation.services.publishing"
    steps = Steps(fatal)
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(steps.before_sql))
        stack.enter_context(mock.patch(f"{publishing}.copy_file", steps.around(copy_file)))
        stack.enter_context(mock.patch(f"{publishing}._AT_ONCE", 1))
        stack.enter_context(mock.patch.object(default_storage, "delete", steps.around(default_storage.delete)))
        yield


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


def main(scenario: str) -> None:
    django.setup()
    from django.db import connection

    from curation.services import run_act
    from tests.faults import curation_scenarios

    gc.freeze()  # A child that collects would copy what it never writes.
    prepare = getattr(curation_scenarios, scenario)
    for fatal in range(1, LAST, STRIDE[connection.vendor]):
        act = prepare()

        def dying(fatal: int = fatal, act: Any = act) -> None:
            with deadly(fatal):
                run_act(act_id=act.pk)

        survived = in_a_child(dying)
        between = curation_scenarios.look(act)
        run_act(act_id=act.pk)
        print(json.dumps({"step": fatal, "between": between, "after": curation_scenarios.look(act)}))  # noqa: T201
        if survived:
            return


if __name__ == "__main__":
    main(sys.argv[1])
