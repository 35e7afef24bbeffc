"""Are the eyes open? From the mesh when they are wide open; else from the iris network, which draws lids far better."""

import cv2
import numpy as np

from garden.emotion.base import Attribute
from garden.emotion.local.attribute import attribute
from garden.emotion.local.landmarks import (
    LEFT_EYE_BOTTOM,
    LEFT_EYE_INNER,
    LEFT_EYE_OUTER,
    LEFT_EYE_TOP,
    RIGHT_EYE_BOTTOM,
    RIGHT_EYE_INNER,
    RIGHT_EYE_OUTER,
    RIGHT_EYE_TOP,
)
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Portrait

SIDE = 64
REACH = 2.3
"""A crop's side, in eye widths."""

CORNERS = (0, 8)
LIDS = ((11, 3), (12, 4), (13, 5))
"""Points of the network's eye contour: the corners, and pairs of upper and lower lid."""

_RIGHT, _LEFT = (RIGHT_EYE_OUTER, RIGHT_EYE_INNER), (LEFT_EYE_INNER, LEFT_EYE_OUTER)

WIDE_OPEN = 0.34
"""From this opening on the mesh is believed."""

HALF_OPEN, STEP = 0.2, 0.016
"""Height by width of an eye that is neither open nor closed, and the step that makes a reading e times as likely:
from 213 photographs labelled by eye, 11 of them with closed eyes."""


def read_eyes_open(networks: Networks, portrait: Portrait, mesh: Mesh) -> Attribute:
    opening = mesh_aperture(mesh)
    if opening < WIDE_OPEN:
        opening = aperture(networks, portrait, mesh)
    return attribute((opening - HALF_OPEN) / STEP)


def mesh_aperture(mesh: Mesh) -> float:
    """Height by width of the eyes' opening as the mesh sees it: too large when they are closed, by up to 0.2."""
    right = mesh.distance(RIGHT_EYE_TOP, RIGHT_EYE_BOTTOM) / max(mesh.distance(*_RIGHT), 1e-6)
    left = mesh.distance(LEFT_EYE_TOP, LEFT_EYE_BOTTOM) / max(mesh.distance(*_LEFT), 1e-6)
    return (right + left) / 2


def aperture(networks: Networks, portrait: Portrait, mesh: Mesh) -> float:
    """Height by width of the eyes' opening, the mean of both."""
    right = _crop(portrait, mesh, *_RIGHT)
    left = _crop(portrait, mesh, *_LEFT)[:, ::-1]  # the network knows right eyes
    pictures = np.stack([right, left]).astype(np.float32) / 255
    (points,) = networks.run("iris", ["points"], pictures)
    contour = points.reshape(2, -1, 3)[..., :2]
    heights = np.mean([_distance(contour, *pair) for pair in LIDS], axis=0)
    return float(np.mean(heights / np.maximum(_distance(contour, *CORNERS), 1)))


def _distance(contour: Tensor, one: int, other: int) -> Tensor:
    return np.asarray(np.linalg.norm(contour[:, one] - contour[:, other], axis=-1), np.float32)


def _crop(portrait: Portrait, mesh: Mesh, one: int, other: int) -> Tensor:
    first, second = portrait.to_pixels(mesh.flat[[one, other]])
    centre = (first + second) / 2
    scale = SIDE / (REACH * max(float(np.linalg.norm(first - second)), 1.0))
    x, y = SIDE / 2 - scale * centre
    matrix = np.array([[scale, 0, x], [0, scale, y]], np.float32)
    return np.asarray(cv2.warpAffine(portrait.pixels, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE))
