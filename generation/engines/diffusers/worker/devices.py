"""Which device and which number format a model runs with."""

import torch

from generation.engines.base import Device, EngineUnavailableError
from generation.engines.diffusers.plan import Plan


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


def dtype_for(plan: Plan, device: torch.device) -> torch.dtype:
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
