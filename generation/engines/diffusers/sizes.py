"""Sizes a model cannot make: a larger picture is made and its centre kept."""

import numpy as np
from numpy.typing import NDArray


def canvas(width: int, height: int, multiple: int) -> tuple[int, int]:
    """The smallest width and height in pixels that the model can make and that hold the picture."""
    return -(-width // multiple) * multiple, -(-height // multiple) * multiple


def crop_centre(pixels: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """The middle `height` × `width` of an array (height, width, channels)."""
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]
