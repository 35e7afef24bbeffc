"""The rate of an engine alone and through the queue: lease, encode, write, row; stored serially, and by the pool.

    python -m benchmarks.through_queue [--batch-seconds 2 0.5] [--batch 4] [--batches 12] [--size 768x512]
        [--threads N] [--database URL] [--json FILE]

The engine here waits for a fixed time a batch, as for a GPU, and hands out prepared pictures of garden-like detail.
`python -m benchmarks.diffusion --through-queue` measures the diffusers engine so.
"""

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.own_server import set_up_django
from benchmarks.queue import PreparedEngine
from generation.engines.base import OnStep, Picture, PictureRequest, ignore_steps

STEPS = 20
"""Calls of `on_step` a batch."""
_numbers = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedTimeEngine(PreparedEngine):
    """Takes `batch_seconds` for a batch, however many pictures are in it."""

    name: ClassVar[str] = "fixed"
    batch: int = 4
    batch_seconds: float = 1.0

    def batch_size(self, request: PictureRequest) -> int:
        return self.batch

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        pictures = [self._picture(request.width, request.height) for request in requests]
        for step in range(STEPS):
            time.sleep(self.batch_seconds / STEPS)
            on_step((step + 1) / STEPS)
        for index, (request, picture) in enumerate(zip(requests, pictures, strict=True)):
            yield Picture(index, picture, request, self.name, "fixed-1", self.batch_seconds / len(requests))


def through_queue(entry: dict[str, Any], requests: Sequence[PictureRequest], threads: int) -> float:
    """Seconds for these pictures through the queue, by an engine of this settings entry, in this process."""
    from django.conf import settings

    from garden.vocabulary import Orientation
    from generation.backends import get_engine
    from generation.jobs import SlotSpec, submit_job
    from generation.models import GenerationJob
    from generation.queue.worker import work

    if settings.GENERATION_ENGINES.get("measured") != entry:
        settings.GENERATION_ENGINES = {"measured": entry}
        get_engine.cache_clear()
    settings.GENERATION_STORING_THREADS = threads
    number = next(_numbers)
    specs = [
        SlotSpec(index, Orientation.LANDSCAPE, f"imgPool/calm/img_measured{number}_{index}h.jpeg", request)
        for index, request in enumerate(requests)
    ]
    job = submit_job(title="measured", pictures=specs, engine="measured")
    begun = time.perf_counter()
    stored = work(engines=["measured"], worker="measured")
    seconds = time.perf_counter() - begun
    left = GenerationJob.objects.get(pk=job.pk).slots.exclude(state="done").count()
    if stored != len(requests) or left:
        raise SystemExit(f"{stored} of {len(requests)} pictures were stored.")
    return seconds


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        set_up_django(Path(folder), arguments.database)
        rows = [_measure(arguments, seconds) for seconds in arguments.batch_seconds]
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


def _measure(arguments: argparse.Namespace, batch_seconds: float) -> dict[str, Any]:
    from django.conf import settings

    threads = arguments.threads or settings.GENERATION_STORING_THREADS
    width, height = map(int, arguments.size.split("x"))
    options = {"batch": arguments.batch, "batch_seconds": batch_seconds}
    entry = {"BACKEND": "benchmarks.through_queue.FixedTimeEngine", "OPTIONS": options}
    requests = [PictureRequest("calm", width, height, seed) for seed in range(arguments.batch * arguments.batches)]
    through_queue(entry, requests[: arguments.batch], threads)  # Warm.
    alone = _alone(FixedTimeEngine(**options), requests, arguments.batch)
    serial, pooled = through_queue(entry, requests, 0), through_queue(entry, requests, threads)
    return {
        "batch": f"{arguments.batch} in {batch_seconds} s",
        "size": arguments.size,
        "engine alone/min": round(60 * len(requests) / alone, 1),
        "serially/min": round(60 * len(requests) / serial, 1),
        "serially": f"{alone / serial:.1%}",
        f"{threads} threads/min": round(60 * len(requests) / pooled, 1),
        f"{threads} threads": f"{alone / pooled:.1%}",
    }


def _alone(engine: FixedTimeEngine, requests: Sequence[PictureRequest], batch: int) -> float:
    begun = time.perf_counter()
    for start in range(0, len(requests), batch):
        list(engine.make(requests[start : start + batch]))
    return time.perf_counter() - begun


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch-seconds", type=float, nargs="+", default=[2.0, 0.5])
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--batches", type=int, default=12)
    parser.add_argument("--size", default="768x512")
    parser.add_argument("--threads", type=int, default=0, help="default: as the site is set")
    parser.add_argument("--database", default="", help="default: SQLite in a scratch folder")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
