"""What workers hold in memory: `python -m benchmarks.worker_memory [--pictures 24]`.

The three workers of compose.yaml, as they are started there, on a site of their own: pictures of the largest size are
painted, thumbnails follow by themselves, and everything that beat sends is sent twice. Printed for each worker, in MiB,
once it has started and at its most: the resident memory of the process that does its tasks.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.own_server import migrate, scratch_environment

WORKERS = {
    "worker": ["--queues", "celery"],
    "attendant": ["--queues", "walls,alarms"],
    "painter": ["--queues", "pictures.painter", "--pool", "solo"],
}
MIB = 1 << 20
PERIOD_SECONDS = 0.2
QUIET_SECONDS = 10.0
IDLE_SHARE = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--rows", type=int, default=5_000, help="pictures without files that the site serves")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local", C_FORCE_ROOT="1")
        migrate(dict(os.environ))
        import django

        django.setup()
        _fill(asked.rows)
        with _at_work() as workers:
            figures = _watch(workers, Path(folder) / "broker", asked.pictures)
    for name, reported in figures.items():
        print(f"{name:<10}" + "".join(f"  {what} {mib:7.0f}" for what, mib in reported.items()))
    print(json.dumps(figures))


def _fill(rows: int) -> None:
    from django.utils import timezone

    from garden.models import Image

    now = timezone.now()
    facts = {"width": 1280, "height": 800, "origin": "painter", "model": "garden-painter-2", "published_at": now}
    keys = ((f"emotions/calm/img_{number:06d}_0h.jpeg", f"{number:064x}") for number in range(rows))
    Image.objects.bulk_create(
        Image(key=key, content_hash=content_hash, **facts).fill_from_key() for key, content_hash in keys
    )


def _order(pictures: int) -> None:
    """What a busy hour brings, at once."""
    from garden.celery import app
    from generation.engines.base import LETTERS, PAIR, PictureRequest
    from generation.jobs import SlotSpec, submit_job

    submit_job(
        title="memory",
        engine="painter",
        pictures=[
            SlotSpec(
                index=number,
                orientation=side,
                key=f"imgPool/calm/img_memory_{number}{LETTERS[side]}.jpeg",
                request=PictureRequest(prompt="calm", width=PAIR[side][0], height=PAIR[side][1], seed=number),
            )
            for number in range(pictures)
            for side in [list(PAIR)[number % 2]]
        ],
    )
    for entry in (*app.conf.beat_schedule.values(), *app.conf.beat_schedule.values()):
        queue = entry.get("options", {}).get("queue")
        app.send_task(entry["task"], args=entry.get("args"), kwargs=entry.get("kwargs"), queue=queue)


@contextmanager
def _at_work() -> Iterator[dict[str, int]]:
    """Process numbers of the three."""
    celery = [str(Path(sys.executable).parent / "celery"), "--quiet", "-A", "garden.celery", "worker"]
    started = {
        name: subprocess.Popen([*celery, *options, "--loglevel", "WARNING", "-n", f"{name}@%h"])
        for name, options in WORKERS.items()
    }
    try:
        yield {name: process.pid for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait()


def _watch(workers: dict[str, int], broker: Path, pictures: int) -> dict[str, dict[str, float]]:
    held: dict[str, list[float]] = {name: [] for name in workers}
    _look_until_quiet(workers, held, broker)
    idle = {name: series[-1] for name, series in held.items()}
    _order(pictures)
    _look_until_quiet(workers, held, broker)
    return {name: {"started": idle[name], "most": max(series)} for name, series in held.items()}


def _look_until_quiet(workers: dict[str, int], held: dict[str, list[float]], broker: Path) -> None:
    """Until no message lies in the broker, no slot is open, and workers do little more than look for work."""
    quiet = False
    while not quiet:
        before, begun = _processor_seconds(workers), time.monotonic()
        while time.monotonic() - begun < QUIET_SECONDS:
            for name, pid in workers.items():
                held[name].append(_at_work_of(pid)[-1].memory_info().rss / MIB)
            time.sleep(PERIOD_SECONDS)
        quiet = _processor_seconds(workers) - before < IDLE_SHARE * QUIET_SECONDS and not _waits(broker)


def _at_work_of(pid: int) -> list[psutil.Process]:
    """The worker and, where it has a pool, the process that does its tasks."""
    worker = psutil.Process(pid)
    return [worker, *worker.children()]


def _processor_seconds(workers: dict[str, int]) -> float:
    """Of all of them together."""
    times = [process.cpu_times() for pid in workers.values() for process in _at_work_of(pid)]
    return sum(each.user + each.system for each in times)


def _waits(broker: Path) -> bool:
    from generation.models import Slot

    return any(broker.rglob("*.msg")) or Slot.objects.open().exists()


if __name__ == "__main__":
    main()
