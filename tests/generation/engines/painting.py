"""Small real pictures for the painter's tests; each is painted once for all of them."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generation.engines.base import PictureRequest
from generation.engines.painter import PainterEngine


@lru_cache(maxsize=512)
def painted(prompt: str, seed: int = 1, width: int = 128, height: int = 80) -> NDArray[np.uint8]:
    """Pixels of shape (height, width, 3)."""
    picture = next(iter(PainterEngine().make([PictureRequest(prompt, width, height, seed)])))
    return np.asarray(picture.image)


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean absolute difference, in levels of 255."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())
