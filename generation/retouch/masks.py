"""What is repainted and where it fades out. Every operation reaches a known number of pixels, and no farther."""

import cv2
import numpy as np

from generation.retouch.pixels import Mask


def grow(mask: Mask, pixels: int) -> Mask:
    """Grown by so many pixels in every direction, shrunk by a negative number."""
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
    """How much of the paint counts: all of it under the mask, less and less up to `feather` pixels beyond it."""
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
