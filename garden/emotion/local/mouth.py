"""Smile and open mouth, from the mesh and, for the smile, from what both emotion networks call happy."""

import numpy as np

from garden.emotion.base import Attribute
from garden.emotion.local.attribute import attribute
from garden.emotion.local.calibration import Calibration, calibration
from garden.emotion.local.emotions import Evidence
from garden.emotion.local.landmarks import (
    INNER_LIP_BOTTOM,
    INNER_LIP_LEFT,
    INNER_LIP_RIGHT,
    INNER_LIP_TOP,
    LIP_CORNER_LEFT,
    LIP_CORNER_RIGHT,
)
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.networks import Tensor

EMOTION_HAPPY, EXPRESSION_HAPPY = 3, 1
HALF_OPEN, STEP = 0.13, 0.038
"""Height by width of a mouth that is neither open nor closed, and the step that makes a reading e times as likely:
from 133 photographs labelled by eye."""


def smile_features(mesh: Mesh, evidence: Evidence) -> Tensor:
    """How far the lip corners are lifted and apart (in eye spans), and both networks' logits of happy."""
    corners = mesh.points[[LIP_CORNER_RIGHT, LIP_CORNER_LEFT], 1].mean()
    middle = mesh.points[[INNER_LIP_TOP, INNER_LIP_BOTTOM], 1].mean()
    lift = (middle - corners) / mesh.eye_span
    width = mesh.distance(LIP_CORNER_RIGHT, LIP_CORNER_LEFT) / mesh.eye_span
    return np.array(
        [lift, width, _margin(evidence.emotion, EMOTION_HAPPY), _margin(evidence.expression, EXPRESSION_HAPPY)]
    )


def _margin(logits: Tensor, index: int) -> float:
    """A class's logit over that of the strongest other class."""
    return float(logits[index] - np.delete(logits, index).max())


def read_smile(features: Tensor, numbers: Calibration | None = None) -> Attribute:
    """Of `smile_features`."""
    (logit,) = (numbers or calibration()).smile.logits(features)
    return attribute(float(logit))


def read_mouth_open(mesh: Mesh) -> Attribute:
    height = mesh.distance(INNER_LIP_TOP, INNER_LIP_BOTTOM)
    width = max(mesh.distance(INNER_LIP_RIGHT, INNER_LIP_LEFT), 1e-6)
    return attribute((height / width - HALF_OPEN) / STEP)
