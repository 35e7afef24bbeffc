"""The warm-up of a model: its memory and layout are measured, and its networks compiled, before anyone waits for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import torch

from generation.engines.base import OnStep, PictureRequest
from generation.engines.diffusers.batching import OutOfMemoryError
from generation.engines.diffusers.cards import EXACT, LoadSpec, Speed
from generation.engines.diffusers.worker.compilation import uncompiled
from generation.engines.diffusers.worker.devices import clean_up, set_channels_last, within_memory
from generation.engines.diffusers.worker.loading import LoadedModel, load_model
from generation.engines.diffusers.worker.sampling import call_pipeline, make_all
from generation.engines.diffusers.worker.tuning import size_name

PROBE_STEPS = 2


@dataclass(frozen=True, slots=True)
class Warmth:
    """Seconds of the first batch (with loading and measuring), of the second, which compiles, and of a further one."""

    batch: int
    first: float
    second: float
    further: float
    channels_last: bool
    picture_bytes: int


def warm(plan: LoadSpec, request: PictureRequest, on_step: OnStep, *, speed: Speed = EXACT, most: int | None) -> Warmth:
    """Three batches of pictures like `request`. Raises as `Engine.make` does."""
    started = time.perf_counter()
    loaded = load_model(plan)
    _measure(loaded, request, most)
    size = loaded.batch_size(request.width, request.height, most)
    requests = [replace(request, seed=seed) for seed in range(size)]
    ends = [started]
    for _ in range(3):
        for _picture in make_all(plan, requests, on_step, speed=speed, most=most, retries=0):
            pass
        ends.append(time.perf_counter())
    first, second, further = (round(end - begun, 2) for begun, end in pairwise(ends))
    return Warmth(
        batch=size,
        first=first,
        second=second,
        further=further,
        channels_last=bool(loaded.tuning.channels_last),
        picture_bytes=loaded.tuning.bytes_of(request.width, request.height),
    )


def _measure(loaded: LoadedModel, request: PictureRequest, most: int | None) -> None:
    """Kept on disk if the engine has a folder for it."""
    probe = replace(request, steps=PROBE_STEPS)

    def make_batch(pictures: int) -> None:
        seeds = range(pictures)
        with uncompiled():
            within_memory(partial(call_pipeline, loaded, [probe] * pictures, seeds, lambda share: None))

    try:
        if loaded.device.type == "cuda":
            size = size_name(request.width, request.height)
            loaded.tuning.picture_bytes[size] = measure_picture_bytes(make_batch, loaded.device)
            loaded.fitting.clear()
        if getattr(loaded.pipeline, "unet", None) is not None:
            full = loaded.batch_size(request.width, request.height, most)
            loaded.tuning.channels_last = faster_layout(
                partial(set_channels_last, loaded.pipeline), partial(make_batch, full)
            )
            set_channels_last(loaded.pipeline, loaded.tuning.channels_last)
    except OutOfMemoryError:
        return  # The batches that follow find the size that fits.
    loaded.tuning.write(loaded.plan, loaded.device)


def measure_picture_bytes(make_batch: Callable[[int], object], device: torch.device) -> int:
    """What the second picture of a batch takes. Torch keeps the most that a batch ever took until it is cleaned up."""
    taken = []
    for pictures in (1, 2):
        clean_up()
        before = torch.cuda.mem_get_info(device)[0]
        make_batch(pictures)
        taken.append(before - torch.cuda.mem_get_info(device)[0])
    clean_up()
    return max(0, int(taken[1] - taken[0]))


def faster_layout(set_layout: Callable[[bool], object], make_batch: Callable[[], object]) -> bool:
    """Whether a batch is made faster in channels_last."""
    seconds = {}
    for channels_last in (False, True):
        set_layout(channels_last)
        make_batch()  # Libraries choose their kernels in the first one.
        started = time.perf_counter()
        make_batch()
        seconds[channels_last] = time.perf_counter() - started
    return seconds[True] < seconds[False]
