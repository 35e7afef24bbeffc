"""What workers hold in memory: `python -m benchmarks.worker_memory [--pictures 24]`.

The three workers of compose.yaml, as they are started there, on a site of their own: pictures of the largest size are
painted, thumbnails follow by themselves, and everything that beat rings is rung twice. Told of each worker, in MiB,
once it has started and at its most: what it holds (resident) and what it may write to, which is what
`WORKER_MEMORY_MIB` limits (the kernel's VmData).
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

from benchmarks.own_server import migrate, scratch_environment

WORKERS = {"worker": "celery", "attendant": "walls,alarms", "painter": "pictures.painter"}
HELD, WRITABLE = "VmRSS", "VmData"
PERIOD_SECONDS = 0.2
QUIET_SECONDS = 10.0
IDLE_SHARE = 0.2

Series = dict[str, list[float]]


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
    for name, told in figures.items():
        print(f"{name:<10}" + "".join(f"  {what} {mib:7.0f}" for what, mib in told.items()))
    print(json.dumps(figures))


def _fill(rows: int) -> None:
    from tests.factories import ImageFactory

    ImageFactory.create_batch(rows)


def _order(pictures: int) -> None:
    """What a busy hour brings, at once."""
    from garden.celery import app
    from generation.engines.base import PictureRequest
    from generation.jobs import WantedPicture, submit_job
    from generation.resolutions import LETTERS, PAIR

    submit_job(
        title="memory",
        engine="painter",
        pictures=[
            WantedPicture(
                index=number,
                orientation=side,
                key=f"imgPool/calm/img_memory_{number}{LETTERS[side]}.jpeg",
                request=PictureRequest(prompt="calm", width=PAIR[side][0], height=PAIR[side][1], seed=number),
            )
            for number in range(pictures)
            for side in [list(PAIR)[number % 2]]
        ],
    )
    for rung in (*app.conf.beat_schedule.values(), *app.conf.beat_schedule.values()):
        queue = rung.get("options", {}).get("queue")
        app.send_task(rung["task"], args=rung.get("args"), kwargs=rung.get("kwargs"), queue=queue)


@contextmanager
def _at_work() -> Iterator[dict[str, int]]:
    """Process numbers of the three."""
    celery = [str(Path(sys.executable).parent / "celery"), "--quiet", "-A", "garden.celery", "worker", "--pool", "solo"]
    started = {
        name: subprocess.Popen([*celery, "--queues", queues, "--loglevel", "WARNING", "-n", f"{name}@%h"])
        for name, queues in WORKERS.items()
    }
    try:
        yield {name: process.pid for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait()


def _watch(workers: dict[str, int], broker: Path, pictures: int) -> dict[str, dict[str, float]]:
    series: dict[str, Series] = {name: {HELD: [], WRITABLE: []} for name in workers}
    _look_until_quiet(workers, series, broker)
    idle = {name: {what: each[-1] for what, each in told.items()} for name, told in series.items()}
    _order(pictures)
    _look_until_quiet(workers, series, broker)
    return {
        name: {
            "resident": idle[name][HELD],
            "most resident": max(told[HELD]),
            "writable": idle[name][WRITABLE],
            "most writable": max(told[WRITABLE]),
        }
        for name, told in series.items()
    }


def _look_until_quiet(workers: dict[str, int], series: dict[str, Series], broker: Path) -> None:
    """Until no message lies in the broker, no slot is open, and workers do little more than look for work."""
    quiet = False
    while not quiet:
        before, begun = _processor_seconds(workers), time.monotonic()
        while time.monotonic() - begun < QUIET_SECONDS:
            for name, pid in workers.items():
                status = _status(pid)
                for what in (HELD, WRITABLE):
                    series[name][what].append(status[what])
            time.sleep(PERIOD_SECONDS)
        quiet = _processor_seconds(workers) - before < IDLE_SHARE * QUIET_SECONDS and not _waits(broker)


def _status(pid: int) -> dict[str, float]:
    """MiB of a process, by the kernel's names (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    pairs = (line.split(":", 1) for line in lines)
    return {name: int(told.split()[0]) / 1024 for name, told in pairs if told.strip().endswith("kB")}


def _processor_seconds(workers: dict[str, int]) -> float:
    """Of all of them together."""
    told = (Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2] for pid in workers.values())
    return sum(int(ticks) for fields in told for ticks in fields.split()[11:13]) / os.sysconf("SC_CLK_TCK")


def _waits(broker: Path) -> bool:
    from generation.models import Slot

    return any(broker.rglob("*.msg")) or Slot.objects.open().exists()


if __name__ == "__main__":
    main()
