"""Devices: which one, its number format and memory, and how a pipeline is put on it."""

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar

import torch

from generation.engines.base import Device, EngineUnavailableError
from generation.engines.diffusers.batching import OutOfMemoryError
from generation.engines.diffusers.cards import LoadSpec


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
    """Put the pipeline where it will run."""
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    if device.type == "mps":
        pipeline.enable_attention_slicing()
    _place(pipeline, offload(plan, device), device)


def channels_last_by_default(device: torch.device) -> bool:
    """Where nothing was measured. An H100 makes 288 pictures a minute of the SD 2.1 shape without, 250 with it."""
    return bool(device.type == "cpu")


def set_channels_last(pipeline: Any, channels_last: bool) -> None:
    """The memory layout of a model of convolutions; which one is faster depends on the device."""
    if getattr(pipeline, "unet", None) is not None:
        for part in (pipeline.unet, pipeline.vae):
            part.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)


def _place(pipeline: Any, where: str, device: torch.device) -> None:
    if where == "none":
        pipeline.to(device)
        return
    pipeline.vae.enable_slicing()
    if where == "model":
        pipeline.enable_model_cpu_offload(device=device)
    else:
        pipeline.enable_sequential_cpu_offload(device=device)


def offload(plan: LoadSpec, device: torch.device) -> str:
    """All on the GPU if it fits; else the part at work; else the layer at work."""
    if device.type != "cuda":
        return "none"
    if plan.offload != "auto":
        return plan.offload
    total = torch.cuda.get_device_properties(device).total_memory / GIB
    if total >= plan.card.memory:
        return "none"
    return "model" if total >= plan.card.memory / 2 else "layers"


def free_bytes(device: torch.device) -> int:
    """What a GPU has left, with what torch holds back for itself."""
    free: int = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    free -= torch.cuda.memory_allocated(device)
    return free


def room_for(
    device: torch.device, dtype: torch.dtype, width: int, height: int, *, picture_bytes: int = 0, reserved: float = 0
) -> int:
    """How many pictures of this size fit at once; `reserved` GiB are in use. One on processors.

    `picture_bytes` is what one more picture takes where that was measured.
    """
    if device.type != "cuda":
        return 1
    free = free_bytes(device) - int(reserved * GIB)
    picture = picture_bytes or width * height * BYTES_PER_PIXEL * dtype.itemsize
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
