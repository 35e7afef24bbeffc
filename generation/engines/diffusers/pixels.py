"""Checks and crops of finished arrays."""

import numpy as np
from numpy.typing import NDArray

BLACK = 0.02
"""A picture whose brightest value is darker than this share of white is black (a safety checker's answer, too)."""

FLAT = 0.01
"""A picture whose values stray less than this from their mean shows nothing."""


def flaw(pixels: NDArray[np.float32]) -> str:
    """What is wrong with a picture (height, width, 3) of values 0 … 1: "" if nothing."""
    if not np.isfinite(pixels).all():
        return "not finite"
    if pixels.max() < BLACK:
        return "black"
    if pixels.std(axis=(0, 1)).max() < FLAT:
        return "flat"
    return ""


def another_seed(seed: int, attempt: int) -> int:
    """The seed of a further try: the same one whenever the same picture is tried again. Fits 32 bits."""
    return (seed + attempt * 0x9E3779B1) % 2**32


def canvas(width: int, height: int, multiple: int) -> tuple[int, int]:
    """The smallest width and height in pixels that the model can make and that hold the picture."""
    return -(-width // multiple) * multiple, -(-height // multiple) * multiple


def crop_centre(pixels: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """The middle `height` × `width` of an array (height, width, channels)."""
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]
