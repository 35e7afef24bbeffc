"""Masks and the pixels under them: growing, shrinking and feathering by a known number of pixels, filling, pasting."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.retouch.pixels import Mask, Pixels
from generation.retouch.settings import Crop, Fill


def grow(mask: Mask, pixels: int) -> Mask:
    """Grown by this number of pixels in every direction; a negative number shrinks it."""
    if pixels == 0:
        return mask
    side = 2 * abs(pixels) + 1
    round_brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    if pixels > 0:
        return np.asarray(cv2.dilate(mask, round_brush), np.uint8)
    return np.asarray(cv2.erode(mask, round_brush, borderType=cv2.BORDER_REPLICATE), np.uint8)


def soften(mask: Mask, reach: int) -> Mask:
    """Blurred; nothing farther than `reach` pixels from the mask becomes more than 0 (three boxes, not a Gaussian)."""
    for radius in _radii(reach):
        side = 2 * radius + 1
        mask = np.asarray(cv2.blur(mask, (side, side), borderType=cv2.BORDER_REPLICATE), np.uint8)
    return mask


def fade_out(mask: Mask, feather: int) -> Mask:
    """Opacity of the paint: full under the mask, decreasing to 0 at `feather` pixels beyond it."""
    if feather == 0:
        return mask
    half = feather // 2
    return np.maximum(mask, soften(grow(mask, feather - half), half))


def whole_mask(height: int, width: int) -> Mask:
    return np.full((height, width), 255, np.uint8)


def _radii(reach: int) -> list[int]:
    """Three box blurs whose reaches add up."""
    third, rest = divmod(reach, 3)
    return [radius for radius in (third + (rest > 0), third + (rest > 1), third) if radius]


NOISE = 48
"""Standard deviation of the noise, of 255, around the colours of the surroundings."""


def fill(pixels: Pixels, mask: Mask, how: Fill, seed: int) -> Pixels:
    """The picture (height, width, 3) with the masked part removed, in proportion to the mask."""
    if how is Fill.ORIGINAL:
        return pixels
    blurred = surroundings(pixels, mask)
    if how is Fill.NOISE:
        noise = np.random.default_rng(seed).normal(0, NOISE, pixels.shape)
        blurred = np.clip(blurred + noise, 0, 255)
    share = mask[..., None] / np.float32(255)
    return (pixels + (blurred - pixels) * share + 0.5).astype(np.uint8)


def surroundings(pixels: NDArray[Any], mask: Mask) -> np.ndarray:
    """The colours around the mask, diffused into it from all sides; float32 of the picture's shape.

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


FULL = 255 * 255


def blend(under: Pixels, paint: Pixels, alpha: Mask, opacity: float = 1.0) -> Pixels:
    """`paint` over `under`, each pixel with weight alpha (0 … 255) times opacity (0 … 1)."""
    share = (alpha.astype(np.int32) * round(opacity * 255))[..., None]
    moved = (paint.astype(np.int32) - under.astype(np.int32)) * share
    return (under + (moved + FULL // 2) // FULL).astype(np.uint8)


def paste(picture: Pixels, crop: Crop, paint: Pixels, alpha: Mask, opacity: float = 1.0) -> Pixels:
    """A copy of the picture with the crop painted over."""
    pasted = picture.copy()
    pasted[crop.window] = blend(picture[crop.window], paint, alpha, opacity)
    return pasted
