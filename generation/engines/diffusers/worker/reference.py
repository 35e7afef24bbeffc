"""A picture to follow (IP-Adapter): its weights are in the network only while it is followed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import torch
from safetensors.torch import load_file
from transformers import CLIPVisionModelWithProjection

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.hub import locate_file, locate_part
from generation.engines.diffusers.worker.devices import dtype_for
from generation.engines.diffusers.worker.loading import LoadedModel
from generation.engines.inpainting import Reference

MEAN = (0.48145466, 0.4578275, 0.40821073)
SPREAD = (0.26862954, 0.26130258, 0.27577711)
_PENULTIMATE = -2


@contextmanager
def following(loaded: LoadedModel, pipeline: Any, reference: Reference, *, guided: bool) -> Iterator[dict[str, Any]]:
    """The call's arguments while the adapter is in the network, which makes pictures from prompts as before after it.

    Raises EngineUnavailableError when the adapter or its encoder cannot be loaded.
    """
    try:
        weights = _weights(loaded)
        embeddings = _embeddings(loaded, reference, weights, guided=guided)
        pipeline.load_ip_adapter(weights, subfolder="", weight_name="", image_encoder_folder=None)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EngineUnavailableError(f"The reference picture cannot be followed: {error}") from error
    try:
        pipeline.set_ip_adapter_scale(float(reference.weight))
        yield {"ip_adapter_image_embeds": [embeddings]}
    finally:
        pipeline.unload_ip_adapter()


def _weights(loaded: LoadedModel) -> dict[str, dict[str, torch.Tensor]]:
    """The adapter's two parts, read once."""
    if "ip_adapter" not in loaded.others:
        plan = loaded.plan
        if plan.card.ip_adapter is None:
            raise EngineUnavailableError(f"{plan.card.name} has no ip_adapter.")
        parts: dict[str, dict[str, torch.Tensor]] = {"image_proj": {}, "ip_adapter": {}}
        for name, tensor in load_file(
            locate_file(plan.card.ip_adapter, cache=plan.cache, offline=plan.offline)
        ).items():
            part, _, rest = name.partition(".")
            parts.setdefault(part, {})[rest] = tensor
        loaded.others["ip_adapter"] = parts
    found: dict[str, dict[str, torch.Tensor]] = loaded.others["ip_adapter"]
    return found


def _embeddings(
    loaded: LoadedModel, reference: Reference, weights: dict[str, dict[str, torch.Tensor]], *, guided: bool
) -> torch.Tensor:
    """What the encoder sees, (1 or 2, 1, …): with guidance the first one is of nothing."""
    encoder = _encoder(loaded)
    seen = _prepared(encoder, reference)
    with torch.no_grad():
        if "proj.weight" in weights["image_proj"]:
            found = encoder(seen).image_embeds
            nothing = torch.zeros_like(found)
        else:  # The finer adapters read patches, and know nothing as a black picture's.
            found = encoder(seen, output_hidden_states=True).hidden_states[_PENULTIMATE]
            black = encoder(torch.zeros_like(seen), output_hidden_states=True)
            nothing = black.hidden_states[_PENULTIMATE]
    found, nothing = found.unsqueeze(1), nothing.unsqueeze(1)
    return torch.cat([nothing, found]) if guided else found


def _encoder(loaded: LoadedModel) -> Any:
    if "image_encoder" not in loaded.others:
        plan = loaded.plan
        folder = locate_part(plan.card.image_encoder, cache=plan.cache, offline=plan.offline)
        encoder = CLIPVisionModelWithProjection.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=dtype_for(plan, loaded.device)
        )
        loaded.others["image_encoder"] = encoder.eval().to(loaded.device)
    return loaded.others["image_encoder"]


def _prepared(encoder: Any, reference: Reference) -> torch.Tensor:
    """As CLIP was trained: the shorter side fitted, the middle cut out, normalised."""
    side = encoder.config.image_size
    height, width = reference.pixels.shape[:2]
    scale = side / min(height, width)
    size = (max(side, round(width * scale)), max(side, round(height * scale)))
    fitted = cv2.resize(reference.pixels, size, interpolation=cv2.INTER_AREA)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    square = fitted[top : top + side, left : left + side].astype(np.float32) / 255
    normal = (square - np.array(MEAN, np.float32)) / np.array(SPREAD, np.float32)
    tensor = torch.from_numpy(normal.transpose(2, 0, 1)[None].copy())
    return tensor.to(encoder.device, encoder.dtype)
