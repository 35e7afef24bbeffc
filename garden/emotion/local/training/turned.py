"""Heads turned by a known angle: the photograph is bent as its own mesh turns. What a real turn hides or brings to
sight is not modelled, so that beyond 45 degrees this says little."""

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from garden.emotion.local.faces import Face
from garden.emotion.local.networks import Tensor
from garden.emotion.local.portrait import Pixels

GRID = 64
REACH = 1.3
"""Half the side of the part of the photo that is bent, in frames."""

BEHIND = 0.5
"""How far behind the mesh's middle a head turns, in frames."""


def turned(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """By `level` degrees of yaw; positive is to the person's own left."""
    return _bent(pixels, face, np.radians(level), 0.0)


def nodded(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """By `level` degrees of pitch; positive is up."""
    return _bent(pixels, face, 0.0, np.radians(level))


def _bent(pixels: Pixels, face: Face, yaw: float, pitch: float) -> Pixels:
    before = face.mesh.points
    after = _rotated(before, yaw, pitch)[:, :2]
    border = _border()
    shift = LinearNDInterpolator(
        np.vstack([after, border]), np.vstack([before[:, :2] - after, np.zeros_like(border)]), fill_value=0.0
    )
    steps = np.linspace(-REACH, REACH, GRID)
    shifts = shift(*np.meshgrid(steps, steps)).astype(np.float32)
    return _remapped(pixels, face, cv2.GaussianBlur(shifts, (0, 0), 0.7))


def _rotated(points: Tensor, yaw: float, pitch: float) -> Tensor:
    """x right, y down, z away, about an axis within the head."""
    pivot = np.array([*points.mean(axis=0)[:2], points[:, 2].mean() + BEHIND])
    x, y, z = (points - pivot).T
    x, z = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
    y, z = y * np.cos(pitch) + z * np.sin(pitch), -y * np.sin(pitch) + z * np.cos(pitch)
    return np.asarray(np.stack([x, y, z], axis=1) + pivot)


def _border() -> Tensor:
    edge = np.linspace(-REACH, REACH, 12)
    far = np.full_like(edge, REACH)
    return np.vstack([np.stack(pair, 1) for pair in ((edge, far), (edge, -far), (far, edge), (-far, edge))])


def _remapped(pixels: Pixels, face: Face, shifts: Tensor) -> Pixels:
    """Every pixel near the face is taken from where `shifts` (in the frame's measure) says."""
    height, width, _ = pixels.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    places = np.stack([columns.ravel(), rows.ravel()], axis=1)
    local = face.frame.from_photo(places).astype(np.float32)
    at = ((local / REACH + 1) / 2 * (GRID - 1)).reshape(height, width, 2)
    moved = cv2.remap(shifts, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    source = face.frame.to_photo(local + moved.reshape(-1, 2)).astype(np.float32).reshape(height, width, 2)
    return np.asarray(cv2.remap(pixels, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)
