"""Sunglasses drawn on portraits: too few people of the labelled photographs wear any."""

import cv2
import numpy as np

from garden.emotion.local.landmarks import LEFT_EYE_INNER, LEFT_EYE_OUTER, RIGHT_EYE_INNER, RIGHT_EYE_OUTER
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.networks import Tensor
from garden.emotion.local.portrait import Pixels, Portrait


def with_sunglasses(portrait: Portrait, mesh: Mesh, random: np.random.Generator) -> Portrait:
    """The same portrait behind two dark lenses of a random shape, darkness, tint and glare, joined by a bridge."""
    points = portrait.to_pixels(mesh.flat)
    eyes = [(points[one] + points[other]) / 2 for one, other in _CORNERS]
    width = float(np.mean([np.linalg.norm(points[one] - points[other]) for one, other in _CORNERS]))
    lenses = np.zeros(portrait.pixels.shape[:2], np.float32)
    reach = width * random.uniform([0.75, 0.5], [1.05, 0.85])
    for eye in eyes:
        _lens(lenses, eye + np.array([0, width * random.uniform(0.0, 0.25)]), reach, angular=random.random() < 0.5)
    _bridge(lenses, eyes, width, random)
    return Portrait(_tinted(portrait.pixels, cv2.GaussianBlur(lenses, (0, 0), 1.0), random))


_CORNERS = ((RIGHT_EYE_OUTER, RIGHT_EYE_INNER), (LEFT_EYE_INNER, LEFT_EYE_OUTER))


def _lens(lenses: Tensor, centre: Tensor, reach: Tensor, *, angular: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, 40)
    power = 0.5 if angular else 0.9
    outline = np.stack([np.cos(angle), np.sin(angle)], -1)
    outline = np.sign(outline) * np.abs(outline) ** power * reach + centre
    cv2.fillPoly(lenses, [outline.round().astype(np.int32)], 1.0)


def _bridge(lenses: Tensor, eyes: list[Tensor], width: float, random: np.random.Generator) -> None:
    right, left = ((eye - np.array([0, width * 0.15])).round().astype(int).tolist() for eye in eyes)
    cv2.line(lenses, right, left, 1.0, int(random.integers(2, 7)))


def _tinted(pixels: Pixels, lenses: Tensor, random: np.random.Generator) -> Pixels:
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]] / pixels.shape[0]
    glare = np.clip(
        np.sin(random.uniform(2, 9) * (rows + random.uniform(-1, 1) * columns) + random.uniform(0, 6)), 0, 1
    )
    glass = random.uniform(2, 45) + random.uniform(0, 70) * glare[..., None] ** 3 + random.uniform(-6, 6, 3)
    cover = lenses[..., None] * random.uniform(0.82, 1.0)
    return np.asarray(np.clip(pixels * (1 - cover) + glass * cover, 0, 255), np.uint8)
