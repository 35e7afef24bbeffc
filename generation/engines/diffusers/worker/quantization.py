"""Networks that compute in 8 bits, by torchao."""

from typing import Any

import torch

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.cards import LoadSpec
from generation.engines.diffusers.worker.devices import offload

FP8_CAPABILITY = (8, 9)
"""The first compute capability of NVIDIA's GPUs with 8-bit floating point (Ada, Hopper)."""
MULTIPLE = 16
"""Kernels of 8 bits need matrices whose sides are multiples of this."""


def quantize(pipeline: Any, plan: LoadSpec, device: torch.device) -> None:
    """Weights are quantized once, inputs at each call, both by rows.

    Raises EngineUnavailableError where the device, the memory or the packages do not allow it.
    """
    if not plan.quantize:
        return
    _refuse_unfit(plan, device)
    try:
        from torchao.quantization import (
            Float8DynamicActivationFloat8WeightConfig,
            Int8DynamicActivationInt8WeightConfig,
            PerRow,
            quantize_,
        )
    except ImportError as error:
        raise EngineUnavailableError(
            "torchao is not installed: run `pip install -r requirements/generation.txt`."
        ) from error
    if plan.quantize == "fp8":
        config: Any = Float8DynamicActivationFloat8WeightConfig(granularity=PerRow())
    else:
        config = Int8DynamicActivationInt8WeightConfig()
    network = getattr(pipeline, "unet", None) or pipeline.transformer
    if offload(plan, device) == "none":
        network.to(device)
    quantize_(network, config, filter_fn=_fits)


def _refuse_unfit(plan: LoadSpec, device: torch.device) -> None:
    if offload(plan, device) == "layers":
        raise EngineUnavailableError(f"{plan.quantize} needs a GPU that holds the network: it is moved layer by layer.")
    if plan.quantize == "fp8" and not (
        device.type == "cuda" and torch.cuda.get_device_capability(device) >= FP8_CAPABILITY
    ):
        raise EngineUnavailableError("fp8 needs an NVIDIA GPU of compute capability 8.9 or more; use int8 or exact.")


def _fits(module: torch.nn.Module, name: str) -> bool:
    return isinstance(module, torch.nn.Linear) and not (module.in_features % MULTIPLE or module.out_features % MULTIPLE)
