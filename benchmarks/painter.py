"""How long the painter takes: seconds of one thread per 1280x800 and 800x1280 picture, by mood.

    python -m benchmarks.painter [--pictures 3] [--json FILE] [--contact-sheet FILE]

There is no like-for-like peer (nothing else paints these pictures), so beside the times stands a floor measured
in the same run: noise of the same size drawn, blurred and saved as JPEG with numpy and Pillow.
CPU seconds are what the machine spent; wall seconds also hold what other programs took from it.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageFilter
from tqdm import tqdm

from garden.vocabulary import Emotion
from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine

SIZES = ((1280, 800), (800, 1280))
SHEET_FAVORITES = ("", "", "cat", "bird")
Figure = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    cv2.setNumThreads(1)
    _paint("calm", 64, 64, 0)
    figures = [
        measure(mood, size, arguments.pictures)
        for mood in tqdm(list(Emotion), unit=" mood", disable=None)
        for size in SIZES
    ]
    figures += [floor(size, arguments.pictures) for size in SIZES]
    _print_table(figures)
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        arguments.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")
    if arguments.contact_sheet:
        contact_sheet(arguments.contact_sheet)


def measure(mood: Emotion, size: tuple[int, int], pictures: int) -> Figure:
    """Median and worst seconds over seeds."""
    return _figure(mood.value, size, [_time(partial(_paint, mood, *size, seed)) for seed in range(pictures)])


def floor(size: tuple[int, int], pictures: int) -> Figure:
    """Numpy noise, Pillow blur and JPEG: the least that any picture of this size costs."""

    def draw() -> None:
        pixels = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(8)).save(BytesIO(), "JPEG", quality=90)

    return _figure("(noise, blur, JPEG)", size, [_time(draw) for _ in range(pictures)])


def contact_sheet(path: Path, width: int = 400) -> None:
    """All moods, a row each: two gardens and two favorites, landscape and portrait."""
    rows = []
    for mood in tqdm(list(Emotion), unit=" row", disable=None):
        prompts = [f"{mood}, {favorite}" if favorite else mood.value for favorite in SHEET_FAVORITES]
        tiles = [_paint(prompt, *size, seed + 11) for size in SIZES for seed, prompt in enumerate(prompts)]
        height = width * 5 // 8
        rows.append(
            np.hstack([np.asarray(tile.resize((round(tile.width * height / tile.height), height))) for tile in tiles])
        )
    Image.fromarray(np.vstack(rows)).save(path, quality=90)


def _paint(prompt: str, width: int, height: int, seed: int) -> Image.Image:
    return next(iter(PainterEngine().make([PictureRequest(prompt, width, height, seed)]))).image


def _time(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def _figure(name: str, size: tuple[int, int], took: list[tuple[float, float]]) -> Figure:
    cpu, wall = zip(*took, strict=True)
    return {
        "mood": name,
        "size": f"{size[0]}x{size[1]}",
        "cpu_median_s": round(statistics.median(cpu), 3),
        "cpu_max_s": round(max(cpu), 3),
        "wall_median_s": round(statistics.median(wall), 3),
    }


def _print_table(figures: list[Figure]) -> None:
    print(f"{'mood':<22}{'size':<12}{'CPU median s':>14}{'CPU max s':>12}{'wall median s':>16}")
    for one in figures:
        print(
            f"{one['mood']:<22}{one['size']:<12}{one['cpu_median_s']:>14.3f}{one['cpu_max_s']:>12.3f}"
            f"{one['wall_median_s']:>16.3f}"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=3, help="pictures per mood and size")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--contact-sheet", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
