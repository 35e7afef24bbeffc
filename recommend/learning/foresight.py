"""How much visitors differ, learned from how well their next answers are foreseen.

Before a look is learned, it has a probability under what is believed of its visitor (prequential evidence; Dawid 1984).
Had the prior variances P of visitors' own weights been eᵗ times as large, their posterior mean m and covariance C,
and with them the utilities of the look, would differ by

    dm/dt = C · P⁻¹ · m,    dC/dt = C · P⁻¹ · C.

So every look has a slope in t. At the right scale slopes cancel out; elsewhere the scale moves by their sum, divided
by the sum of their squares, which is about the curvature (empirical Fisher information). The evidence of Laplace's
posteriors (evidence.py) is highest at variances that are too small where there are few answers a person (Breslow & Lin
1995). Who has said nothing yet says nothing of it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommend.learning.arrays import Doubles, Flags
from recommend.learning.laplace import log_probability
from recommend.learning.sampling import normals

GROUPS = (slice(0, 1), slice(1, None))
_POINTS = 32
_NEARBY = 0.3
_CERTAIN_AT_FIRST = 20.0
_KEPT = 0.9
_FARTHEST_MOVE = 0.7
_LEAST, _MOST = 1e-6, 4.0


@dataclass(slots=True)
class Foresight:
    """Of the constant's weight and of all others: `slopes` and their `squares` since the scales last moved, and the
    `certainty` of the scales' logarithms by then; 2 each.
    """

    slopes: Doubles
    squares: Doubles
    certainty: Doubles

    @classmethod
    def none_yet(cls) -> Self:
        return cls(np.zeros(2), np.zeros(2), np.full(2, _CERTAIN_AT_FIRST))

    def hear(
        self, mean: Doubles, covariance: Doubles, own: Doubles, prior: Doubles, columns: Doubles, liked: Flags
    ) -> None:
        """A look that is not learned yet: k `liked` flags; `mean` (k) and `covariance` (k × k) of its utilities.

        Of the visitor's weights: the mean `own` (d), `prior` variances (d), covariance with the utilities (d × k).
        """
        for group, part in enumerate(GROUPS):
            towards = columns[part] / prior[part, None]
            moved, widened = towards.T @ own[part], towards.T @ columns[part]
            more, less = (
                log_chance(mean + sign * moved, covariance + sign * widened, liked) for sign in (_NEARBY, -_NEARBY)
            )
            slope = (more - less) / (2.0 * _NEARBY)
            self.slopes[group] += slope
            self.squares[group] += slope**2

    def moved(self, prior: Doubles) -> Doubles:
        """Prior variances (d) moved to where what was heard since has been foreseen best; older looks weigh less."""
        self.certainty = np.maximum(_KEPT * self.certainty + self.squares, _CERTAIN_AT_FIRST)
        factors = np.exp(np.clip(self.slopes / self.certainty, -_FARTHEST_MOVE, _FARTHEST_MOVE))
        changed = prior.copy()
        for part, factor in zip(GROUPS, factors, strict=True):
            changed[part] = np.clip(prior[part] * factor, _LEAST, _MOST)
        self.slopes, self.squares = np.zeros(2), np.zeros(2)
        return changed


def log_chance(mean: Doubles, covariance: Doubles, liked: Flags) -> float:
    """log P(these and no others of k pictures are liked), as laplace.py has it, over utilities of this Gaussian."""
    count = len(mean)
    points = np.linalg.cholesky(covariance + 1e-9 * np.eye(count)) @ normals(count, max(_POINTS, 2 * count))
    chances = np.exp(log_probability(mean[:, None] + points, liked))
    return float(np.log(np.maximum(chances.mean(), 1e-300)))
