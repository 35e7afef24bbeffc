"""From files to a pipeline. Only safetensors are read; what is wrong is said with what to do about it."""

from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers import AutoPipelineForText2Image
from safetensors.torch import load_file

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.cards import Weights
from generation.engines.diffusers.hub import locate, locate_decoder, locate_file
from generation.engines.diffusers.plan import Plan
from generation.engines.diffusers.worker.devices import dtype_for
from generation.engines.diffusers.worker.memory import settle
from generation.engines.diffusers.worker.schedulers import choose_scheduler

diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.disable_progress_bar()


def load_pipeline(plan: Plan, device: torch.device) -> Any:
    """A pipeline on its device. Raises EngineUnavailableError when the files or the memory do not suffice."""
    folder = locate(plan.card, cache=plan.cache, offline=plan.offline)
    dtype = dtype_for(plan, device)
    try:
        pipeline = _read(plan, folder, dtype)
        choose_scheduler(pipeline, plan.card.scheduler)
        settle(pipeline, plan, device)
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineUnavailableError(f"Model {plan.card.name} could not be loaded: {error}") from error
    pipeline.set_progress_bar_config(disable=True)
    return _compiled(pipeline) if plan.compile else pipeline


def _read(plan: Plan, folder: Path, dtype: torch.dtype) -> Any:
    parts: dict[str, Any] = {}
    if plan.card.unet:
        parts["unet"] = _unet(plan, plan.card.unet, folder).to(dtype)
    if plan.tiny_decoder and plan.card.tiny_decoder:
        parts["vae"] = _tiny_decoder(plan, dtype)
    return AutoPipelineForText2Image.from_pretrained(
        folder,
        use_safetensors=True,
        local_files_only=True,
        variant=plan.card.variant or None,
        dtype=dtype,
        **parts,
    )


def _unet(plan: Plan, weights: Weights, folder: Path) -> Any:
    path = locate_file(weights, cache=plan.cache, offline=plan.offline)
    unet = diffusers.UNet2DConditionModel.from_config(
        diffusers.UNet2DConditionModel.load_config(folder, subfolder="unet", local_files_only=True)
    )
    unet.load_state_dict(load_file(path))
    return unet.eval()


def _tiny_decoder(plan: Plan, dtype: torch.dtype) -> Any:
    folder = locate_decoder(plan.card, cache=plan.cache, offline=plan.offline)
    return diffusers.AutoencoderTiny.from_pretrained(folder, use_safetensors=True, local_files_only=True, dtype=dtype)


def _compiled(pipeline: Any) -> Any:
    """Fuse the network that runs at every step. The first picture of a size then waits for the compiler."""
    network = getattr(pipeline, "unet", None) or pipeline.transformer
    network.compile()
    return pipeline
