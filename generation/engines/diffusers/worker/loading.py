"""From files to the one pipeline that a process keeps loaded on its device. Only safetensors are read."""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import diffusers
import torch
import transformers
from diffusers import AutoPipelineForText2Image
from safetensors.torch import load_file

from generation.engines.base import Device, EngineUnavailableError
from generation.engines.diffusers.batching import OutOfMemoryError
from generation.engines.diffusers.cards import LoadSpec, Weights
from generation.engines.diffusers.hub import locate, locate_file, locate_part


def device_for(name: str) -> torch.device:
    """`auto` is the first GPU there is, else the processor. Raises EngineUnavailableError for a device not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "mps" if _has_mps() else "cpu")
    device = torch.device(name)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise EngineUnavailableError(f"There is no {name}: torch sees {torch.cuda.device_count()} CUDA devices.")
    if device.type == "mps" and not _has_mps():
        raise EngineUnavailableError("There is no mps: torch sees no Apple GPU.")
    return device


def dtype_for(plan: LoadSpec, device: torch.device) -> torch.dtype:
    """The card's format on a GPU; processors compute in 32 bits, where 16 are many times slower."""
    if plan.dtype != "auto":
        return getattr(torch, plan.dtype)
    return torch.float32 if device.type == "cpu" else getattr(torch, plan.card.dtype)


def _has_mps() -> bool:
    return bool(torch.backends.mps.is_available())


def describe(name: str) -> Device:
    """The device's own name, and its memory in bytes where it has some of its own."""
    device = device_for(name)
    if device.type != "cuda":
        return Device(device.type)
    return Device(torch.cuda.get_device_name(device), torch.cuda.get_device_properties(device).total_memory)


Made = TypeVar("Made")
LOCK = RLock()
"""Held while a pipeline works: it has a scheduler's state in it and serves one call at a time."""
GIB = 1024**3
BYTES_PER_PIXEL = 1600
"""Working memory of one picture, a byte of number format: the decoder's last layers at full size set it."""

MOST = 16
"""Beyond this a GPU gains nothing more from a larger batch, and cancelling takes longer."""


def settle(pipeline: Any, plan: LoadSpec, device: torch.device) -> None:
    """Put the pipeline where it will run, in the memory layout that is fastest there.

    Measured: an H100 makes 288 pictures a minute of the SD 2.1 shape as they are, 250 in channels_last.
    """
    if device.type == "cpu" and getattr(pipeline, "unet", None) is not None:
        for part in (pipeline.unet, pipeline.vae):
            part.to(memory_format=torch.channels_last)
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    if device.type == "mps":
        pipeline.enable_attention_slicing()
    _place(pipeline, _offload(plan, device), device)


def _place(pipeline: Any, offload: str, device: torch.device) -> None:
    if offload == "none":
        pipeline.to(device)
        return
    pipeline.vae.enable_slicing()
    if offload == "model":
        pipeline.enable_model_cpu_offload(device=device)
    else:
        pipeline.enable_sequential_cpu_offload(device=device)


def _offload(plan: LoadSpec, device: torch.device) -> str:
    """All on the GPU if it fits; else the part at work; else the layer at work."""
    if device.type != "cuda":
        return "none"
    if plan.offload != "auto":
        return plan.offload
    total = torch.cuda.get_device_properties(device).total_memory / GIB
    if total >= plan.card.memory:
        return "none"
    return "model" if total >= plan.card.memory / 2 else "layers"


def room_for(device: torch.device, dtype: torch.dtype, width: int, height: int, reserved: float = 0) -> int:
    """How many pictures of this size fit at once; `reserved` GiB are in use. One on processors."""
    if device.type != "cuda":
        return 1
    free: int = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    free -= torch.cuda.memory_allocated(device) + int(reserved * GIB)
    picture: int = width * height * BYTES_PER_PIXEL * dtype.itemsize
    return max(1, min(MOST, free // picture))


def ran_out(error: BaseException) -> bool:
    """Whether memory ran out: torch has an exception class for GPUs, and only a message elsewhere."""
    words = ("out of memory", "can't allocate memory")
    return isinstance(error, torch.OutOfMemoryError) or any(word in str(error) for word in words)


def clean_up() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def within_memory(call: Callable[[], Made]) -> Made:
    """The pipeline's output; one call at a time. Raises OutOfMemoryError, and is usable afterwards."""
    with LOCK:
        try:
            return call()
        except RuntimeError as error:
            if not ran_out(error):
                raise
        # Only here are the failed call's tensors gone with its traceback, so only here can their memory be given back.
        clean_up()
    raise OutOfMemoryError("The pictures of this call do not fit.")


def hear_steps(
    on_share: Callable[[float], None], on_latents: Callable[[Any], None] = lambda latents: None
) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    """A pipeline's `callback_on_step_end` that reports the latents, and the share that is done.

    Decoding counts as one step more.
    """

    def on_step_end(pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        on_share(min(1.0, (step + 1) / (pipe.num_timesteps + 1)))
        on_latents(tensors["latents"])
        return tensors

    return on_step_end


SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "dpm++": ("DPMSolverMultistepScheduler", {}),
    "dpm++2m-karras": ("DPMSolverMultistepScheduler", {"solver_order": 2, "use_karras_sigmas": True}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler-a": ("EulerAncestralDiscreteScheduler", {}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "euler-trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "lcm": ("LCMScheduler", {}),
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
        _add_loras(pipeline, plan)
        choose_scheduler(pipeline, plan.card.scheduler)
        settle(pipeline, plan, device)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
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


def _add_loras(pipeline: Any, plan: LoadSpec) -> None:
    """Fused into the model's own weights. Raises ValueError for one of another family of models."""
    for place, lora in enumerate(plan.card.lora):
        path = locate_file(lora, cache=plan.cache, offline=plan.offline)
        name = f"lora{place}"
        pipeline.load_lora_weights(
            str(path.parent), weight_name=path.name, adapter_name=name, use_safetensors=True, local_files_only=True
        )
        if not any(name in adapters for adapters in pipeline.get_list_adapters().values()):
            raise ValueError(f"{path.name} has no weights for a {type(pipeline).__name__}")
        pipeline.fuse_lora(adapter_names=[name], lora_scale=lora.weight)
        pipeline.unload_lora_weights()


def _tiny_decoder(plan: LoadSpec, dtype: torch.dtype) -> Any:
    folder = locate_part(plan.card.tiny_decoder, cache=plan.cache, offline=plan.offline)
    return diffusers.AutoencoderTiny.from_pretrained(folder, use_safetensors=True, local_files_only=True, dtype=dtype)


def preview_decoder(loaded: "LoadedModel") -> Any:
    """What decodes unfinished latents in a tenth of the time; None for a model without a tiny decoder."""
    plan, pipeline = loaded.plan, loaded.pipeline
    if not plan.card.tiny_decoder:
        return None
    if plan.tiny_decoder:
        return pipeline.vae
    if "preview" not in loaded.others:
        loaded.others["preview"] = _tiny_decoder(plan, pipeline.vae.dtype).to(loaded.device)
    return loaded.others["preview"]


def _compiled(pipeline: Any) -> Any:
    """Fuse the network that runs at every step. The first picture of a size then waits for the compiler."""
    network = getattr(pipeline, "unet", None) or pipeline.transformer
    network.compile()
    return pipeline


@dataclass(slots=True)
class LoadedModel:
    """A loaded pipeline, and the measured memory of its pictures."""

    plan: LoadSpec
    device: torch.device
    pipeline: Any
    ceilings: dict[tuple[int, int], int] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    """What was made of the pipeline's parts for other work, and networks that only this work needs."""

    def batch_size(self, width: int, height: int, most: int | None) -> int:
        """Pictures of this size in pixels that are made together; `most` is the site's own bound."""
        fit = room_for(self.device, dtype_for(self.plan, self.device), width, height)
        size = fit if most is None else most if self.device.type == "cpu" else min(fit, most)
        return min(size, self.ceilings.get((width, height), size))

    def learn(self, width: int, height: int, size: int) -> None:
        """Memory ran out above this size, which is not tried again."""
        self.ceilings[width, height] = size


_open: list[LoadedModel] = []


def load_model(plan: LoadSpec) -> LoadedModel:
    """The loaded pipeline of a spec; another one is unloaded first. Raises EngineUnavailableError."""
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
    """The expected batch size, without loading the model."""
    if _open and _open[0].plan == plan:
        return _open[0].batch_size(width, height, most)
    device = device_for(plan.device)
    if device.type == "cpu":
        return most or 1
    fit = room_for(device, dtype_for(plan, device), width, height, reserved=plan.card.memory)
    return min(fit, most or fit)


def close() -> None:
    """Unload the pipeline and free its memory."""
    with LOCK:
        _open.clear()
        gc.collect()
        clean_up()
