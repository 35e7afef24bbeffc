"""Pictures per minute of the diffusers engine beside the seeds' way: one plain `pipeline(prompt)` call a picture.

    python -m benchmarks.diffusion [--model tiny|sd21-random|sdturbo-random|FOLDER] [--device auto] [--size 768x512]
        [--steps 50 20 4] [--count 16] [--batch N] [--dtype float16] [--compile off] [--through-queue] [--json FILE]

Both load the same files in the same number format on the same device, in this process, one after the other, each
after a warm-up; every picture has the same prompt, seed, size, steps and guidance in both. Pictures are compared as
bytes. Random weights (`…-random`) draw noise, and take as long as trained ones.

`--through-queue` adds the rate of the same pictures through the queue (lease, encode, write, row on SQLite), stored
serially and while the next batch is made, each as a share of the engine's own.
"""

import argparse
import dataclasses
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.diffusion_models import RANDOM, build
from benchmarks.own_server import set_up_django
from benchmarks.through_queue import through_queue
from generation.engines.base import PictureRequest
from generation.engines.diffusers import DiffusersEngine

Row = dict[str, Any]
Pictures = list[NDArray[np.int64]]
PROMPT = "a calm garden in spring, flowers, soft light"
STEPS = {"tiny": [20, 4], "sdturbo-random": [4, 1]}
CLOSE = 1.0
"""Mean difference of two pictures, of 255, that counts as the same: half-precision sums depend on the batch."""


def main() -> None:
    arguments = _arguments()
    with _model(arguments) as folder, tempfile.TemporaryDirectory() as scratch:
        if arguments.through_queue:
            set_up_django(Path(scratch))
        rows = [_measure(folder, arguments, steps) for steps in arguments.steps]
    _print(rows, arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": platform.platform(), "rows": rows}, indent=2))
    if any(row["mean difference"] > CLOSE for row in rows):
        sys.exit("The engine's pictures are not those of the plain pipeline.")


def _measure(folder: Path, arguments: argparse.Namespace, steps: int) -> Row:
    width, height = arguments.size
    requests = [
        PictureRequest(PROMPT, width, height, seed, steps=steps, guidance_scale=arguments.guidance)
        for seed in range(arguments.count)
    ]
    plain, plain_seconds = _timed(_plain(folder, arguments), requests, "plain")
    engine = _engine(folder, arguments)
    ours, our_seconds = _timed(_by(engine), requests, "engine")
    batch = engine.batch_size(requests[0])
    queued = _queued(folder, arguments, requests, our_seconds) if arguments.through_queue else {}
    engine.unload()
    differences = [np.abs(one - other) for one, other in zip(plain, ours, strict=True)]
    return {
        "model": arguments.model,
        "device": arguments.device,
        "size": "×".join(map(str, arguments.size)),
        "steps": steps,
        "batch": batch,
        "plain/min": round(60 * len(requests) / plain_seconds, 2),
        "engine/min": round(60 * len(requests) / our_seconds, 2),
        "times": round(plain_seconds / our_seconds, 2),
        "s a picture": round(our_seconds / len(requests), 2),
        **queued,
        "mean difference": round(float(np.mean(differences)), 4),
        "largest": int(np.max(differences)),
    }


def _queued(folder: Path, arguments: argparse.Namespace, requests: list[PictureRequest], alone: float) -> Row:
    from django.conf import settings

    threads = settings.GENERATION_STORING_THREADS
    entry = {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": _options(folder, arguments)}
    through_queue(entry, [_with_steps(request, min(2, request.steps or 2)) for request in requests], threads)  # Warm.
    serial, pooled = through_queue(entry, requests, 0), through_queue(entry, requests, threads)
    return {
        "queue, serially/min": round(60 * len(requests) / serial, 2),
        "queue/min": round(60 * len(requests) / pooled, 2),
        "queue of engine": f"{alone / pooled:.1%}",
    }


def _timed(make: Callable[[list[PictureRequest]], Iterator[Any]], requests: list[PictureRequest], name: str) -> Any:
    """Pictures and seconds, after a warm-up that costs no more steps than it must."""
    warm = requests[:1] if name == "plain" else requests
    list(make([_with_steps(request, min(2, request.steps or 2)) for request in warm]))
    started = time.perf_counter()
    images = list(tqdm(make(requests), total=len(requests), desc=f"{name}, {requests[0].steps} steps", unit="picture"))
    seconds = time.perf_counter() - started
    return [np.asarray(image).astype(np.int64) for image in images], seconds


def _with_steps(request: PictureRequest, steps: int) -> PictureRequest:
    return dataclasses.replace(request, steps=steps)


def _plain(folder: Path, arguments: argparse.Namespace) -> Callable[[list[PictureRequest]], Iterator[Any]]:
    """The seeds' way: load, move to the device, call once a picture."""
    import torch
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(folder, dtype=getattr(torch, arguments.dtype))
    pipeline.to(arguments.device).set_progress_bar_config(disable=True)

    def make(requests: list[PictureRequest]) -> Iterator[Any]:
        for request in requests:
            yield pipeline(
                request.prompt,
                width=request.width,
                height=request.height,
                num_inference_steps=request.steps,
                guidance_scale=request.guidance_scale,
                generator=torch.Generator("cpu").manual_seed(request.seed),
            ).images[0]

    return make


def _engine(folder: Path, arguments: argparse.Namespace) -> DiffusersEngine:
    return DiffusersEngine(**_options(folder, arguments))


def _options(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "models": {"measured": {"id": str(folder), "memory": 5 if arguments.model != "tiny" else 0.1}},
        "default_model": "measured",
        "device": arguments.device,
        "dtype": arguments.dtype,
        "compile": arguments.compile,
        "max_batch": arguments.batch,
        "retries": 0,
    }


def _by(engine: DiffusersEngine) -> Callable[[list[PictureRequest]], Iterator[Any]]:
    return lambda requests: (picture.image for picture in engine.make(requests))


@contextmanager
def _model(arguments: argparse.Namespace) -> Iterator[Path]:
    if arguments.model not in RANDOM:
        yield Path(arguments.model).resolve()
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield build(arguments.model, Path(scratch), arguments.dtype)


def _print(rows: list[Row], arguments: argparse.Namespace) -> None:
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(str(row[name]) for name in names) + " |")
    if arguments.device == "cpu":
        slowest = max(row["s a picture"] for row in rows)
        print(
            f"\nA processor took up to {slowest} s a picture here. Without a GPU choose the painter "
            "(well under a second), or one step of SD-Turbo with the tiny decoder where a picture may take a minute."
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="tiny", help=f"{', '.join(RANDOM)}, or a folder in the hub's layout")
    parser.add_argument("--device", default="auto", help="auto, cpu, mps, cuda, cuda:n")
    parser.add_argument("--dtype", choices=("float32", "float16", "bfloat16"), help="default: float32 on a processor")
    parser.add_argument("--size", type=_size, default=(768, 512), help="WIDTHxHEIGHT in pixels")
    parser.add_argument("--steps", type=int, nargs="+", help="a row each")
    parser.add_argument("--guidance", type=float, help="default: 7.5, for SD-Turbo 0")
    parser.add_argument("--count", type=int, default=16, help="pictures a row")
    parser.add_argument("--batch", type=int, help="most pictures at once; default: what fits")
    parser.add_argument("--compile", choices=("auto", "off", "blocks", "whole"), default="off")
    parser.add_argument("--through-queue", action="store_true")
    parser.add_argument("--json", type=Path)
    return _completed(parser.parse_args())


def _completed(arguments: argparse.Namespace) -> argparse.Namespace:
    import torch

    if arguments.device == "auto":
        arguments.device = "cuda" if torch.cuda.is_available() else "cpu"
    if arguments.guidance is None:
        arguments.guidance = 0.0 if arguments.model == "sdturbo-random" else 7.5
    arguments.dtype = arguments.dtype or ("float32" if arguments.device == "cpu" else "float16")
    arguments.steps = arguments.steps or STEPS.get(arguments.model, [50, 20, 4])
    return arguments


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


if __name__ == "__main__":
    main()
