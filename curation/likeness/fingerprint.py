"""What a picture looks like, in three numbers."""

from dataclasses import dataclass

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`phash`, `dhash`: unsigned, 64 bits. `sharpness`: variance of the Laplacian of the grey small copy."""

    phash: int
    dhash: int
    sharpness: float


def fingerprint_of(small: Image.Image) -> Fingerprint:
    """Of a picture of some hundred pixels."""
    grey = small.convert("L")
    return Fingerprint(_number(imagehash.phash(grey)), _number(imagehash.dhash(grey)), _sharpness(grey))


def _number(found: imagehash.ImageHash) -> int:
    return int.from_bytes(np.packbits(found.hash.reshape(-1)).tobytes(), "big")


def _sharpness(grey: Image.Image) -> float:
    pixels: NDArray[np.float32] = np.asarray(grey, dtype=np.float32)
    if min(pixels.shape) < 3:
        return 0.0
    beside = pixels[1:-1, :-2] + pixels[1:-1, 2:] + pixels[:-2, 1:-1] + pixels[2:, 1:-1]
    return float((beside - 4 * pixels[1:-1, 1:-1]).var())
