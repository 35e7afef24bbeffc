"""Devices, number formats, and the memory that a pipeline and its pictures take."""

from typing import Any

import torch

from generation.engines.base import Device, EngineUnavailableError
from generation.engines.diffusers.cards import LoadSpec


def device_for(wanted: str) -> torch.device:
    """`auto` is the first GPU there is, else the processor. Raises EngineUnavailableError for a device not there."""
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "mps" if _has_mps() else "cpu")
    device = torch.device(wanted)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise EngineUnavailableError(f"There is no {wanted}: torch sees {torch.cuda.device_count()} CUDA devices.")
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


def describe(wanted: str) -> Device:
    """The device's own name, and its memory in bytes where it has some of its own."""
    device = device_for(wanted)
    if device.type != "cuda":
        return Device(device.type)
    return Device(torch.cuda.get_device_name(device), torch.cuda.get_device_properties(device).total_memory)


GIB = 1024**3
BYTES_PER_PIXEL = 1600
"""Working memory of one picture, a byte of number format: the decoder's last layers at full size set it."""

MOST = 16
"""Beyond this a GPU gains nothing more from a larger batch, and cancelling takes longer."""


def settle(pipeline: Any, plan: LoadSpec, device: torch.device) -> None:
    """Put the pipeline where it will run, laid out as that device likes it."""
    for part in (getattr(pipeline, "unet", None), getattr(pipeline, "vae", None)):
        if part is not None:
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
    """How many pictures of this size fit at once; `reserved` GiB are spoken for. Processors gain nothing: one."""
    if device.type != "cuda":
        return 1
    free: int = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    free -= torch.cuda.memory_allocated(device) + int(reserved * GIB)
    picture: int = width * height * BYTES_PER_PIXEL * dtype.itemsize
    return max(1, min(MOST, free // picture))


def ran_out(error: BaseException) -> bool:
    """Whether an error says that memory ran out: torch has a class for GPUs and only words elsewhere."""
    words = ("out of memory", "can't allocate memory")
    return isinstance(error, torch.OutOfMemoryError) or any(said in str(error) for said in words)


def clean_up() -> None:
    """Give freed memory back to the device."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
