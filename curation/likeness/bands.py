"""64-bit hashes in four bands of 16 bits: what makes near hashes findable by equality, which is what an index can do.

Two hashes within `distance` bits of each other differ by at most `distance // 4` bits in one of their bands (the
pigeonhole principle). So whoever looks up all values that near in each band meets every such hash.
"""

from functools import lru_cache
from itertools import combinations

BANDS = 4
BAND_BITS = 16
MOST_DISTANCE = 15
"""Further apart the lists of values to look up would grow past what an index is good for."""
GRADIENT_FACTOR = 2
"""Look-alikes differ by at most `distance` bits of the perceptual hash and twice as many of the gradient hash."""
_BAND = (1 << BAND_BITS) - 1
_SIGN = 1 << 63


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
