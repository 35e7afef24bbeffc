"""From likes to Gaussian evidence: Laplace's approximation in the utilities of one slate.

Which subset S of the k pictures of a slate is liked has the probability

    P(S) = c(S) · exp(Σ over S of u) / Z,    c(S) = 1 where at most one is liked, else SEVERAL,
    Z = (1 − SEVERAL) · (1 + Σ exp(u)) + SEVERAL · Π (1 + exp(u)).

The probabilities of all 2ᵏ subsets add up to 1. With SEVERAL = 0 it is a multinomial logit with an outside option
(McFadden 1974): at most one like, and similar pictures compete for it. With SEVERAL = 1 likes are independent. It is an
exponential family, so the gradient of log P is S minus the marginal probabilities, the negative Hessian is the
covariance of the likes, and the likelihood is log-concave. The utilities have a Gaussian prior, so their posterior mode
is found by a few Newton steps in k dimensions (k = 3 on a kiosk), and the likelihood is then replaced by a Gaussian
"site" of the same slope and curvature there (Spiegelhalter & Lauritzen 1990; Rasmussen & Williams 2006, §3.4).

log P(S) − log P(T) is linear in the utilities, so other likes in the same look change the site's linear term alone.
"""

from dataclasses import dataclass

import numpy as np

from recommend.learning.arrays import Doubles, Flags

SEVERAL = 0.1
"""Factor on the odds of two likes or more against none, beside independent likes."""

_NEWTON_STEPS = 12
_CLOSE_ENOUGH = 1e-7
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """What evidence does to a Gaussian with covariance columns C towards the k utilities.

    Means move by C · `push` (k); the covariance loses (C · `root`)(C · `root`)ᵀ, `root` k × k or k × 0. `looks`: 1 if
    the evidence is of another look, 0 if it corrects an earlier one.
    """

    push: Doubles
    root: Doubles
    looks: int


def likes_step(mean: Doubles, covariance: Doubles, liked: Flags) -> Step:
    """Take in which of k pictures were liked; `mean` (k) and `covariance` (k × k) are those of the utilities."""
    slope, precision = slope_and_curvature(_mode(mean, covariance, liked), liked)
    return Step(slope, _root(covariance, precision), 1)


def correction_step(before: Flags, now: Flags) -> Step:
    """Replace the likes of a look that was taken in: log P changes by a term that is linear in the utilities."""
    return Step(now.astype(np.float64) - before, np.empty((len(now), 0)), 0)


def log_probability(utilities: Doubles, liked: Flags) -> Doubles:
    """log P(these and no others are liked) for each column of `utilities` (k × n); `liked`: k flags."""
    utilities = np.clip(utilities, -_FARTHEST, _FARTHEST)
    one, several = _log_normalizers(utilities)
    weight = np.log(SEVERAL) if liked.sum() > 1 else 0.0
    chances: Doubles = weight + utilities[liked].sum(0) - np.logaddexp(one, several)
    return chances


def slope_and_curvature(utilities: Doubles, liked: Flags) -> tuple[Doubles, Doubles]:
    """Gradient (k) and negative Hessian (k × k, positive definite) of `log_probability` of k utilities."""
    utilities = np.clip(utilities, -_FARTHEST, _FARTHEST)
    one, several = _log_normalizers(utilities)
    share = 1.0 / (1.0 + np.exp(one - several))
    weights = np.exp(utilities)
    alone = weights / (1.0 + weights)
    marginals = (1.0 - share) * weights / (1.0 + weights.sum()) + share * alone
    both = share * np.outer(alone, alone)
    np.fill_diagonal(both, marginals + 1e-9)
    return liked - marginals, both - np.outer(marginals, marginals)


def _log_normalizers(utilities: Doubles) -> tuple[Doubles, Doubles]:
    """log of the two summands of Z, over the first axis."""
    weights = np.exp(utilities)
    several: Doubles = np.log(SEVERAL) + np.log1p(weights).sum(0)
    return np.log1p(-SEVERAL) + np.log1p(weights.sum(0)), several


def _mode(mean: Doubles, covariance: Doubles, liked: Flags) -> Doubles:
    """Newton on u = m + S · slope(u), which the posterior mode solves."""
    found: Doubles = np.array(mean)
    for _ in range(_NEWTON_STEPS):
        slope, curvature = slope_and_curvature(found, liked)
        error = mean + covariance @ slope - found
        change = np.linalg.solve(np.eye(len(mean)) + covariance @ curvature, error)
        found = found + np.clip(change, -4.0, 4.0)
        if np.abs(change).max() < _CLOSE_ENOUGH:
            break
    return found


def _root(covariance: Doubles, precision: Doubles) -> Doubles:
    """R with R Rᵀ = (S + Λ⁻¹)⁻¹ of S `covariance` and Λ `precision`."""
    factor = np.linalg.cholesky(precision).astype(np.float64)
    inner = np.eye(len(factor)) + factor.T @ covariance @ factor
    triangle = np.linalg.cholesky(inner).astype(np.float64)
    root: Doubles = np.linalg.solve(triangle, factor.T).T.astype(np.float64)
    return root
