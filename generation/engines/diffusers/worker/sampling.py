"""Pictures in batches through the loaded pipeline: prompts and seeds in, arrays out; broken ones are made again."""

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from generation.engines.base import (
    BadPictureError,
    EngineUnavailableError,
    OnStage,
    OnStep,
    PictureRequest,
)
from generation.engines.diffusers.batching import (
    OutOfMemoryError,
    Progress,
    another_seed,
    canvas,
    crop_centre,
    flaw,
    group_by,
    in_batches,
    in_order,
)
from generation.engines.diffusers.cards import LoadSpec
from generation.engines.diffusers.worker.loading import (
    LoadedModel,
    hear_steps,
    load_model,
    preview_decoder,
    within_memory,
)
from generation.engines.diffusers.worker.prompts import conditions, prompt_length, scale

Pixels = NDArray[np.float32]


OnLatents = Callable[[Any], None]


def ignore_latents(latents: Any) -> None:
    """Nobody watches."""


def sample(
    loaded: LoadedModel,
    requests: Sequence[PictureRequest],
    on_share: Callable[[float], None],
    on_latents: OnLatents = ignore_latents,
) -> list[Pixels]:
    """Arrays (height, width, 3) of values 0 … 1, one a request. `on_share` gets the share that is done.

    Raises OutOfMemoryError when memory ran out, and whatever `on_share` raises; the pipeline is usable afterwards.
    """
    images = within_memory(partial(_call, loaded, requests, on_share, on_latents))
    return [
        crop_centre(pixels, request.width, request.height) for pixels, request in zip(images, requests, strict=True)
    ]


def _call(
    loaded: LoadedModel,
    requests: Sequence[PictureRequest],
    on_share: Callable[[float], None],
    on_latents: OnLatents,
) -> Pixels:
    card, pipeline, first = loaded.plan.card, loaded.pipeline, requests[0]
    guidance = card.guidance if first.guidance_scale is None else first.guidance_scale
    width, height = canvas(first.width, first.height, card.multiple)

    images: Pixels = pipeline(
        **conditions(pipeline, requests, guidance),
        width=width,
        height=height,
        num_inference_steps=first.steps or card.steps,
        **scale(pipeline, guidance),
        generator=[torch.Generator("cpu").manual_seed(request.seed) for request in requests],
        callback_on_step_end=hear_steps(on_share, on_latents),
        output_type="np",
    ).images
    return images


@dataclass(frozen=True, slots=True)
class Made:
    """An array, the request that made it (its seed may differ from the requested one), and its time in seconds."""

    pixels: Pixels
    request: PictureRequest
    seconds: float
    flaw: str

    @property
    def image(self) -> Image.Image:
        return Image.fromarray((self.pixels * 255).round().astype("uint8"))


def make_all(
    plan: LoadSpec, requests: Sequence[PictureRequest], on_step: OnStep, *, most: int | None, retries: int
) -> Iterator[tuple[int, Made]]:
    """Every request's index and picture, in order. Raises as `Engine.make` does, BadPictureError after the last."""
    loaded = load_model(plan)
    progress = Progress(len(requests), on_step)
    flaw = ""
    for index, made in in_order(_grouped(loaded, requests, progress, most, retries)):
        if made.flaw:
            flaw = flaw or made.flaw
        else:
            yield index, made
    if flaw:
        raise _bad(flaw, retries)


def grow(plan: LoadSpec, request: PictureRequest, on_stage: OnStage, on_step: OnStep, *, retries: int) -> Made:
    """One picture; each step is decoded by the model's tiny decoder, if it has one. Raises as `Engine.make` does."""
    loaded = load_model(plan)
    decoder = preview_decoder(loaded)

    def show(latents: Any) -> None:
        if decoder is not None:
            image = loaded.pipeline.image_processor.postprocess(decoder.decode(latents).sample)[0]
            on_stage(image)

    try:
        [made] = _make_batch(loaded, Progress(1, on_step), retries, [request], show)
    except OutOfMemoryError as error:
        raise _too_large(loaded, request.width, request.height) from error
    if made.flaw:
        raise _bad(made.flaw, retries)
    return made


def _bad(flaw: str, retries: int) -> BadPictureError:
    return BadPictureError(f"The picture came out {flaw} with {retries + 1} seeds.", flaw=flaw)


def _too_large(loaded: LoadedModel, width: int, height: int) -> EngineUnavailableError:
    return EngineUnavailableError(
        f"One picture of {width}×{height} does not fit into the memory of {loaded.device}: "
        "make a smaller one, choose a smaller model, or set the engine's option offload."
    )


def _grouped(
    loaded: LoadedModel, requests: Sequence[PictureRequest], progress: Progress, most: int | None, retries: int
) -> Iterator[tuple[int, Made]]:
    """The same in the order in which batches are made."""
    for group in group_by(requests, partial(_batch_key, loaded)):
        indices = iter(group)
        for batch in _batches(loaded, [requests[index] for index in group], progress, most, retries):
            for made in batch:
                yield next(indices), made


def _batch_key(loaded: LoadedModel, request: PictureRequest) -> tuple[object, ...]:
    """What pictures of one batch have in common."""
    length = prompt_length(loaded.pipeline, request)
    return request.width, request.height, request.steps, request.guidance_scale, length


def _batches(
    loaded: LoadedModel, run: Sequence[PictureRequest], progress: Progress, most: int | None, retries: int
) -> Iterator[Sequence[Made]]:
    width, height = run[0].width, run[0].height
    size = loaded.batch_size(width, height, most)
    try:
        for batch, fitting in in_batches(run, size, partial(_make_batch, loaded, progress, retries)):
            if fitting < size:
                loaded.learn(width, height, fitting)
            progress.finish(sum(not made.flaw for made in batch))
            yield batch
    except OutOfMemoryError as error:
        raise _too_large(loaded, width, height) from error


def _make_batch(
    loaded: LoadedModel,
    progress: Progress,
    retries: int,
    requests: Sequence[PictureRequest],
    on_latents: OnLatents = ignore_latents,
) -> list[Made]:
    on_share = progress.of_batch(len(requests))
    made = _once(loaded, requests, on_share, on_latents)
    for attempt in range(1, retries + 1):
        broken = [place for place, picture in enumerate(made) if picture.flaw]
        again = [_with_another_seed(requests[place], attempt) for place in broken]
        for place, picture in zip(broken, _once(loaded, again, on_share, on_latents) if again else [], strict=True):
            made[place] = picture
    return made


def _once(
    loaded: LoadedModel,
    requests: Sequence[PictureRequest],
    on_share: Callable[[float], None],
    on_latents: OnLatents,
) -> list[Made]:
    started = time.perf_counter()
    arrays = sample(loaded, requests, on_share, on_latents)
    seconds = (time.perf_counter() - started) / len(requests)
    return [Made(pixels, request, seconds, flaw(pixels)) for pixels, request in zip(arrays, requests, strict=True)]


def _with_another_seed(request: PictureRequest, attempt: int) -> PictureRequest:
    return dataclasses.replace(request, seed=another_seed(request.seed, attempt))
