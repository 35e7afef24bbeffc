"""Pictures from prompts through the loaded pipeline."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import torch

from generation.engines.base import OnStage, OnStep, PictureRequest
from generation.engines.diffusers.batching import Progress, canvas
from generation.engines.diffusers.cards import EXACT, LoadSpec, Speed
from generation.engines.diffusers.worker.batches import Batches, Made, OnShare
from generation.engines.diffusers.worker.loading import (
    LoadedModel,
    load_model,
    preview_decoder,
)
from generation.engines.diffusers.worker.prompts import conditions, prompt_length, scale
from generation.engines.diffusers.worker.steps import at_speed, hear_steps


def make_all(
    plan: LoadSpec,
    requests: Sequence[PictureRequest],
    on_step: OnStep,
    *,
    speed: Speed = EXACT,
    most: int | None,
    retries: int,
) -> Iterator[tuple[int, Made]]:
    """Every request's index and picture, in order. Raises as `Engine.make` does, BadPictureError after the last."""
    loaded = load_model(plan)
    batches = Batches(
        loaded=loaded,
        call=partial(call_pipeline, loaded, speed=speed),
        progress=Progress(len(requests), on_step),
        most=most,
        retries=retries,
    )
    return batches.make_all(requests, partial(_batch_key, loaded))


def grow(
    plan: LoadSpec,
    request: PictureRequest,
    on_stage: OnStage,
    on_step: OnStep,
    *,
    speed: Speed = EXACT,
    retries: int,
) -> Made:
    """One picture; each step is decoded by the model's tiny decoder, if it has one. Raises as `Engine.make` does."""
    loaded = load_model(plan)
    decoder = preview_decoder(loaded)

    def show(latents: Any) -> None:
        if decoder is not None:
            image = loaded.pipeline.image_processor.postprocess(decoder.decode(latents).sample)[0]
            on_stage(image)

    call = partial(call_pipeline, loaded, speed=speed, on_latents=show)
    return Batches(loaded=loaded, call=call, progress=Progress(1, on_step), most=1, retries=retries).make_one(request)


def _batch_key(loaded: LoadedModel, request: PictureRequest) -> tuple[object, ...]:
    """What pictures of one batch have in common."""
    length = prompt_length(loaded.pipeline, request)
    return request.width, request.height, request.steps, request.guidance_scale, length


def ignore_latents(latents: Any) -> None:
    """Nobody watches."""


def call_pipeline(
    loaded: LoadedModel,
    requests: Sequence[PictureRequest],
    seeds: Sequence[int],
    on_share: OnShare,
    speed: Speed = EXACT,
    on_latents: Callable[[Any], None] = ignore_latents,
) -> torch.Tensor:
    """Values 0 … 1 (requests, 3, height, width); the requests are of one batch key."""
    card, pipeline, first = loaded.plan.card, loaded.pipeline, requests[0]
    guidance = card.guidance if first.guidance_scale is None else first.guidance_scale
    width, height = canvas(first.width, first.height, card.multiple)
    with at_speed(pipeline, speed):
        images: torch.Tensor = pipeline(
            **conditions(pipeline, requests, guidance, loaded.embeddings),
            width=width,
            height=height,
            num_inference_steps=first.steps or speed.steps or card.steps,
            **scale(pipeline, guidance),
            generator=[torch.Generator("cpu").manual_seed(seed) for seed in seeds],
            callback_on_step_end=hear_steps(on_share, on_latents),
            output_type="pt",
        ).images
    top, left = (images.shape[2] - first.height) // 2, (images.shape[3] - first.width) // 2
    return images[:, :, top : top + first.height, left : left + first.width]
