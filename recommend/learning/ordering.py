"""The first few of many, in a defined order, without sorting all of them."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def top_by_score(scores: NDArray[np.floating], count: int, without: Indices) -> Indices:
    """Indices that complete `without` to `count` images: the best scores, equal ones in the input's order."""
    wanted = count - len(without)
    candidates = _at_least_kth(scores, count)
    free = candidates[np.isin(candidates, without, invert=True)]
    return free[np.argsort(-scores[free], kind="stable")][:wanted]


def _at_least_kth(scores: NDArray[np.floating], k: int) -> Indices:
    """In the input's order: all scores above the k-th best, and as many equal to it as make k, the first ones."""
    if k >= len(scores):
        return np.arange(len(scores))
    threshold = np.partition(scores, len(scores) - k)[len(scores) - k] if k else np.inf
    better = np.flatnonzero(scores > threshold)
    equal = np.flatnonzero(scores == threshold)[: k - len(better)]
    return np.sort(np.concatenate([better, equal]))


def largest(values: NDArray[np.float32], count: int) -> Indices:
    """Indices of the `count` largest values, descending; equal values in the input's order.

    A sample of every 16th value tells a threshold that about twice as many exceed, so that a long input is
    compared once and never partitioned.
    """
    if count <= 0:
        return np.empty(0, np.intp)
    found = np.arange(len(values)) if len(values) < 50 * count else _above_sampled(values, count)
    return found[np.argsort(-values[found], kind="stable")[:count]]


def _above_sampled(values: NDArray[np.float32], count: int) -> Indices:
    sample = values[::16]
    rank = len(sample) - min(len(sample), count // 8 + 8)
    found = np.flatnonzero(values >= np.partition(sample, rank)[rank])
    return found if len(found) >= count else np.arange(len(values))
