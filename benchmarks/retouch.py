"""What a retouch costs beside the engine's own work: opening, cropping, masks, filters, pasting, writing layers.

    python -m benchmarks.retouch [--runs 5] [--json FILE]

Beside our steps stand the painter's call in the same run (a diffusion model takes seconds), and as a peer the plain way
with Pillow alone: paste under the mask into a copy, save the whole picture as PNG. CPU seconds are what was spent here,
wall seconds also hold the time of other programs. Finding a region is measured separately: most masks are drawn.
"""

import argparse
import io
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image

from garden.faces.local.faces import find_outlines
from garden.faces.local.networks import Networks
from generation.engines.base import InpaintRequest, PictureRequest
from generation.engines.painter import PainterEngine
from generation.retouch.masks import fade_out, fill, grow, paste, soften
from generation.retouch.pixels import (
    Mask,
    Pixels,
    encode_png,
    match_colours,
    outline,
    read_picture,
    sized,
    without_glare,
)
from generation.retouch.regions import saliency_mask, segment_mask
from generation.retouch.render import FINE
from generation.retouch.settings import Crop, Fill

CASES = {"1280×800": (1280, 800, Crop(300, 200, 512, 448)), "4096×4096": (4096, 4096, Crop(1000, 1000, 1536, 1280))}
FACES = Path(__file__).parents[1] / "var" / "models" / "face"
Figure = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    cv2.setNumThreads(1)
    figures = [figure for name, case in CASES.items() for figure in measure(name, *case, arguments.runs)]
    _print_table(figures)
    mean, most = lossy(1280, 800)
    print(f"\nA published JPEG differs by {mean:.2f} of 255 in the mean, by {most} at most, where nothing was painted.")
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        arguments.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")


def measure(name: str, width: int, height: int, crop: Crop, runs: int) -> list[Figure]:
    """Each step of one retouch, in its order; the last two are the engine and the peer."""
    content, mask = _jpeg(width, height), _mask(crop)
    picture = read_picture(content)
    part = np.ascontiguousarray(picture[crop.window])
    size = PainterEngine().inpaint_size(*crop.size)
    wide, alpha = grow(mask, 4), fade_out(grow(mask, 4), 16)
    painted = PainterEngine().inpaint([_wish(part, wide, size)])
    paint = sized(np.asarray(next(iter(painted)).image), crop.size)
    steps: dict[str, Callable[[], Any]] = {
        "open the JPEG": lambda: read_picture(content),
        "mask, feather, fill": lambda: (fade_out(grow(mask, 4), 16), soften(wide, 4), fill(part, wide, Fill.BLUR, 1)),
        "line art": lambda: outline(part),
        "scale there and back": lambda: sized(sized(part, size), crop.size),
        "colours and glare": lambda: without_glare(match_colours(paint, part, wide, 1.0), 1.0),
        "write four layers (PNG)": lambda: [encode_png(layer) for layer in (mask, part, paint, alpha)],
        "paste": lambda: paste(picture, crop, paint, alpha, 0.8),
        "publish (JPEG)": lambda: _published(picture),
        "region: faces": lambda: find_outlines(Networks(FACES), picture),
        "region: what stands out": lambda: saliency_mask(picture),
        "region: the subject": lambda: segment_mask(picture),
        "engine: the painter": lambda: list(PainterEngine().inpaint([_wish(part, wide, size)])),
        "peer: Pillow, paste and save": lambda: _by_pillow(picture, crop, paint, alpha),
    }
    return [_figure(name, step, do, runs) for step, do in steps.items()]


def _wish(part: Pixels, mask: Mask, size: tuple[int, int]) -> InpaintRequest:
    target = PictureRequest("happy", *size, seed=1)
    return InpaintRequest(target=target, pixels=sized(part, size), mask=sized(mask, size), strength=0.6)


def _published(picture: Pixels) -> bytes:
    stream = io.BytesIO()
    PIL.Image.fromarray(picture).save(stream, "JPEG", **FINE)
    return stream.getvalue()


def lossy(width: int, height: int) -> tuple[float, int]:
    """How far a published JPEG is from its lossless version where nothing was painted: mean and most, of 255."""
    picture = read_picture(_jpeg(width, height))
    apart = np.abs(read_picture(_published(picture)).astype(int) - picture)
    return float(apart.mean()), int(apart.max())


def _by_pillow(picture: Pixels, crop: Crop, paint: Pixels, alpha: Mask) -> bytes:
    image = PIL.Image.fromarray(picture)
    image.paste(PIL.Image.fromarray(paint), (crop.x, crop.y), PIL.Image.fromarray(alpha))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _jpeg(width: int, height: int) -> bytes:
    """A painted garden, enlarged: noise would be harder than any picture."""
    [made] = PainterEngine().make([PictureRequest("calm, cat", 1280, 800 if width != height else 1280, seed=1)])
    stream = io.BytesIO()
    made.image.resize((width, height), PIL.Image.Resampling.BICUBIC).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _mask(crop: Crop) -> Mask:
    mask = np.zeros((crop.height, crop.width), np.uint8)
    cv2.ellipse(mask, (crop.width // 2, crop.height // 2), (crop.width // 3, crop.height // 3), 0, 0, 360, 255, -1)
    return mask


def _figure(name: str, step: str, do: Callable[[], Any], runs: int) -> Figure:
    times = [_time(do) for _ in range(runs)]
    wall, processor = (statistics.median(one[place] for one in times) for place in (0, 1))
    return {"picture": name, "step": step, "wall_ms": round(wall * 1000, 1), "cpu_ms": round(processor * 1000, 1)}


def _time(do: Callable[[], Any]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - wall, time.process_time() - processor


def _print_table(figures: list[Figure]) -> None:
    print("| picture | step | CPU ms | wall ms |\n| --- | --- | --- | --- |")
    for figure in figures:
        print(f"| {figure['picture']} | {figure['step']} | {figure['cpu_ms']} | {figure['wall_ms']} |")
    for name in CASES:
        own = sum(figure["cpu_ms"] for figure in figures if figure["picture"] == name and ":" not in figure["step"])
        engine = next(f["cpu_ms"] for f in figures if f["picture"] == name and f["step"].startswith("engine"))
        print(f"\n{name}: {own:.0f} ms of our own beside {engine:.0f} ms of the painter.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
