"""Which of many hashes belong together: plain numpy, for one group or for all pictures at once."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from curation.duplicates.hashing import BAND_BITS, BANDS, GRADIENT_FACTOR, masks

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
    """All steps between the members of one group, but those that somebody called apart."""
    near = np.triu(_is_alike(hashes[members, None], hashes[None, members], distance), 1)
    place = {int(member): at for at, member in enumerate(members)}
    for one, other in apart:
        if one in place and other in place:
            near[place[one], place[other]] = near[place[other], place[one]] = False
    return np.argwhere(near)
