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
class Calibration:
    """`emotions`: 28 features → angry, happy, sad, surprised, calm. `smile`: 4 → 1.
    `appearance`: 1024 features of faceres → eyeglasses, beard, mustache, sunglasses."""

    emotions: LinearModel
    smile: LinearModel
    appearance: LinearModel


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    with np.load(FILE) as numbers:
        return Calibration(**{name: _model(numbers, name) for name in ("emotions", "smile", "appearance")})


def _model(numbers: "np.lib.npyio.NpzFile", name: str) -> LinearModel:
    parts = {part: numbers[f"{name}_{part}"].astype(np.float32) for part in ("mean", "scale", "weights", "bias")}
    return LinearModel(**parts)


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
