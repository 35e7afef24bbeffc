"""A worker that is killed at its n-th step, in whatever thread: before a statement that writes, around each file.

`python -m tests.faults.pool_deaths` works two batches in a child that dies at the step, then what another worker
would do after the lease. Prints a JSON line a death: the slots, rows and files that were found then.
"""

import gc
import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import django

from tests.faults.killing import READING, STRIDE, Steps, in_a_child, on_connections_to_come

MOST = 300
SLOTS = 8


def work_until(fatal: int) -> None:
    from django.core.files.storage import default_storage

    from generation.queue.worker import work

    steps = Steps(fatal)

    def before_sql(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if not sql.lstrip("( ").startswith(READING):
            steps.take()
        return execute(sql, *args)

    saving = mock.patch.object(default_storage, "save", steps.around(default_storage.save))
    with on_connections_to_come(before_sql), saving:  # The child has no connection yet, in no thread.
        work(engines=["quick"], worker=f"w{fatal}")


def recover() -> None:
    from generation.models import Slot
    from generation.queue.leases import requeue_expired
    from generation.queue.worker import work

    Slot.objects.leased().update(lease_deadline="2020-01-01T00:00:00Z")
    requeue_expired()
    work(engines=["quick"], worker="next")


def look(job: Any) -> dict[str, Any]:
    from django.core.files.storage import default_storage

    from garden.models import Image

    keys = list(job.slots.values_list("key", flat=True))
    return {
        "states": sorted(job.slots.values_list("state", flat=True)),
        "attempts": sorted(set(job.slots.values_list("attempt", flat=True))),
        "images": Image.objects.filter(key__in=keys).count(),
        "own": len(set(job.slots.values_list("image", flat=True))),
        "files": sum(default_storage.exists(key) for key in keys),
    }


def main() -> None:
    django.setup()
    from tests.generation.jobs import ask_for

    ask_for(1, name="warm")
    recover()  # Everything is imported once, and not in each child.
    gc.freeze()
    for fatal in range(1, MOST, STRIDE):
        job = ask_for(SLOTS, name=f"n{fatal}")
        survived = in_a_child(lambda fatal=fatal: work_until(fatal))  # type: ignore[misc]
        done = job.slots.filter(state="done").count()
        recover()
        print(json.dumps({"step": fatal, "done": done, **look(job)}))  # noqa: T201
        if survived:
            return


if __name__ == "__main__":
    main()
