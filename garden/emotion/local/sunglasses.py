"""Sunglasses, measured: what lies just under the eyes, where a lens covers skin, is far darker than the cheeks."""

import cv2
import numpy as np

from garden.emotion.base import Attribute
from garden.emotion.local.attribute import attribute
from garden.emotion.local.landmarks import LEFT_CHEEK, RIGHT_CHEEK, UNDER_LEFT_EYE, UNDER_RIGHT_EYE
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.portrait import Portrait

DARK, STEP = -0.5, 0.12
"""Logarithm of the darkness at which a reading is undecided, and the step that makes it e times as likely."""

SHADOW = 4.0
"""Added to both brightnesses (0 … 255), so that a face in the dark is not read from its noise."""


def read_sunglasses(portrait: Portrait, mesh: Mesh) -> Attribute:
    return attribute((DARK - lens_darkness(portrait, mesh)) / STEP)


def lens_darkness(portrait: Portrait, mesh: Mesh) -> float:
    """Logarithm of the brightness under the eyes by that of the cheeks: about 0 for bare skin. The brighter side
    counts: light from one side is no lens."""
    grey = cv2.cvtColor(portrait.pixels, cv2.COLOR_RGB2GRAY)
    points = portrait.to_pixels(mesh.flat)
    sides = ((UNDER_RIGHT_EYE, RIGHT_CHEEK), (UNDER_LEFT_EYE, LEFT_CHEEK))
    return max(
        _log_brightness(grey, points[list(under)]) - _log_brightness(grey, points[list(cheek)])
        for under, cheek in sides
    )


def _log_brightness(grey: np.ndarray, corners: np.ndarray) -> float:
    mask = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(corners.round().astype(np.int32)), 1)
    inside = grey[mask > 0]
    return float(np.log(np.median(inside) + SHADOW)) if inside.size else 0.0
