"""Paint laid over a picture, in whole numbers: where nothing is laid nothing changes, not by rounding either."""

import numpy as np

from generation.retouch.crop import Crop
from generation.retouch.pixels import Mask, Pixels

FULL = 255 * 255


def blend(under: Pixels, paint: Pixels, alpha: Mask, opacity: float = 1.0) -> Pixels:
    """`paint` over `under`, each pixel as far as alpha (0 … 255) times opacity (0 … 1) says."""
    share = (alpha.astype(np.int32) * round(opacity * 255))[..., None]
    moved = (paint.astype(np.int32) - under.astype(np.int32)) * share
    return (under + (moved + FULL // 2) // FULL).astype(np.uint8)


def paste(picture: Pixels, crop: Crop, paint: Pixels, alpha: Mask, opacity: float = 1.0) -> Pixels:
    """A copy of the picture with the crop painted over."""
    pasted = picture.copy()
    pasted[crop.window] = blend(picture[crop.window], paint, alpha, opacity)
    return pasted
