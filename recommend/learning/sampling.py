"""A few samples of what a visitor's weights may be that tell nearly as much as many.

Samples drawn freely say by chance that visitors differ more along some directions than along others, and the best slate
for such samples is not the best one. So the samples come in opposite pairs, and along as many directions as there are
pairs they are no longer left to chance: their covariance is exactly what is believed (moment matching; Caflisch 1998).
These are the directions along which what is believed of the pictures at hand differs most. The others keep free draws.
"""

from functools import cache

import numpy as np

from recommend.learning.arrays import Doubles, Floats


def sampled(mean: Doubles, covariance: Doubles, rows: Floats, count: int) -> Doubles:
    """d × `count` weights of a Gaussian, `mean` (d) and `covariance` (d × d); `rows` (k × d): pictures they tell of."""
    return mean[:, None] + _root(covariance, rows.astype(np.float64)) @ normals(len(mean), count)


def _root(covariance: Doubles, rows: Doubles) -> Doubles:
    """A square root of a covariance, its first columns those that move `rows` · weights most."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))  # Rounding may have left it without one.
    moved = rows @ root
    turned: Doubles = root @ np.linalg.eigh(moved.T @ moved)[1][:, ::-1]
    return turned


@cache
def normals(width: int, count: int) -> Doubles:
    """A fixed sequence in opposite pairs, width × `count`; the first rows, as many as pairs, have exact moments."""
    half = np.random.default_rng(20_231).standard_normal((width, (count + 1) // 2))
    pairs = half.shape[1]
    exact = half[:pairs]
    half[:pairs] = np.sqrt(pairs) * np.linalg.qr(exact.T)[0].T
    return np.concatenate([half, -half], axis=1)[:, :count]
