"""What a picture would add to a slate, and draws by it."""

import numpy as np
from numpy.typing import NDArray

from recommend.learning.arrays import Doubles, Floats


def gains(odds: Floats, weight: Floats) -> Floats:
    """What each picture (rows of `odds`, by sample) adds to P(any like) of a slate of total odds `weight` (samples)."""
    together = weight + odds
    gain: Floats = (together / (1.0 + together)).mean(1) - (weight / (1.0 + weight)).mean()
    return gain


def softmax(gains: Floats, left: NDArray[np.bool_], temperature: float) -> Doubles:
    """Chances of all; 0 for what is not left."""
    scaled = np.where(left, gains / temperature, -np.inf)
    best = scaled.max(initial=-np.inf)
    if best == -np.inf:
        return np.zeros(len(gains))
    weights = np.exp(scaled - best)
    chances: Doubles = weights / weights.sum(dtype=np.float64)
    return chances


def picked(chances: Doubles, lot: float) -> int:
    """The index whose share of [0, 1) holds the lot."""
    shares = np.cumsum(chances)
    return int(min(np.searchsorted(shares, lot * shares[-1], side="right"), np.flatnonzero(chances)[-1]))
