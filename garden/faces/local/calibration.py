"""The trained numbers, beside the code in `calibration.npz` and `quality.npz` (made by `python -m tools.faces`)."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from garden.faces.base import Attribute
from garden.faces.local.networks import Tensor
from garden.faces.quality import Limits

FILE = Path(__file__).with_name("calibration.npz")
QUALITY_FILE = Path(__file__).with_name("quality.npz")
CHOSEN_LIMITS = {
    "least_sharpness": 0.29,
    "most_sharpness": 0.62,
    "brightest": 0.85,
    "most_glare": 0.025,
    "most_roll": 40.0,
}
"""In place of the trained limits, set from `python -m benchmarks.face_quality`: together they refuse at most 2 % of the
good photographs that the trained ones let through."""

PARTS = ("mean", "scale", "weights", "bias")


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
    networks say (28 numbers), `looks` of faceres' features (1024), and perhaps `own` of what a site's own network says.
    The temperature is already in their weights."""

    networks: LinearModel
    looks: LinearModel
    own: LinearModel | None = None

    def logits(self, evidence: Tensor, looks: Tensor, own: Tensor | None = None) -> Tensor:
        """… × 28, … × 1024 and what `own` takes → … × 5."""
        logits = self.networks.logits(evidence) + self.looks.logits(looks)
        return np.asarray(logits if self.own is None or own is None else logits + self.own.logits(own), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """`smile`: 4 → 1. `appearance`: 1024 features of faceres → eyeglasses, beard, mustache, sunglasses.
    `age_width`: how much wider than faceres is unsure an age range has to be to hold four ages of five."""

    emotions: Fusion
    smile: LinearModel
    appearance: LinearModel
    age_width: float


@lru_cache(maxsize=2)
def calibration(file: Path = FILE) -> Calibration:
    """Raises OSError where there is no such file."""
    with np.load(file) as numbers:
        own = _model(numbers, "own") if "own_bias" in numbers else None
        emotions = Fusion(_model(numbers, "networks"), _model(numbers, "looks"), own)
        smile, appearance = _model(numbers, "smile"), _model(numbers, "appearance")
        return Calibration(emotions, smile, appearance, float(numbers["age_width"]))


def _model(numbers: "np.lib.npyio.NpzFile", name: str) -> LinearModel:
    return LinearModel(**{part: numbers[f"{name}_{part}"].astype(np.float32) for part in PARTS})


@dataclass(frozen=True, slots=True, eq=False)
class QualityModel:
    """`covered`: 1024 features of faceres → the logit of something hiding a part of the face."""

    covered: LinearModel
    limits: Limits


@lru_cache(maxsize=1)
def quality_model() -> QualityModel:
    with np.load(QUALITY_FILE) as numbers:
        limits = {field.name: float(numbers[field.name]) for field in fields(Limits) if field.name in numbers}
        return QualityModel(_model(numbers, "covered"), Limits(**limits | CHOSEN_LIMITS))  # type: ignore[arg-type]


def sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def attribute(logit: float) -> Attribute:
    """Yes above 0; the confidence is the probability of the answer, 0.5 … 1."""
    probability = sigmoid(logit)
    return Attribute(value=logit > 0, confidence=max(probability, 1 - probability))
