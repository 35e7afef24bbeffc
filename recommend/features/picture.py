"""Colour, texture and layout of a picture, from a small copy of it. Pure numpy and OpenCV."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64
PICTURE_DIMENSION = 24
Floats = NDArray[np.float32]

# Mean and deviation of each number over painted gardens and photographs: what is usual becomes 0, its spread 1.
# fmt: off
_USUAL = np.array([
    0.48, 0.07, 0.06, 0.17, 0.09, 0.12, 0.27, 0.12, 0.19, 0.16,  # colour
    0.03, 0.20, 0.14, -1.16, 0.26, -0.02, 1.43, -2.05, -5.74,  # tone, texture, frequencies
    0.08, 0.04, 0.06, -0.05, 0.14,  # layout
], np.float32)
_SPREAD = np.array([
    0.16, 0.14, 0.22, 0.05, 0.08, 0.08, 0.13, 0.08, 0.50, 0.69,
    0.61, 0.25, 0.15, 0.33, 0.10, 0.16, 1.16, 0.81, 1.08,
    0.08, 0.06, 0.11, 0.10, 0.06,
], np.float32)
# fmt: on
_FARTHEST = 3.0


def describe_picture(pixels: NDArray[np.uint8]) -> Floats:
    """RGB of shape (SIDE, SIDE, 3) → shape (PICTURE_DIMENSION,), each number usually within −1 … 1, always ±3."""
    described: Floats = np.clip((measure_picture(pixels) - _USUAL) / _SPREAD, -_FARTHEST, _FARTHEST)
    return described


def measure_picture(pixels: NDArray[np.uint8]) -> Floats:
    """The same before it is brought to one scale."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2Lab) / 100
    light = np.ascontiguousarray(lab[..., 0])
    measured = [*_colour(lab), *_tone(light), *_texture(light), *_frequencies(light), *_layout(lab)]
    return np.array(measured, np.float32)


def _colour(lab: Floats) -> list[float]:
    """Moments of the colours (Stricker & Orengo 1995), and where on the circle of hues the strong ones lie."""
    flat = lab.reshape(-1, 3)
    chroma = np.hypot(flat[:, 1], flat[:, 2])
    hue = flat[:, 1:].sum(axis=0) / (chroma.sum() + 1e-3)
    return [*flat.mean(axis=0), *flat.std(axis=0), chroma.mean(), chroma.std(), *hue]


def _tone(light: Floats) -> list[float]:
    """Which way the brightness leans, and the shares of dark and of bright."""
    centred = light - light.mean()
    skew = (centred**3).mean() / (centred.std() ** 3 + 1e-3)
    return [skew, (light < 0.25).mean(), (light > 0.75).mean()]


def _texture(light: Floats) -> list[float]:
    """How much edge there is, how much of it is strong, and whether it stands or lies."""
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1)
    edge = np.hypot(across, down)
    standing, lying = np.abs(across).mean(), np.abs(down).mean()
    return [np.log(edge.mean() + 1e-3), (edge > 0.4).mean(), (standing - lying) / (standing + lying + 1e-3)]


def _frequencies(light: Floats) -> list[float]:
    """Energy of the cosine transform in three bands, coarse to fine, in logarithms."""
    energy = cv2.dct(light) ** 2
    distance = np.add.outer(np.arange(SIDE), np.arange(SIDE))
    bands = [(distance > low) & (distance <= high) for low, high in ((0, 4), (4, 16), (16, 2 * SIDE))]
    return [np.log(energy[band].mean() + 1e-6) for band in bands]


def _layout(lab: Floats) -> list[float]:
    """Where it is bright and colourful: middle against rim, top against bottom; and how alike both sides are."""
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    quarter, half = SIDE // 4, SIDE // 2
    middle = (slice(quarter, -quarter), slice(quarter, -quarter))
    return [
        light[middle].mean() - light.mean(),
        chroma[middle].mean() - chroma.mean(),
        light[:half].mean() - light[half:].mean(),
        chroma[:half].mean() - chroma[half:].mean(),
        np.abs(light - light[:, ::-1]).mean(),
    ]
