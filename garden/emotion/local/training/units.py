"""What a face does, measured on its mesh after action units (FACS): tried beside the networks, for the model card."""

import numpy as np

from garden.emotion.local.landmarks import (
    INNER_LIP_BOTTOM,
    INNER_LIP_TOP,
    LEFT_BROW_INNER,
    LEFT_BROW_TOP,
    LEFT_EYE_BOTTOM,
    LEFT_EYE_OUTER,
    LEFT_EYE_TOP,
    LIP_CORNER_LEFT,
    LIP_CORNER_RIGHT,
    RIGHT_BROW_INNER,
    RIGHT_BROW_TOP,
    RIGHT_EYE_BOTTOM,
    RIGHT_EYE_OUTER,
    RIGHT_EYE_TOP,
)
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.networks import Tensor

NOSE_TIP, NOSE_BRIDGE, NOSE_BASE, NOSTRIL_RIGHT, NOSTRIL_LEFT = 1, 168, 2, 129, 358
FOREHEAD, CHIN, UPPER_LIP, LOWER_LIP = 10, 152, 0, 17


def action_units(mesh: Mesh) -> Tensor:
    """Twelve lengths in eye spans, with the head turned straight."""
    straight = mesh.points @ _axes(mesh)

    def down(one: int, other: int) -> float:
        return float(straight[other, 1] - straight[one, 1])

    def across(one: int, other: int) -> float:
        return mesh.distance(one, other)

    lengths = [
        (down(RIGHT_BROW_TOP, RIGHT_EYE_TOP) + down(LEFT_BROW_TOP, LEFT_EYE_TOP)) / 2,  # brows raised: 2
        (down(RIGHT_BROW_INNER, RIGHT_EYE_TOP) + down(LEFT_BROW_INNER, LEFT_EYE_TOP)) / 2,  # their inner ends: 1
        across(RIGHT_BROW_INNER, LEFT_BROW_INNER),  # drawn together: 4
        (across(RIGHT_EYE_TOP, RIGHT_EYE_BOTTOM) + across(LEFT_EYE_TOP, LEFT_EYE_BOTTOM)) / 2,  # lids: 5, 7
        across(LIP_CORNER_RIGHT, LIP_CORNER_LEFT),  # lips stretched: 20
        (down(LIP_CORNER_RIGHT, INNER_LIP_TOP) + down(LIP_CORNER_LEFT, INNER_LIP_TOP)) / 2,  # corners pulled: 12, 15
        across(INNER_LIP_TOP, INNER_LIP_BOTTOM),  # lips apart: 25
        across(UPPER_LIP, LOWER_LIP),  # mouth open: 26
        down(NOSE_TIP, CHIN),  # jaw dropped: 27
        down(NOSE_BRIDGE, NOSE_TIP),  # nose wrinkled: 9
        down(NOSE_BASE, UPPER_LIP),  # upper lip raised: 10
        across(NOSTRIL_RIGHT, NOSTRIL_LEFT),  # nostrils wide: 38
    ]
    return np.array(lengths) / max(mesh.eye_span, 1e-6)


def _axes(mesh: Mesh) -> Tensor:
    """The face's own right, down and back, as columns."""
    right = mesh.points[LEFT_EYE_OUTER] - mesh.points[RIGHT_EYE_OUTER]
    right = right / max(float(np.linalg.norm(right)), 1e-6)
    down = mesh.points[CHIN] - mesh.points[FOREHEAD]
    down = down - right * float(down @ right)
    down = down / max(float(np.linalg.norm(down)), 1e-6)
    return np.stack([right, down, np.cross(right, down)], axis=1)
