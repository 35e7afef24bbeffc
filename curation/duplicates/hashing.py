"""What a picture looks like, in two 64-bit hashes, and the bands that make near hashes findable by an index.

A hash is stored in four bands of 16 bits. Two hashes within `distance` bits of each other differ by at most
`distance // 4` bits in one of their bands (the pigeonhole principle). So whoever looks up all values that near in each
band meets every such hash.
"""

from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from imagehash import ImageHash
    from PIL import Image

BANDS = 4
BAND_BITS = 16
MOST_DISTANCE = 15
"""Further apart the lists of values to look up would grow past what an index is good for."""
GRADIENT_FACTOR = 2
"""Near duplicates differ by at most `distance` bits of the perceptual hash and twice as many of the gradient hash."""
_BAND = (1 << BAND_BITS) - 1
_SIGN = 1 << 63


class PictureHash(NamedTuple):
    """`phash`, `dhash`: unsigned, 64 bits. `sharpness`: variance of the Laplacian of the grey small copy."""

    phash: int
    dhash: int
    sharpness: float


def hash_picture(small: "Image.Image") -> PictureHash:
    """Of a picture of some hundred pixels."""
    # Every command and worker would wait for scipy at its start.
    import imagehash

    grey = small.convert("L")
    return PictureHash(_number(imagehash.phash(grey)), _number(imagehash.dhash(grey)), _sharpness(grey))


def bands_of(number: int) -> tuple[int, ...]:
    """The four bands (0–65,535) of an unsigned 64-bit hash, the highest first."""
    return tuple(number >> (BAND_BITS * (BANDS - 1 - band)) & _BAND for band in range(BANDS))


def values_near(band: int, distance: int) -> list[int]:
    """Values of a band that a hash within `distance` may have, if this is the band where it differs least."""
    return [band ^ mask for mask in masks(distance // BANDS)]


@lru_cache(maxsize=4)
def masks(bits: int) -> tuple[int, ...]:
    """All ways to change at most so many bits of a band."""
    ways = (flips for count in range(bits + 1) for flips in combinations(range(BAND_BITS), count))
    return tuple(sum(1 << bit for bit in flips) for flips in ways)


def as_signed(number: int) -> int:
    """As databases store 64 bits."""
    return number - (1 << 64) if number & _SIGN else number


def as_unsigned(number: int) -> int:
    return number % (1 << 64)


def distance_between(one: int, other: int) -> int:
    """How many bits differ (0–64); signed or unsigned, both alike."""
    return as_unsigned(one ^ other).bit_count()


def _number(found: "ImageHash") -> int:
    return int.from_bytes(np.packbits(found.hash.reshape(-1)).tobytes(), "big")


def _sharpness(grey: "Image.Image") -> float:
    pixels: NDArray[np.float32] = np.asarray(grey, dtype=np.float32)
    if min(pixels.shape) < 3:
        return 0.0
    beside = pixels[1:-1, :-2] + pixels[1:-1, 2:] + pixels[:-2, 1:-1] + pixels[2:, 1:-1]
    return float((beside - 4 * pixels[1:-1, 1:-1]).var())
