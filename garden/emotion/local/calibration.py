"""The few trained numbers, kept beside the code in `calibration.npz` (made by `garden.emotion.local.training`)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from garden.emotion.local.networks import Tensor

FILE = Path(__file__).with_name("calibration.npz")


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Standardise, clip, multiply, add: `inputs` numbers in, `outputs` logits out."""

    mean: Tensor
    scale: Tensor
    weights: Tensor
    bias: Tensor

    def logits(self, features: Tensor) -> Tensor:
        """… × inputs → … × outputs."""
        return np.asarray(self.standardised(features) @ self.weights + self.bias, np.float32)

    def standardised(self, features: Tensor) -> Tensor:
        """Clipped, so that a strange photo cannot push a reading further than the training photographs did."""
        return np.clip((features - self.mean) / self.scale, -4, 4)


@dataclass(frozen=True, slots=True, eq=False)
class Fusion:
    """Two models whose logits of angry, happy, sad, surprised and calm are added: `networks` of what the emotion
    networks say (28 numbers), `looks` of faceres' features (1024). The temperatures are already in their weights."""

    networks: LinearModel
    looks: LinearModel

    def logits(self, evidence: Tensor, looks: Tensor) -> Tensor:
        """… × 28 and … × 1024 → … × 5."""
        return np.asarray(self.networks.logits(evidence) + self.looks.logits(looks), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """`smile`: 4 → 1. `appearance`: 1024 features of faceres → eyeglasses, beard, mustache, sunglasses.
    `age_width`: how much wider than faceres is unsure an age range has to be to hold four ages of five."""

    emotions: Fusion
    smile: LinearModel
    appearance: LinearModel
    age_width: float


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    with np.load(FILE) as numbers:
        emotions = Fusion(_model(numbers, "networks"), _model(numbers, "looks"))
        smile, appearance = _model(numbers, "smile"), _model(numbers, "appearance")
        return Calibration(emotions, smile, appearance, float(numbers["age_width"]))


def _model(numbers: "np.lib.npyio.NpzFile", name: str) -> LinearModel:
    parts = {part: numbers[f"{name}_{part}"].astype(np.float32) for part in ("mean", "scale", "weights", "bias")}
    return LinearModel(**parts)


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
