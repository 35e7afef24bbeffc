"""Between the crop's size and the model's."""

import cv2
import numpy as np

from generation.retouch.pixels import Pixels


def sized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture or mask in this width and height: averaged when smaller, cubic (masks linear) when larger."""
    if pixels.shape[1::-1] == size:
        return pixels
    smaller = size[0] * size[1] < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC if pixels.ndim == 3 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)
