"""The numbers of the quality gate, kept beside the code in `gate.npz` (see `garden.emotion.local.training.gate`)."""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from garden.emotion.local.calibration import LinearModel
from garden.emotion.quality import Limits

FILE = Path(__file__).with_name("gate.npz")
CHOSEN = {"least_sharpness": 0.29, "most_sharpness": 0.62, "brightest": 0.85, "most_roll": 40.0}
"""In place of the trained limits, set from `python -m benchmarks.face_quality`: together they refuse at most 2 % of the
good photographs that the trained ones let through."""

PARTS = ("mean", "scale", "weights", "bias")


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """`covered`: 1024 features of faceres → the logit of something hiding a part of the face."""

    covered: LinearModel
    limits: Limits


@lru_cache(maxsize=1)
def gate() -> Gate:
    with np.load(FILE) as numbers:
        covered = LinearModel(**{part: numbers[f"covered_{part}"].astype(np.float32) for part in PARTS})
        limits = {field.name: float(numbers[field.name]) for field in fields(Limits) if field.name in numbers}
        return Gate(covered, Limits(**limits | CHOSEN))  # type: ignore[arg-type]
