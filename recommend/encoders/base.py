"""The role of a picture encoder: pictures in, what a network sees in them out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommend.learning.arrays import Floats

Pixels = NDArray[np.uint8]
"""RGB, height × width × 3."""


class PictureEncoder(ABC):
    """A frozen dataclass whose fields are its options. Every process makes one; only workers ask it to `encode`.

    So making one loads nothing, and libraries are imported within `encode`.
    """

    @property
    @abstractmethod
    def identity(self) -> str:
        """Names the network: encoders of one identity see the same. With another one all is described anew."""

    @abstractmethod
    def encode(self, pictures: Sequence[Pixels]) -> Floats:
        """One row a picture, always of the same width. Any error leaves these pictures for another time."""
