"""The first few of many, in a defined order, without sorting all of them."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def smallest(values: NDArray[np.floating], count: int) -> Indices:
    """Indices of the `count` smallest values, ascending."""
    if count >= len(values):
        return np.argsort(values, kind="stable")
    found = np.argpartition(values, count)[:count]
    return found[np.argsort(values[found], kind="stable")]


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
