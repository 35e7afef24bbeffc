"""A version, from its asking to its end, killed at its n-th step; and a canvas that is pruned.

`python -m tests.faults.retouch_deaths asking|making|pruning` prepares a retouch in a migrated database, lets a child
die at each step, then does what the next request, worker or sweep would do. Prints a JSON line a death: what was found.
"""

import gc
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import django

from tests.faults.killing import STRIDE, Steps, in_a_child, on_connections_to_come

Scenario = tuple[Callable[[], Any], Callable[[Any], Any]]
MOST = 300


@contextmanager
def deadly(fatal: int) -> Iterator[Steps]:
    """A step is a statement of SQL that writes, or the moment before or after a file is written or deleted."""
    from django.core.files.storage import default_storage

    steps = Steps(fatal)

    def before_sql(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if not sql.lstrip("( ").startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            steps.take()
        return execute(sql, *args)

    with ExitStack() as stack:
        stack.enter_context(on_connections_to_come(before_sql))
        for action in ("save", "delete"):
            around = steps.around(getattr(default_storage, action))
            stack.enter_context(mock.patch.object(default_storage, action, around))
        yield steps


def asking() -> Scenario:
    """The same request is sent again with the same id, as the studio does."""
    from tests.generation.retouch.samples import edit

    canvas = _upload()
    edit_id = uuid.uuid4()

    def ask(_: Any) -> None:
        from dataclasses import replace

        from generation.retouch.edits import submit_retouch

        submit_retouch(edits=[replace(edit(canvas), id=edit_id)], by=None, request_key=str(edit_id))

    return lambda: canvas, ask


def making() -> Scenario:
    """Another worker claims the slot after its lease."""
    from tests.generation.retouch.samples import ask, edit

    [version] = ask([edit(_upload())])

    def make(_: Any) -> None:
        from generation.models import Slot
        from generation.queue.leases import requeue_expired
        from generation.queue.worker import work

        Slot.objects.leased().update(lease_deadline=_long_ago())
        requeue_expired()
        work(engines=["quick"])

    return lambda: version.canvas, make


def pruning() -> Scenario:
    """The next sweep; what the dead one left of the files, sync_storage takes away."""
    from generation.models import Canvas, Version
    from tests.generation.retouch.samples import made

    canvas = made(_upload()).canvas
    Canvas.objects.update(created_at=_long_ago())
    Version.objects.update(created_at=_long_ago(), done_at=_long_ago())

    def prune(_: Any) -> None:
        from generation.retouch.pruning import prune_canvases

        prune_canvases(days=1)

    return lambda: canvas, prune


def look(canvas: Any) -> dict[str, Any]:
    """What is there of a canvas now, and which of its files no row speaks of as soon as they are old enough."""
    from django.core.files.storage import default_storage

    from garden.storage.comparison import find_differences
    from generation.models import Canvas, Slot, Version

    versions = Version.objects.filter(canvas=canvas.pk).in_order()
    files = {file.key for file in default_storage.walk(f"retouch/{canvas.pk}")}  # type: ignore[attr-defined]
    with nothing_is_young():
        orphans = {each.key for each in find_differences() if str(canvas.pk) in each.key}
    named = {key for version in versions for key in map(version.key_of, version.layers)}
    named |= set(Canvas.objects.filter(pk=canvas.pk).values_list("file", flat=True))
    return {
        "versions": [(version.number, version.state, version.done_at is not None) for version in versions],
        "attempts": list(Slot.objects.filter(version__canvas=canvas.pk).values_list("attempt", flat=True)),
        "head": list(Canvas.objects.filter(pk=canvas.pk).values_list("head__number", flat=True)),
        "missing": sorted(named - files),
        "unknown": sorted(files - named - orphans - _of_open_versions(versions, files)),
        "orphans": len(orphans),
    }


def repair() -> None:
    """`sync_storage --apply`."""
    from garden.storage.comparison import find_differences
    from garden.storage.sync import Repairer

    with nothing_is_young():
        list(Repairer(1).repair(find_differences()))


def nothing_is_young() -> Any:
    from generation.retouch import pruning

    return mock.patch.object(pruning, "WRITE_GRACE", timedelta(days=-1))


def _of_open_versions(versions: Any, files: set[str]) -> set[str]:
    """Written by a worker that died: the next attempt writes the same names again."""
    folders = tuple(f"{version.folder}/" for version in versions if version.done_at is None)
    return {key for key in files if folders and key.startswith(folders)}


def _upload() -> Any:
    from generation.retouch.pixels import encode_png
    from generation.retouch.versions import open_upload
    from tests.generation.retouch.samples import noisy

    return open_upload(content=encode_png(noisy()), title="a", by=None)


def _long_ago() -> Any:
    from django.utils import timezone

    return timezone.now() - timedelta(days=40)


def main(name: str) -> None:
    django.setup()
    import cv2

    cv2.setNumThreads(0)  # Its threads would not live on in a child.
    gc.freeze()
    scenarios = {"asking": asking, "making": making, "pruning": pruning}
    _canvas, action = scenarios[name]()
    action(None)  # Everything is loaded once, and not in each child.
    for fatal in range(1, MOST, min(STRIDE, 2)):
        canvas, action = scenarios[name]()

        def dying(fatal: int = fatal, action: Callable[[Any], Any] = action) -> None:
            with deadly(fatal):
                action(None)

        survived = in_a_child(dying)
        between = look(canvas())
        action(None)
        action(None)
        repair()
        print(json.dumps({"step": fatal, "between": between, "after": look(canvas())}))  # noqa: T201
        if survived:
            return


if __name__ == "__main__":
    main(sys.argv[1])
