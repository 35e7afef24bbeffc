"""Requests small enough for a test, and pictures as numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engines.base import Picture, PictureRequest
from generation.engines.diffusers import DiffusersEngine

ROUNDING = 2
"""Batches of other sizes add up in another order: values of 0 … 255 differ by at most this."""


def ask(prompt: str = "calm", seed: int = 1, width: int = 64, height: int = 64, **more: Any) -> PictureRequest:
    return PictureRequest(prompt=prompt, seed=seed, width=width, height=height, **more)


def pixels(picture: Picture) -> NDArray[np.int64]:
    return np.asarray(picture.image).astype(np.int64)


def make_one(engine: DiffusersEngine, request: PictureRequest) -> NDArray[np.int64]:
    [picture] = engine.make([request])
    return pixels(picture)


def differ(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The largest difference between two pictures."""
    return float(np.abs(one - other).max())


@contextmanager
def decoding(pipeline: Any, change: Callable[[Any], Any]) -> Iterator[list[int]]:
    """The decoder's output goes through `change`; the list holds how many pictures each call had."""
    calls: list[int] = []

    def hook(module: Any, inputs: Any, output: Any) -> Any:
        calls.append(len(output))
        return change(output)

    handle = pipeline.vae.decoder.register_forward_hook(hook)
    try:
        yield calls
    finally:
        handle.remove()
