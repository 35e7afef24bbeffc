"""A site's own expression network: an ONNX file in a folder, with a card (`card.toml`) that says how it is fed.

What it says is fused with the other networks by numbers that `python -m tools.faces train` writes beside it.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from garden.faces.base import AnalyzerUnavailableError
from garden.faces.local.networks import Networks, Tensor, softmax
from garden.faces.local.portrait import Portrait

CARD, CALIBRATION = "card.toml", "calibration.npz"
LAYOUTS, CHANNELS = ("NHWC", "NCHW"), ("RGB", "BGR", "grey")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNetwork:
    """`classes` in the order of its logits. A picture of `side` × `side` shows `crop` times the face's frame; its
    channels are 0 … 1, less `mean`, divided by `deviation`."""

    folder: Path
    name: str
    licence: str
    classes: tuple[str, ...]
    side: int
    crop: float = 1.2
    channels: str = "RGB"
    layout: str = "NCHW"
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)

    def features(self, portrait: Portrait, threads: int = 1) -> Tensor:
        """Its mean logits of the face and of its mirror image, and their probabilities."""
        picture = self._picture(portrait)
        batch = np.stack([picture, picture[:, ::-1]])
        session = Networks(self.folder, threads).session(self.name)
        batch = batch.transpose(0, 3, 1, 2) if self.layout == "NCHW" else batch
        outputs: Any = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(batch, np.float32)})
        logits = np.asarray(outputs[0]).reshape(2, -1).mean(axis=0)
        if len(logits) != len(self.classes):
            raise AnalyzerUnavailableError(
                f"{self.name}.onnx has {len(logits)} outputs, but its card names {len(self.classes)} classes.",
                model=self.name,
            )
        return np.concatenate([logits, softmax(logits)]).astype(np.float32)

    def _picture(self, portrait: Portrait) -> Tensor:
        picture = portrait.tensor(self.crop, self.side) / 255
        if self.channels == "grey":
            picture = picture @ np.array([[0.299], [0.587], [0.114]], np.float32)
        elif self.channels == "BGR":
            picture = picture[..., ::-1]
        return np.asarray((picture - np.array(self.mean)) / np.array(self.deviation), np.float32)


@lru_cache(maxsize=4)
def read_own_network(folder: Path) -> OwnNetwork:
    """What the folder's card says. Raises AnalyzerUnavailableError."""
    try:
        card = tomllib.loads((folder / CARD).read_text(encoding="utf-8"))
        lists = {name: tuple(value) for name, value in card.items() if isinstance(value, list)}
        own = OwnNetwork(folder=folder, **card | lists)
    except (OSError, ValueError, TypeError) as error:
        raise AnalyzerUnavailableError(f"{folder / CARD} cannot be used: {error}", model=CARD) from error
    if own.channels not in CHANNELS or own.layout not in LAYOUTS:
        known = f"channels are {', '.join(CHANNELS)}, layouts {', '.join(LAYOUTS)}"
        raise AnalyzerUnavailableError(f"{folder / CARD} cannot be used: {known}.", model=CARD)
    return own
