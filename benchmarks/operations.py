"""How long bulk operations on ten thousand pictures take, with their files, among many other rows.

    python -m benchmarks.operations [--pictures 10000] [--among 200000] [--bytes 300000] [--database URL] [--json F]

Everything is in a scratch folder, on SQLite unless a database is named. Each operation is begun and carried out in this
process, as a worker does it; "rows held" is its one transaction, which other writers wait for.
"""

import argparse
import json
import os
import platform
import tempfile
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.own_server import set_up_django

Figure = dict[str, Any]
BATCH = 5_000


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="operations-") as folder:
        set_up_django(Path(folder), arguments.database)
        figures = list(_measure(arguments.pictures, arguments.among, arguments.bytes))
    for figure in figures:
        print("{what:<24}{seconds:>8.2f} s   CPU {cpu:>6.2f} s   rows held {held:>6.2f} s".format_map(figure))
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        arguments.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")


def _measure(pictures: int, among: int, size: int) -> Iterator[Figure]:
    from curation.models import BulkOperation
    from curation.services.operations import begin_operation, roll_back, undo_operation

    images = _plant(pictures, among, size)

    def operation(kind: str) -> Callable[[], BulkOperation]:
        return lambda: begin_operation(kind=kind, by=None, images=images, operation_id=uuid.uuid4())

    published = yield from _timed("publish", operation("publish"))
    undone = yield from _timed("undo the publication", lambda: undo_operation(operation=published, by=None))
    assert undone.total >= pictures
    yield from _timed("publish again", operation("publish"))
    yield from _timed("roll back to nothing", lambda: roll_back(garden="calm", number=0, by=None))
    yield from _timed("remove", operation("remove"))
    yield from _timed("restore", operation("restore"))
    yield from _timed("remove again", operation("remove"))
    yield from _timed("purge", operation("purge"))


def _timed(what: str, begin: Callable[[], Any]) -> Generator[Figure, None, Any]:
    from curation.services.operations import run_operation

    with _held() as held:
        started, worked = time.perf_counter(), time.process_time()
        operation = run_operation(operation_id=begin().pk)
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    assert operation.state == "done", operation.error
    yield {
        "what": what,
        "pictures": operation.total,
        "seconds": round(seconds, 3),
        "cpu": round(cpu, 3),
        "held": round(max(held), 3),
    }
    return operation


@contextmanager
def _held() -> Iterator[list[float]]:
    """How long each handler's transaction took."""
    from curation.services.operations import HANDLERS

    spans: list[float] = [0.0]

    def timing(apply: Callable[[Any], None]) -> Callable[[Any], None]:
        def timed(operation: Any) -> None:
            started = time.perf_counter()
            apply(operation)
            spans.append(time.perf_counter() - started)

        return timed

    patches = [mock.patch.object(handler, "apply", timing(handler.apply)) for handler in HANDLERS.values()]
    for patch in patches:
        patch.start()
    yield spans
    for patch in patches:
        patch.stop()


def _plant(pictures: int, among: int, size: int) -> list[int]:
    """The newest `pictures` have files; the others are rows alone."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from garden.models import Image

    emotions = ("sad", "happy", "angry", "fear")
    for start in range(0, among, BATCH):
        keys = (f"imgPool/{emotions[n % 4]}/img_{n}_0h.jpeg" for n in range(start, min(start + BATCH, among)))
        Image.objects.bulk_create([_row(key) for key in keys])
    content = os.urandom(size)
    rows = [_row(f"imgPool/calm/img_{n}_{n % 2}{'hv'[n % 2]}.jpeg") for n in range(pictures)]
    for row in rows:
        default_storage.save(row.key, ContentFile(content))
    Image.objects.bulk_create(rows, batch_size=BATCH)
    return [row.pk for row in rows]


def _row(key: str) -> Any:
    from garden.models import Image

    return Image(key=key, width=1280, height=800, origin="painter", content_hash=f"{hash(key):x}").fill_from_key()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--among", type=int, default=200_000)
    parser.add_argument("--bytes", type=int, default=300_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
