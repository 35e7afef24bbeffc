"""Fewer and cleaner features: the directions in which the pictures really differ.

A wide embedding differs between pictures along some directions much more than along the others, which are mostly
noise. Weights along noise cost looks to unlearn, so the model gets the principal components whose variance stands
out from the median one (Jolliffe 2002; the rule is that of Horn's parallel analysis, simplified), at most `most`.
Components keep their spread: along wide ones a small weight makes a large difference, which the prior then expects.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommend.learning.arrays import Doubles, Floats

_STANDS_OUT = 1.5


@dataclass(frozen=True, slots=True)
class Axes:
    """A linear map of d raw features to e: `kept` leading raw features as they are, then the components.

    `centre` (d − kept) and `directions` (d − kept × e − kept) are of the other raw features.
    """

    kept: int
    centre: Doubles
    directions: Doubles

    @classmethod
    def of(cls, features: Floats, *, kept: int = 1, least: int = 4, most: int = 31) -> Self:
        """From a sample of pictures, n × d. The first `kept` features (the constant, tags) are no part of it."""
        rest = features[:, kept:].astype(np.float64)
        centre = rest.mean(0)
        spread, directions = np.linalg.eigh(np.cov(rest - centre, rowvar=False))
        standing_out = int((spread > _STANDS_OUT * np.median(spread)).sum())
        count = int(np.clip(standing_out, min(least, len(spread)), min(most, len(spread))))
        return cls(kept, centre, directions[:, ::-1][:, :count])

    @property
    def width(self) -> int:
        return self.kept + int(self.directions.shape[1])

    def project(self, features: Floats) -> Floats:
        """n × d raw features → n × `width`, contiguous."""
        components = (features[:, self.kept :] - self.centre.astype(np.float32)) @ self.directions.astype(np.float32)
        return np.ascontiguousarray(np.concatenate([features[:, : self.kept], components], axis=1), np.float32)
