"""Photographs made worse by a known amount, as cameras and rooms do: blurred, shaken, dark, too bright, far away."""

from collections.abc import Callable

import cv2
import numpy as np

from garden.emotion.local.faces import Face
from garden.emotion.local.networks import Tensor
from garden.emotion.local.portrait import Pixels

Worsen = Callable[[Pixels, Face, float, np.random.Generator], Pixels]

GAMMA = 2.2
READ_NOISE, FULL_WELL = 0.002, 2000.0
"""A small camera's: noise without light as a part of white, and electrons that white stands for."""


def blurred(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """Out of focus by `level` eye distances (the standard deviation)."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), max(level * face.eye_distance, 1e-3)), np.uint8)


def shaken(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """Moved by `level` eye distances while the picture was taken, in any direction."""
    length = max(1, round(level * face.eye_distance))
    side = 2 * length + 1
    kernel = np.zeros((side, side), np.float32)
    angle = random.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    start, end = ((length + sign * reach).round().astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


def exposed(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """With `level` times the light, as a small camera records it: grain below, white above."""
    light = (pixels.astype(np.float32) / 255) ** GAMMA * level
    deviation = np.sqrt(light / FULL_WELL + READ_NOISE**2) if level < 1 else np.zeros_like(light)
    grainy = light + deviation * random.standard_normal(light.shape, dtype=np.float32)
    return _compressed(np.clip(grainy, 0, 1) ** (1 / GAMMA) * 255)


def shrunk(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """With the eyes `level` pixels apart; never enlarged."""
    factor = min(1.0, level / face.eye_distance)
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return _compressed(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32))


def _compressed(picture: Tensor) -> Pixels:
    """As a kiosk sends it."""
    bgr = np.clip(picture.round(), 0, 255).astype(np.uint8)[..., ::-1]
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
