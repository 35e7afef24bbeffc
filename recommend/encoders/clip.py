"""The picture half of a CLIP (Radford et al. 2021, "Learning transferable visual models"), from safetensors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from recommend.encoders.base import PictureEncoder, Pixels
from recommend.learning.arrays import Floats


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "models" / "encoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipEncoder(PictureEncoder):
    """`folder`: a CLIP as transformers saves it (config.json, model.safetensors, preprocessor_config.json).

    Its name is the network's identity. `batch`: pictures at once; `device`: of torch. Nothing is ever downloaded.
    """

    folder: Path = field(default_factory=_folder)
    batch: int = 16
    device: str = "cpu"

    @property
    def identity(self) -> str:
        return f"clip/{Path(self.folder).name}"

    def encode(self, pictures: Sequence[Pixels]) -> Floats:
        """Rows of unit length, as CLIP compares them."""
        batches = [pictures[start : start + self.batch] for start in range(0, len(pictures), self.batch)]
        rows = np.concatenate([self._encode(batch) for batch in batches])
        unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return unit

    def _encode(self, pictures: Sequence[Pixels]) -> Floats:
        import torch

        network, prepare = _loaded(str(self.folder), self.device)
        pixels = prepare(list(pictures), return_tensors="pt", input_data_format="channels_last")["pixel_values"]
        with torch.inference_mode():
            rows: Floats = network(pixel_values=pixels.to(self.device)).image_embeds.float().cpu().numpy()
        return rows


@lru_cache(maxsize=1)
def _loaded(folder: str, device: str) -> tuple[Any, Any]:
    from transformers import CLIPImageProcessorPil, CLIPVisionModelWithProjection

    network = CLIPVisionModelWithProjection.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    prepare = CLIPImageProcessorPil.from_pretrained(folder, local_files_only=True)
    return network.eval().to(device), prepare
