"""What a picture looks like, in two 64-bit hashes, and the bands that make near hashes findable by an index.

A hash is stored in four bands of 16 bits. Two hashes within `distance` bits of each other differ by at most
`distance // 4` bits in one of their bands (the pigeonhole principle). So a lookup of all values that near in each
band meets every such hash.
"""

from collections.abc import Iterable, Iterator
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


Hashes = NDArray[np.uint64]
"""n × 2: of each picture the perceptual hash, which is indexed, and the gradient hash, which confirms."""
Pairs = NDArray[np.int64]
AT_ONCE = 4_000_000
"""Candidates that are compared in one piece: some hundred megabytes."""


def label_groups(hashes: Hashes, distance: int, apart: Iterable[tuple[int, int]] = ()) -> NDArray[np.int32]:
    """A label for each hash: the same where a chain of steps between look-alikes leads from one to the other.

    `apart` are pairs of positions that are no step.
    """
    different, position = np.unique(hashes, axis=0, return_inverse=True)
    found = _labels(alike_pairs(different, distance), len(different))[position]
    for label in {int(found[one]) for one, other in apart if found[one] == found[other]}:
        members = np.flatnonzero(found == label)
        steps = _steps_within(hashes, members, distance, set(apart))
        parts = _labels(steps, len(members))
        found[members] = np.where(parts == 0, label, found.max() + parts)
    return found


def alike_pairs(hashes: Hashes, distance: int) -> Pairs:
    """All pairs (i < j) of different hashes that are alike, each once."""
    found = [pairs for pairs in _candidates(hashes, distance) if len(pairs)]
    if not found:
        return np.empty((0, 2), np.int64)
    return np.unique(np.concatenate(found), axis=0)


def _candidates(hashes: Hashes, distance: int) -> Iterator[Pairs]:
    """Join each band with itself, once for every way to change its bits."""
    for band in range(BANDS):
        values = (hashes[:, 0] >> np.uint64(BAND_BITS * band) & np.uint64((1 << BAND_BITS) - 1)).astype(np.int64)
        order = np.argsort(values, kind="stable")
        starts = np.searchsorted(values[order], np.arange((1 << BAND_BITS) + 1))
        for mask in masks(distance // BANDS):
            begin, end = starts[values ^ mask], starts[(values ^ mask) + 1]
            for piece in _pieces(end - begin):
                yield _near(hashes, order, piece, begin[piece], end[piece], distance)


def _pieces(counts: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    rows = np.flatnonzero(counts)
    cuts = np.searchsorted(np.cumsum(counts[rows]), np.arange(AT_ONCE, counts.sum() + AT_ONCE, AT_ONCE))
    return (piece for piece in np.split(rows, cuts) if len(piece))


def _near(
    hashes: Hashes,
    order: NDArray[np.int64],
    rows: NDArray[np.int64],
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
    distance: int,
) -> Pairs:
    counts = end - begin
    first = np.repeat(rows, counts)
    within = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    second = order[np.repeat(begin, counts) + within]
    near = (first < second) & _is_alike(hashes[first], hashes[second], distance)
    return np.stack([first[near], second[near]], axis=1)


def _is_alike(one: Hashes, other: Hashes, distance: int) -> NDArray[np.bool_]:
    differ = np.bitwise_count(one ^ other)
    near: NDArray[np.bool_] = (differ[..., 0] <= distance) & (differ[..., 1] <= GRADIENT_FACTOR * distance)
    return near


def _labels(pairs: Pairs, count: int) -> NDArray[np.int32]:
    # Every command and worker would wait a quarter of a second for them at its start.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    steps = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    labels: NDArray[np.int32] = connected_components(steps, directed=False)[1].astype(np.int32)
    return labels


def _steps_within(hashes: Hashes, members: NDArray[np.int64], distance: int, apart: set[tuple[int, int]]) -> Pairs:
    """All steps between the members of one group, without those marked as not alike."""
    near = np.triu(_is_alike(hashes[members, None], hashes[None, members], distance), 1)
    place = {int(member): at for at, member in enumerate(members)}
    for one, other in apart:
        if one in place and other in place:
            near[place[one], place[other]] = near[place[other], place[one]] = False
    return np.argwhere(near)
