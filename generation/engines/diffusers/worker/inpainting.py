"""Repainting with the loaded model: its own parts in an inpainting pipeline, with line art and a reference."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import torch
from diffusers import AutoPipelineForInpainting, ControlNetModel, Flux2KleinInpaintPipeline, Flux2KleinPipeline
from PIL import Image
from transformers import CLIPVisionModelWithProjection

from generation.engines.base import EngineUnavailableError, InpaintRequest, LineArt, OnStep, Reference
from generation.engines.diffusers.batching import Progress
from generation.engines.diffusers.cards import EXACT, LoadSpec, Speed
from generation.engines.diffusers.hub import locate_file, locate_part
from generation.engines.diffusers.worker.batches import Batches, Made, OnShare
from generation.engines.diffusers.worker.compilation import uncompiled
from generation.engines.diffusers.worker.devices import dtype_for, settle
from generation.engines.diffusers.worker.loading import LoadedModel, load_model
from generation.engines.diffusers.worker.prompts import conditions, prompt_length, scale
from generation.engines.diffusers.worker.steps import hear_steps, leave_out_blocks, scheduler_like


def inpaint_all(
    plan: LoadSpec,
    requests: Sequence[InpaintRequest],
    on_step: OnStep,
    *,
    speed: Speed = EXACT,
    most: int | None,
    retries: int,
) -> Iterator[tuple[int, Made]]:
    """Every request's index and rectangle, in order. Raises as `Inpainter.inpaint` does."""
    loaded = load_model(plan)
    batches = Batches(
        loaded=loaded,
        call=partial(_call, loaded, speed=speed),
        progress=Progress(len(requests), on_step),
        most=most,
        retries=retries,
    )
    return batches.make_all(requests, partial(_batch_key, loaded))


def _batch_key(loaded: LoadedModel, request: InpaintRequest) -> tuple[object, ...]:
    """What differs between requests of one call and may not in a batch: the prompt's length, and any reference.

    Pipelines take one reference a call.
    """
    reference = None if request.reference is None else id(request)
    return prompt_length(loaded.pipeline, request.target), reference


def _call(
    loaded: LoadedModel, requests: Sequence[InpaintRequest], seeds: Sequence[int], on_share: OnShare, *, speed: Speed
) -> torch.Tensor:
    card, first, target = loaded.plan.card, requests[0], requests[0].target
    guidance = card.guidance if target.guidance_scale is None else target.guidance_scale
    pipeline = _pipeline(loaded, with_lines=first.line_art is not None)
    pipeline.scheduler = scheduler_like(loaded.pipeline.scheduler, first.sampler or speed.scheduler)
    leave_out_blocks(pipeline, speed.cache)

    followed = following(loaded, pipeline, first.reference) if first.reference else None
    with followed or nullcontext({}) as reference:
        images: torch.Tensor = pipeline(
            **conditions(pipeline, [request.target for request in requests], guidance, loaded.embeddings),
            **_lines([request.line_art for request in requests if request.line_art is not None]),
            **reference,
            image=[Image.fromarray(request.pixels) for request in requests],
            mask_image=[Image.fromarray(request.mask) for request in requests],
            width=target.width,
            height=target.height,
            strength=first.strength,
            num_inference_steps=_steps(target.steps or speed.steps or card.steps, first.strength),
            **scale(pipeline, guidance),
            generator=[torch.Generator("cpu").manual_seed(seed) for seed in seeds],
            callback_on_step_end=hear_steps(on_share),
            output_type="pt",
        ).images
    if images.shape[2:] == (target.height, target.width):
        return images
    # FLUX.2 [klein] repaints what has more than 1024² pixels in a smaller size.
    return torch.nn.functional.interpolate(images.float(), (target.height, target.width), mode="bilinear")


def _steps(steps: int, strength: float) -> int:
    """A pipeline does only the last part of its steps, as large as the strength: at least one is to be done."""
    return max(steps, math.ceil(1 / strength))


def _lines(arts: Sequence[LineArt]) -> dict[str, Any]:
    if not arts:
        return {}
    art = arts[0]
    return {
        "control_image": [Image.fromarray(each.lines).convert("RGB") for each in arts],
        "controlnet_conditioning_scale": float(art.weight),
        "control_guidance_start": art.start,
        "control_guidance_end": max(art.end, art.start + 1e-3),
    }


def _pipeline(loaded: LoadedModel, *, with_lines: bool) -> Any:
    """The loaded's own networks in a pipeline that repaints. Raises EngineUnavailableError."""
    name = "inpaint+lines" if with_lines else "inpaint"
    if name not in loaded.others:
        try:
            loaded.others[name] = _assemble(loaded, with_lines=with_lines)
        except (OSError, ValueError, RuntimeError) as error:
            raise EngineUnavailableError(f"{loaded.plan.card.name} could not be made to repaint: {error}") from error
    return loaded.others[name]


def _repainting(pipeline: Any, **parts: Any) -> Any:
    """The pipeline's networks in one that repaints. Raises ValueError for a family that diffusers has none for."""
    if isinstance(pipeline, Flux2KleinPipeline):
        # AutoPipelineForInpainting does not know it, and its own from_pipe casts the shared networks to 32 bits.
        return Flux2KleinInpaintPipeline(**pipeline.components, is_distilled=pipeline.config.is_distilled)
    return AutoPipelineForInpainting.from_pipe(pipeline, **parts)


def _assemble(loaded: LoadedModel, *, with_lines: bool) -> Any:
    plan, parts = loaded.plan, {}
    dtype = dtype_for(plan, loaded.device)
    if with_lines:
        folder = locate_part(plan.card.controlnet, cache=plan.cache, offline=plan.offline)
        parts["controlnet"] = ControlNetModel.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, torch_dtype=dtype
        )
    pipeline = _repainting(loaded.pipeline, **parts)
    # Half-masked pixels are to be half repainted; the pipeline alone treats masks as binary.
    pipeline.mask_processor.register_to_config(do_binarize=False)
    pipeline.set_progress_bar_config(disable=True)
    settle(pipeline, plan, loaded.device)
    return pipeline


@contextmanager
def following(loaded: LoadedModel, pipeline: Any, reference: Reference) -> Iterator[dict[str, Any]]:
    """The call's arguments while the adapter (IP-Adapter) is in the network; it stays loaded for the next one.

    FLUX.2 [klein] needs no adapter and knows no weight. Raises EngineUnavailableError when the adapter or its encoder
    cannot be loaded.
    """
    picture = Image.fromarray(reference.pixels)
    if isinstance(pipeline, Flux2KleinInpaintPipeline):
        yield {"image_reference": picture}
        return
    try:
        adapter = _adapter(loaded, pipeline)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EngineUnavailableError(f"The reference picture cannot be followed: {error}") from error
    pipeline.register_modules(image_encoder=adapter.encoder, feature_extractor=adapter.extractor)
    adapter.followed.put_in(pipeline.unet)
    try:
        pipeline.set_ip_adapter_scale(float(reference.weight))
        with uncompiled():  # Compiled code attends to the prompt alone.
            yield {"ip_adapter_image": picture}
    finally:
        adapter.plain.put_in(pipeline.unet)


@dataclass(frozen=True, slots=True)
class Attention:
    """How a UNet attends: its processors, and what projects the embeddings of pictures, if anything does."""

    processors: dict[str, Any]
    projection: Any
    kind: str | None

    @classmethod
    def of(cls, unet: Any) -> Self:
        return cls(dict(unet.attn_processors), unet.encoder_hid_proj, unet.config.encoder_hid_dim_type)

    def put_in(self, unet: Any) -> None:
        unet.set_attn_processor(dict(self.processors))
        unet.encoder_hid_proj = self.projection
        unet.config.encoder_hid_dim_type = self.kind


@dataclass(frozen=True, slots=True)
class Adapter:
    """A loaded IP-Adapter: the network's attention with and without it, and what reads the reference."""

    plain: Attention
    followed: Attention
    encoder: Any
    extractor: Any


def _adapter(loaded: LoadedModel, pipeline: Any) -> Adapter:
    plan = loaded.plan
    if plan.card.ip_adapter is None:
        raise EngineUnavailableError(f"{plan.card.name} has no ip_adapter.")
    if "adapter" not in loaded.others:
        weights = locate_file(plan.card.ip_adapter, cache=plan.cache, offline=plan.offline)
        pipeline.register_modules(image_encoder=_encoder(loaded))
        plain = Attention.of(pipeline.unet)
        try:
            pipeline.load_ip_adapter(
                str(weights.parent),
                subfolder="",
                weight_name=weights.name,
                image_encoder_folder=None,
                local_files_only=True,
            )
            followed = Attention.of(pipeline.unet)
        finally:
            plain.put_in(pipeline.unet)
        loaded.others["adapter"] = Adapter(plain, followed, pipeline.image_encoder, pipeline.feature_extractor)
    adapter: Adapter = loaded.others["adapter"]
    return adapter


def _encoder(loaded: LoadedModel) -> Any:
    if "image_encoder" not in loaded.others:
        plan = loaded.plan
        folder = locate_part(plan.card.image_encoder, cache=plan.cache, offline=plan.offline)
        encoder = CLIPVisionModelWithProjection.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=dtype_for(plan, loaded.device)
        )
        loaded.others["image_encoder"] = encoder.eval().to(loaded.device)
    return loaded.others["image_encoder"]
