"""What the queue costs: seconds per slot of claiming, leasing, storing and finishing, beside a bare loop.

    python -m benchmarks.queue [--slots 200] [--rounds 3] [--size 768x512] [--database URL] [--json FILE]

The peer, in the same run: the same engine called in a loop, its pictures encoded and written to files, with neither
rows nor leases. The engine makes its pictures at once, so the difference is the overhead; its share is told at 1 s a
picture.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from benchmarks.own_server import set_up_django
from generation.engines.base import Engine, OnStep, Picture, PictureRequest, ignore_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedEngine(Engine):
    """Hands out one prepared picture of garden-like detail, at once."""

    name: ClassVar[str] = "prepared"
    prepared: ClassVar[dict[tuple[int, int], Image.Image]] = {}

    def batch_size(self, request: PictureRequest) -> int:
        return 4

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for index, request in enumerate(requests):
            on_step(1.0)
            yield Picture(index, self._picture(request.width, request.height), request, self.name, "prepared-1", 0.0)

    def _picture(self, width: int, height: int) -> Image.Image:
        if (width, height) not in self.prepared:
            coarse = np.random.default_rng(0).integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
            self.prepared[width, height] = Image.fromarray(coarse).resize((width, height))
        return self.prepared[width, height]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        set_up_django(Path(folder), arguments.database)
        _use_prepared_engine()
        rounds = [_round(number, arguments, Path(folder)) for number in range(arguments.rounds)]
    figures = {name: statistics.median(times[name] for times in rounds) for name in rounds[0]}
    _print_table(figures, arguments.slots)
    if arguments.json:
        arguments.json.write_text(json.dumps({"slots": arguments.slots, "seconds_per_slot": figures}, indent=2) + "\n")


def _round(number: int, arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    width, height = map(int, arguments.size.split("x"))
    wanted = _wanted(f"round{number}", arguments.slots, width, height)
    return {
        "bare loop": _seconds_each(lambda: _bare_loop(wanted, folder / f"bare{number}"), arguments.slots),
        "submit": _seconds_each(lambda: _submit(wanted), arguments.slots),
        "queue": _seconds_each(_work, arguments.slots),
    }


def _seconds_each(action: Callable[[], None], slots: int) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) / slots


def _bare_loop(wanted: list[Any], folder: Path) -> None:
    from generation.backends import get_engine
    from generation.provenance import encode_jpeg

    folder.mkdir()
    for picture in wanted:
        made = next(iter(get_engine("prepared").make([picture.request])))
        (folder / picture.key.rpartition("/")[2]).write_bytes(encode_jpeg(made))


def _submit(wanted: list[Any]) -> None:
    from generation.jobs import submit_job

    submit_job(title="benchmark", pictures=wanted, engine="prepared")


def _work() -> None:
    from generation.queue.worker import work

    work(engines=["prepared"], worker="benchmark")


def _wanted(name: str, slots: int, width: int, height: int) -> list[Any]:
    from garden.vocabulary import Orientation
    from generation.jobs import SlotSpec

    return [
        SlotSpec(
            index,
            Orientation.LANDSCAPE,
            f"imgPool/calm/img_{name}_{index}h.jpeg",
            PictureRequest(prompt="calm", width=width, height=height, seed=index),
        )
        for index in range(slots)
    ]


def _use_prepared_engine() -> None:
    from django.conf import settings

    settings.GENERATION_ENGINES = {"prepared": {"BACKEND": "benchmarks.queue.PreparedEngine", "OPTIONS": {}}}


def _print_table(figures: dict[str, float], slots: int) -> None:
    overhead = figures["submit"] + figures["queue"] - figures["bare loop"]
    print(f"{slots} slots a round, median of the rounds")
    print(f"{'what':<34}{'ms a slot':>12}")
    for name, seconds in figures.items():
        print(f"{name:<34}{seconds * 1000:>12.1f}")
    print(f"{'overhead (submit + queue − bare)':<34}{overhead * 1000:>12.1f}")
    print(f"share of a picture that takes 1 s: {overhead:.1%}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slots", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="768x512")
    parser.add_argument("--database", default="", help="default: SQLite in a scratch folder")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
