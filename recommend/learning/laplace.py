"""From likes to Gaussian evidence: Laplace's approximation in the utilities of one slate.

Every like is a choice: of this picture, against those that were not liked and against leaving it be,

    P(like of i) = exp(uᵢ) / (1 + exp(uᵢ) + Σ over not liked exp(u)),    P(none) = 1 / (1 + Σ exp(u)),

a multinomial logit with an outside option (McFadden 1974). A slate may have several likes, each a choice of its
own: a picture is not thought worse of because its neighbour was liked as well. The utilities have a Gaussian
prior, so their posterior mode is found by a few Newton steps in k dimensions (k = 3 on a kiosk; the likelihood is
log-concave), and the likelihood is then replaced by a Gaussian "site" of the same slope and curvature there
(Spiegelhalter & Lauritzen 1990; Rasmussen & Williams 2006, §3.4). A site can be taken out again: its precision is
subtracted.
"""

from dataclasses import dataclass

import numpy as np

from recommend.learning.arrays import Doubles, Flags

_NEWTON_STEPS = 12
_CLOSE_ENOUGH = 1e-7
_FARTHEST = 30.0
_LEAST_CERTAINTY_LEFT = 0.02


@dataclass(frozen=True, slots=True)
class Sites:
    """Gaussian evidence on k utilities in natural form: `precision` (k × k) and `shift` (k), precision · centre."""

    shift: Doubles
    precision: Doubles


@dataclass(frozen=True, slots=True)
class Step:
    """What evidence does to a Gaussian with covariance columns C towards the k utilities.

    Means move by C · `push` (k); the covariance loses `sign` · (C · `root`)(C · `root`)ᵀ with `root` k × k.
    """

    push: Doubles
    root: Doubles
    sign: float


def likes_step(mean: Doubles, covariance: Doubles, liked: Flags) -> tuple[Step, Sites]:
    """Take in which of k pictures were liked; `mean` (k) and `covariance` (k × k) are those of the utilities."""
    mode = _mode(mean, covariance, liked)
    slope, precision = slope_and_curvature(mode, liked)
    return Step(slope, _root(covariance, precision, 1.0), 1.0), Sites(precision @ mode + slope, precision)


def retraction_step(mean: Doubles, covariance: Doubles, sites: Sites) -> Step | None:
    """Take evidence out again; None where the state no longer holds that much of it."""
    factor = np.linalg.cholesky(sites.precision)
    left = np.eye(len(mean)) - factor.T @ covariance @ factor
    if np.linalg.eigvalsh(left)[0] < _LEAST_CERTAINTY_LEFT:
        return None
    before = np.linalg.solve(np.eye(len(mean)) - covariance @ sites.precision, mean - covariance @ sites.shift)
    return Step(sites.precision @ before - sites.shift, _root(covariance, sites.precision, -1.0), -1.0)


def slope_and_curvature(utilities: Doubles, liked: Flags) -> tuple[Doubles, Doubles]:
    """Gradient (k) and negative Hessian (k × k, positive definite) of the log-likelihood."""
    weights = np.exp(np.clip(utilities, -_FARTHEST, _FARTHEST))
    rejected = np.where(liked, 0.0, weights)
    choices = rejected + np.diag(weights)[liked] if liked.any() else rejected[None, :]
    shares = choices / (1.0 + choices.sum(1, keepdims=True))
    total = shares.sum(0)
    return liked - total, np.diag(total + 1e-9) - shares.T @ shares


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


def _root(covariance: Doubles, precision: Doubles, sign: float) -> Doubles:
    """R with R Rᵀ = (S + Λ⁻¹)⁻¹ (sign 1) or (Λ⁻¹ − S)⁻¹ (sign −1), of S `covariance` and Λ `precision`."""
    factor = np.linalg.cholesky(precision).astype(np.float64)
    inner = np.eye(len(factor)) + sign * factor.T @ covariance @ factor
    triangle = np.linalg.cholesky(inner).astype(np.float64)
    root: Doubles = np.linalg.solve(triangle, factor.T).T.astype(np.float64)
    return root
