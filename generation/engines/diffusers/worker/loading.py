"""From files to the one pipeline that a process keeps loaded. Only safetensors are read."""

import gc
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

import diffusers
import torch
import transformers
from diffusers import AutoPipelineForText2Image
from safetensors.torch import load_file

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.cards import LoadSpec, Weights
from generation.engines.diffusers.hub import locate, locate_decoder, locate_file
from generation.engines.diffusers.worker.devices import clean_up, device_for, dtype_for, room_for, settle

SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "dpm++": ("DPMSolverMultistepScheduler", {}),
    "dpm++2m-karras": ("DPMSolverMultistepScheduler", {"solver_order": 2, "use_karras_sigmas": True}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler-a": ("EulerAncestralDiscreteScheduler", {}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "euler-trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "unipc": ("UniPCMultistepScheduler", {}),
}


def choose_scheduler(pipeline: Any, name: str) -> None:
    """Swap the pipeline's sampler, keeping what the model was trained with; "" keeps its own."""
    if name:
        pipeline.scheduler = scheduler_like(pipeline.scheduler, name)


def scheduler_like(known: Any, name: str) -> Any:
    """A sampler of its own state for what a model was trained with; "" is one of the known kind."""
    cls, changes = SCHEDULERS[name] if name else (type(known).__name__, {})
    return getattr(diffusers, cls).from_config(known.config, **changes)


diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.disable_progress_bar()


def load_pipeline(plan: LoadSpec, device: torch.device) -> Any:
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


def _read(plan: LoadSpec, folder: Path, dtype: torch.dtype) -> Any:
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


def _unet(plan: LoadSpec, weights: Weights, folder: Path) -> Any:
    path = locate_file(weights, cache=plan.cache, offline=plan.offline)
    unet = diffusers.UNet2DConditionModel.from_config(
        diffusers.UNet2DConditionModel.load_config(folder, subfolder="unet", local_files_only=True)
    )
    unet.load_state_dict(load_file(path))
    return unet.eval()


def _tiny_decoder(plan: LoadSpec, dtype: torch.dtype) -> Any:
    folder = locate_decoder(plan.card, cache=plan.cache, offline=plan.offline)
    return diffusers.AutoencoderTiny.from_pretrained(folder, use_safetensors=True, local_files_only=True, dtype=dtype)


def _compiled(pipeline: Any) -> Any:
    """Fuse the network that runs at every step. The first picture of a size then waits for the compiler."""
    network = getattr(pipeline, "unet", None) or pipeline.transformer
    network.compile()
    return pipeline


LOCK = RLock()
"""Held while a pipeline works: it has a scheduler's state in it and serves one call at a time."""


@dataclass(slots=True)
class LoadedModel:
    """A loaded pipeline, and what was learned of the memory that pictures take beside it."""

    plan: LoadSpec
    device: torch.device
    pipeline: Any
    ceilings: dict[tuple[int, int], int] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    """What was made of the pipeline's parts for other work, and networks that only this work needs."""

    def batch_size(self, width: int, height: int, most: int | None) -> int:
        """Pictures of this size in pixels that are made together; `most` is the site's own bound."""
        fit = room_for(self.device, dtype_for(self.plan, self.device), width, height)
        wanted = fit if most is None else most if self.device.type == "cpu" else min(fit, most)
        return min(wanted, self.ceilings.get((width, height), wanted))

    def learn(self, width: int, height: int, size: int) -> None:
        """Memory ran out above this size: do not try again what failed."""
        self.ceilings[width, height] = size


_open: list[LoadedModel] = []


def load_model(plan: LoadSpec) -> LoadedModel:
    """The loaded pipeline of a plan; another one makes room for it first. Raises EngineUnavailableError."""
    with LOCK:
        if not _open or _open[0].plan != plan:
            close()
            device = device_for(plan.device)
            _open.append(LoadedModel(plan, device, load_pipeline(plan, device)))
        return _open[0]


def is_open(plan: LoadSpec) -> bool:
    """Whether the pipeline of this plan is the loaded one."""
    return any(loaded.plan == plan for loaded in _open)


def expected_batch(plan: LoadSpec, width: int, height: int, most: int | None) -> int:
    """The batch size that is to be expected, without loading the model for the question."""
    if _open and _open[0].plan == plan:
        return _open[0].batch_size(width, height, most)
    device = device_for(plan.device)
    if device.type == "cpu":
        return most or 1
    fit = room_for(device, dtype_for(plan, device), width, height, reserved=plan.card.memory)
    return min(fit, most or fit)


def close() -> None:
    """Forget the pipeline and give its memory back."""
    with LOCK:
        _open.clear()
        gc.collect()
        clean_up()
