"""CONFUSED, which no open network knows: read from how undecided the other seven are, and from the brows.

Its share is `MOST · doubt · (UNMOVED + (1 - UNMOVED) · brows)`, taken from the seven in proportion:

- doubt: the entropy of the seven, as a part of its maximum ln 7; 0 up to CLEAR, 1 from LOST on;
- brows: 0 … 1, the larger of how drawn together they are and how unequally they are raised.

So a clear reading is never touched, and without the brows' word doubt alone takes at most MOST · UNMOVED.
"""

import math
from collections.abc import Mapping

from garden.emotion.local.landmarks import (
    LEFT_BROW_INNER,
    LEFT_BROW_TOP,
    LEFT_EYE_TOP,
    RIGHT_BROW_INNER,
    RIGHT_BROW_TOP,
    RIGHT_EYE_TOP,
)
from garden.emotion.local.mesh import Mesh
from garden.vocabulary import Emotion

MOST = 0.45
UNMOVED = 0.3
CLEAR, LOST = 0.6, 0.9

GAP_RELAXED, GAP_DRAWN = 0.285, 0.255
TILT_USUAL, TILT_RAISED = 0.01, 0.03
"""In eye spans: the median and the outermost twentieth of the labelled photographs."""


def with_confusion(seven: Mapping[Emotion, float], mesh: Mesh) -> dict[Emotion, float]:
    """All eight, summing to 1."""
    confused = MOST * doubt(seven) * (UNMOVED + (1 - UNMOVED) * brows(mesh))
    rest = 1 - confused
    return {emotion: confused if emotion is Emotion.CONFUSED else seven[emotion] * rest for emotion in Emotion}


def doubt(seven: Mapping[Emotion, float]) -> float:
    """How undecided a distribution is, 0 … 1."""
    entropy = -sum(share * math.log(share) for share in seven.values() if share > 0)
    return _between(entropy / math.log(len(seven)), CLEAR, LOST)


def brows(mesh: Mesh) -> float:
    """How puzzled the brows look, 0 … 1."""
    gap = mesh.distance(RIGHT_BROW_INNER, LEFT_BROW_INNER) / mesh.eye_span
    return max(_between(gap, GAP_RELAXED, GAP_DRAWN), _between(_tilt(mesh), TILT_USUAL, TILT_RAISED))


def _tilt(mesh: Mesh) -> float:
    right = mesh.points[RIGHT_EYE_TOP, 1] - mesh.points[RIGHT_BROW_TOP, 1]
    left = mesh.points[LEFT_EYE_TOP, 1] - mesh.points[LEFT_BROW_TOP, 1]
    return abs(float(right - left)) / mesh.eye_span


def _between(value: float, zero: float, one: float) -> float:
    return min(1.0, max(0.0, (value - zero) / (one - zero)))
