"""Picture encoders: networks that map pictures to vectors, run by workers only.

`Axes` reduce them to the directions in which the pictures differ most.

A wide embedding differs between pictures along some directions much more than along the others, which are mostly
noise. Weights along noise take impressions to unlearn, so the model gets the principal components whose variance stands
out from the median one (Jolliffe 2002; the rule is that of Horn's parallel analysis, simplified), at most `most`.
Components keep their spread: along wide ones a small weight makes a large difference, which the prior then expects.
"""

import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from garden.backends import build_backend, forget_on_change
from recommend.bandit.inference import Doubles, Floats

Pixels = NDArray[np.uint8]
"""RGB, height × width × 3."""


class PictureEncoder(ABC):
    """A frozen dataclass whose fields are its options. Every process makes one, only workers call `encode`.

    So making one loads nothing, and libraries are imported within `encode`.
    """

    @property
    @abstractmethod
    def identity(self) -> str:
        """Names the network. With another identity all pictures are described again."""

    @abstractmethod
    def encode(self, pictures: Sequence[Pixels]) -> Floats:
        """One row per picture, always of the same width. After any error these pictures are tried again later."""


SIDE = 224


def _networks() -> Path:
    return Path(settings.FACE_MODELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficientNetEncoder(PictureEncoder):
    """EfficientNet-Lite0, which `manage.py build_models` converted into the folder `models`; on the processor."""

    models: Path = field(default_factory=_networks)
    threads: int = 1

    name: ClassVar[str] = "efficientnet-lite0"

    @property
    def identity(self) -> str:
        return self.name

    def encode(self, pictures: Sequence[Pixels]) -> Floats:
        """Rows of unit length, for cosine similarity; one picture at a time takes the least memory and no more time."""
        from garden.faces.local.networks import Networks  # Imports OpenCV, too.

        networks = Networks(Path(self.models), self.threads)
        rows = [networks.run(self.name, ["features"], _input(picture))[0] for picture in pictures]
        return _unit(np.concatenate(rows))


def _input(picture: Pixels) -> Floats:
    """1 × SIDE × SIDE × 3, 0 … 255: the whole picture, whatever its proportions."""
    import cv2  # Settings and commands that name an encoder load no OpenCV.

    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    pixels: Floats = small[None].astype(np.float32)
    return pixels


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


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
        """Rows of unit length, for cosine similarity."""
        batches = [pictures[start : start + self.batch] for start in range(0, len(pictures), self.batch)]
        return _unit(np.concatenate([self._encode(batch) for batch in batches]))

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


SETTING = "PICTURE_ENCODER"


@lru_cache(maxsize=1)
def get_encoder() -> PictureEncoder | None:
    if not settings.PICTURE_ENCODER.get("BACKEND"):
        return None
    return build_backend(SETTING, settings.PICTURE_ENCODER, PictureEncoder)


forget_on_change(get_encoder.cache_clear, SETTING)


ENCODED = 16
"""Numbers that an encoder's embedding is reduced to."""
_STANDS_OUT = 1.5


@dataclass(frozen=True, slots=True)
class Axes:
    """A linear map of d features to e: `centre` (d), `directions` (d × e)."""

    centre: Doubles
    directions: Doubles

    @classmethod
    def of(cls, features: Floats, *, least: int = 4, most: int = ENCODED) -> Self:
        """From a sample of pictures, n × d; scaled to deviation 1 along the widest direction."""
        sample = features.astype(np.float64)
        centre = sample.mean(0)
        variances, directions = np.linalg.eigh(np.cov(sample, rowvar=False, ddof=0))
        standing_out = int((variances > _STANDS_OUT * np.median(variances)).sum())
        count = int(np.clip(standing_out, min(least, len(variances)), min(most, len(variances))))
        return cls(centre, directions[:, ::-1][:, :count] / max(np.sqrt(variances[-1]), 1e-6))

    @classmethod
    def unpack(cls, state: bytes) -> Self:
        """The inverse of `pack`."""
        with np.load(io.BytesIO(state), allow_pickle=False) as arrays:
            return cls(arrays["centre"], arrays["directions"])

    def pack(self) -> bytes:
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, centre=self.centre, directions=self.directions)
        return file.getvalue()

    @property
    def width(self) -> int:
        return int(self.directions.shape[1])

    def project(self, features: Floats) -> Floats:
        """n × d features → n × `width`, contiguous."""
        projected = (features - self.centre.astype(np.float32)) @ self.directions.astype(np.float32)
        return np.ascontiguousarray(projected, np.float32)
