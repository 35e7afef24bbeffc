"""How long the painter takes, and how far its pictures are apart.

    python -m benchmarks.painter [--pictures 3] [--each 48] [--json FILE] [--contact-sheets FOLDER]

Times are of one thread; CPU seconds are what the machine spent, wall seconds also hold what others took from it.
Variety is measured over `--each` pictures of a mood: how many of 64 bits of their perceptual hashes differ (median),
how many of the pairs the finder of near duplicates would report, how far their colours are apart (CIE Lab, mean of
three bands) and how little their light and dark lie alike (1 - correlation of 16 x 10 grey cells).
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from tqdm import tqdm

from curation.duplicates.hashing import GRADIENT_FACTOR, distance_between, hash_picture
from garden.vocabulary import Emotion
from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine

SIZES = ((1280, 800), (800, 1280), (3840, 2400))
SMALL = (480, 304)
DUPLICATE = 6
"""The default of LOOKALIKE_DISTANCE."""
SHEET_FAVORITES = (
    "",
    "",
    "",
    "cat",
    "",
    "",
    "bird",
    "",
    "",
    "rabbit",
    "fish",
    "winter",
    "",
    "fox",
    "night",
    "butterfly",
)
"""What the pictures of a contact sheet show in turn."""
SHEET_COLUMNS, SHEET_BYTES = 8, 400_000
Figure = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    cv2.setNumThreads(1)
    _paint("calm", 64, 64, 0)
    moods = list(Emotion)
    times = [
        measure_time(mood, size, arguments.pictures)
        for mood in tqdm(moods, unit=" mood", disable=None)
        for size in SIZES
    ]
    variety = [measure_variety(mood, arguments.each) for mood in tqdm(moods, unit=" mood", disable=None)]
    _print_table(times)
    _print_table(variety)
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        figures = {"machine": machine, "times": times, "variety": variety}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    if arguments.contact_sheets:
        folder = arguments.contact_sheets
        folder.mkdir(parents=True, exist_ok=True)
        sheets = [contact_sheet(mood, arguments.each) for mood in tqdm(moods, unit=" sheet", disable=None)]
        for mood, rows in zip(moods, sheets, strict=True):
            _save(rows, folder / f"painter-{mood}.webp")
        _save([rows[0] for rows in sheets], folder / "painter-moods.webp")


def measure_time(mood: Emotion, size: tuple[int, int], pictures: int) -> Figure:
    """Median and worst seconds over seeds."""
    cpu, wall = zip(*(_time(partial(_paint, mood, *size, seed)) for seed in range(pictures)), strict=True)
    return {
        "mood": mood.value,
        "size": f"{size[0]}x{size[1]}",
        "CPU median s": round(statistics.median(cpu), 3),
        "CPU max s": round(max(cpu), 3),
        "wall median s": round(statistics.median(wall), 3),
    }


def measure_variety(mood: Emotion, pictures: int) -> Figure:
    """Of pictures of one mood, without a favorite, with seeds in a row."""
    images = [_paint(mood, *SMALL, seed) for seed in range(pictures)]
    hashes = [hash_picture(image) for image in images]
    bits = [distance_between(one.phash, other.phash) for one, other in combinations(hashes, 2)]
    gradients = [distance_between(one.dhash, other.dhash) for one, other in combinations(hashes, 2)]
    near = [a <= DUPLICATE and b <= GRADIENT_FACTOR * DUPLICATE for a, b in zip(bits, gradients, strict=True)]
    colours, layouts = _colours(images), _layouts(images)
    return {
        "mood": mood.value,
        "median hash bits": statistics.median(bits),
        "least hash bits": min(bits),
        "pairs too near": round(sum(near) / len(near), 4),
        "colour distance": round(_mean([np.linalg.norm(a - b, axis=1).mean() for a, b in combinations(colours, 2)]), 1),
        "layout distance": round(_mean([1 - (a * b).mean() for a, b in combinations(layouts, 2)]), 3),
    }


def contact_sheet(mood: Emotion, pictures: int, width: int = 240) -> list[np.ndarray]:
    """Rows of pictures of one mood, a favorite here and there."""
    height = width * 5 // 8
    tiles = []
    for seed in range(pictures):
        favorite = SHEET_FAVORITES[seed % len(SHEET_FAVORITES)]
        image = _paint(f"{mood}, {favorite}" if favorite else mood.value, 960, 600, seed)
        tiles.append(np.asarray(image.resize((width, height), Image.Resampling.LANCZOS)))
    return [np.hstack(tiles[at : at + SHEET_COLUMNS]) for at in range(0, len(tiles), SHEET_COLUMNS)]


def _save(rows: Sequence[np.ndarray], path: Path) -> None:
    """A WebP of at most SHEET_BYTES."""
    for quality in (90, 85, 80, 72, 64, 55):
        Image.fromarray(np.vstack(rows)).save(path, quality=quality, method=6)
        if path.stat().st_size <= SHEET_BYTES:
            return


def _colours(images: Sequence[Image.Image]) -> list[np.ndarray]:
    """Mean L*a*b* of three horizontal bands of each."""
    labs = [cv2.cvtColor(np.asarray(image, np.float32) / 255, cv2.COLOR_RGB2LAB) for image in images]
    return [np.stack([band.mean((0, 1)) for band in np.array_split(lab, 3)]) for lab in labs]


def _layouts(images: Sequence[Image.Image]) -> list[np.ndarray]:
    """Grey cells of each, of mean 0 and deviation 1."""
    cells = [np.asarray(image.convert("L").resize((16, 10), Image.Resampling.BOX), float) for image in images]
    return [(one - one.mean()) / (one.std() + 1e-6) for one in cells]


def _paint(prompt: str, width: int, height: int, seed: int) -> Image.Image:
    return next(iter(PainterEngine().make([PictureRequest(prompt, width, height, seed)]))).image


def _time(work: Any) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _print_table(figures: Sequence[Figure]) -> None:
    print("".join(f"{name:<18}" for name in figures[0]))
    for one in figures:
        print("".join(f"{value:<18}" for value in one.values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=3, help="timed pictures per mood and size")
    parser.add_argument("--each", type=int, default=48, help="pictures per mood whose variety is measured")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--contact-sheets", type=Path, help="a folder for one sheet of `--each` pictures per mood")
    return parser.parse_args()


if __name__ == "__main__":
    main()
