"""CLIP itself. Imports torch."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import CLIPImageProcessor, CLIPModel, CLIPTokenizer

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.worker.devices import device_for


def rank(
    folder: str, device: str, pixels: NDArray[np.uint8], texts: Sequence[str], kinds: Sequence[str]
) -> list[float]:
    """The probability of each text among those of its kind, 0 … 1. Raises EngineUnavailableError."""
    if not texts:
        return []
    model, _ = _loaded(folder, device)
    said = _texts(folder, device, tuple(texts))
    with torch.no_grad():
        seen = _normal(model.get_image_features(pixel_values=_prepared(model, pixels)))
        logits = (said @ seen[0]) * model.logit_scale.exp()
    scores = np.zeros(len(texts))
    of_kind = np.array(kinds)
    for kind in dict.fromkeys(kinds):
        here = np.flatnonzero(of_kind == kind)
        scores[here] = torch.softmax(logits[here.tolist()].float(), dim=0).cpu().numpy()
    return [round(float(score), 4) for score in scores]


@lru_cache(maxsize=1)
def _loaded(folder: str, device: str) -> tuple[Any, Any]:
    try:
        model = CLIPModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
        tokenizer = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise EngineUnavailableError(f"The model of the tagger could not be loaded: {error}") from error
    return model.to(device_for(device)), tokenizer


@lru_cache(maxsize=4)
def _texts(folder: str, device: str, texts: tuple[str, ...]) -> torch.Tensor:
    """Embeddings of a vocabulary, cached."""
    model, tokenizer = _loaded(folder, device)
    tokens = tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt").to(model.device)
    with torch.no_grad():
        return _normal(model.get_text_features(**tokens))


def _prepared(model: Any, pixels: NDArray[np.uint8]) -> torch.Tensor:
    side = model.config.vision_config.image_size
    processor = CLIPImageProcessor(size={"height": side, "width": side}, do_center_crop=False)
    prepared: torch.Tensor = processor(Image.fromarray(pixels), return_tensors="pt").pixel_values
    return prepared.to(model.device, model.dtype)


def _normal(features: Any) -> torch.Tensor:
    """Normalized; newer versions of transformers return an output object with a pooled part."""
    tensor = features if isinstance(features, torch.Tensor) else features.pooler_output
    return tensor / tensor.norm(dim=-1, keepdim=True)
