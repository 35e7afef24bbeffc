"""Fitting a pipeline onto a device, and pictures beside it."""

from typing import Any

import torch

from generation.engines.diffusers.plan import Plan

GIB = 1024**3
BYTES_PER_PIXEL = 1600
"""Working memory of one picture, a byte of number format: the decoder's last layers at full size set it."""

MOST = 16
"""Beyond this a GPU gains nothing more from a larger batch, and cancelling takes longer."""


def settle(pipeline: Any, plan: Plan, device: torch.device) -> None:
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


def _offload(plan: Plan, device: torch.device) -> str:
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
