"""One batch through the pipeline: prompts and seeds in, arrays out."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from generation.engines.base import PictureRequest
from generation.engines.diffusers.batching import OutOfRoomError
from generation.engines.diffusers.sizes import canvas, crop_centre
from generation.engines.diffusers.worker.memory import clean_up, ran_out
from generation.engines.diffusers.worker.prompts import conditions
from generation.engines.diffusers.worker.studio import LOCK, Studio

Pixels = NDArray[np.float32]


def sample(studio: Studio, requests: Sequence[PictureRequest], on_share: Callable[[float], None]) -> list[Pixels]:
    """Arrays (height, width, 3) of values 0 … 1, one a request. `on_share` hears the share of the batch that is done.

    Raises OutOfRoomError when memory ran out, and whatever `on_share` raises; the pipeline is usable afterwards.
    """
    with LOCK:
        images = _within_memory(studio, requests, on_share)
    return [
        crop_centre(pixels, request.width, request.height) for pixels, request in zip(images, requests, strict=True)
    ]


def _within_memory(studio: Studio, requests: Sequence[PictureRequest], on_share: Callable[[float], None]) -> Pixels:
    try:
        return _call(studio, requests, on_share)
    except RuntimeError as error:
        if not ran_out(error):
            raise
    # Only here are the failed call's tensors gone with its traceback, so only here can their memory be given back.
    clean_up()
    raise OutOfRoomError(f"{len(requests)} pictures at once do not fit.")


def _call(studio: Studio, requests: Sequence[PictureRequest], on_share: Callable[[float], None]) -> Pixels:
    card, pipeline, first = studio.plan.card, studio.pipeline, requests[0]
    guidance = card.guidance if first.guidance_scale is None else first.guidance_scale
    width, height = canvas(first.width, first.height, card.multiple)

    def on_step_end(pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        # Decoding counts as one step more.
        on_share((step + 1) / (pipe.num_timesteps + 1))
        return tensors

    images: Pixels = pipeline(
        **conditions(pipeline, requests, guidance),
        width=width,
        height=height,
        num_inference_steps=first.steps or card.steps,
        guidance_scale=guidance,
        generator=[torch.Generator("cpu").manual_seed(request.seed) for request in requests],
        callback_on_step_end=on_step_end,
        output_type="np",
    ).images
    return images
