"""What a model finds under the mask before it begins."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.retouch.pixels import Mask, Pixels
from generation.retouch.settings import Fill

NOISE = 48
"""Standard deviation of the noise, of 255, around the colours of the surroundings."""


def fill(pixels: Pixels, mask: Mask, how: Fill, seed: int) -> Pixels:
    """The picture (height, width, 3) with what is under the mask taken away, as far as the mask says."""
    if how is Fill.ORIGINAL:
        return pixels
    blurred = surroundings(pixels, mask)
    if how is Fill.NOISE:
        noise = np.random.default_rng(seed).normal(0, NOISE, pixels.shape)
        blurred = np.clip(blurred + noise, 0, 255)
    share = mask[..., None] / np.float32(255)
    return (pixels + (blurred - pixels) * share + 0.5).astype(np.uint8)


def surroundings(pixels: NDArray[Any], mask: Mask) -> np.ndarray:
    """The colours around the mask, flowing into it from all sides; float32 of the picture's shape.

    Known pixels are averaged in ever coarser pyramids until every pixel has some in reach.
    """
    known = (1 - mask / np.float32(255)).astype(np.float32)
    if not known.any():
        return np.broadcast_to(pixels.mean(axis=(0, 1), dtype=np.float32), pixels.shape)
    sums, weights = [pixels * known[..., None]], [known]
    while min(weights[-1].shape) > 1:
        sums.append(_half(sums[-1]))
        weights.append(_half(weights[-1]))
    found = sums[-1] / np.maximum(weights[-1], 1e-6)[..., None]
    for some, weight in zip(sums[-2::-1], weights[-2::-1], strict=True):
        coarse = cv2.resize(found, weight.shape[::-1], interpolation=cv2.INTER_LINEAR)
        share = np.minimum(weight, 1)[..., None]
        found = np.where(weight[..., None] > 0, some / np.maximum(weight, 1e-6)[..., None], 0) * share
        found = found + coarse.reshape(found.shape) * (1 - share)
    return np.asarray(found, np.float32)


def _half(field: np.ndarray) -> np.ndarray:
    height, width = field.shape[:2]
    return np.asarray(cv2.resize(field, (-(-width // 2), -(-height // 2)), interpolation=cv2.INTER_AREA), np.float32)
