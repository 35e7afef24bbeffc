"""Gaussian beliefs and how likes move them: Laplace's approximation in the utilities of one slate.

Which subset S of the k pictures of a slate is liked has the probability

    P(S) = c(S) · exp(Σ over S of u) / Z,    c(S) = 1 where at most one is liked, else SEVERAL,
    Z = (1 − SEVERAL) · (1 + Σ exp(u)) + SEVERAL · Π (1 + exp(u)).

The probabilities of all 2ᵏ subsets add up to 1. With SEVERAL = 0 it is a multinomial logit with an outside option
(McFadden 1974): at most one like, and similar pictures compete for it. With SEVERAL = 1 likes are independent. It is an
exponential family, so the gradient of log P is S minus the marginal probabilities, the negative Hessian is the
covariance of the likes, and the likelihood is log-concave. The utilities have a Gaussian prior, so their posterior mode
is found by a few Newton steps in k dimensions (k = 3 on a kiosk), and the likelihood is then replaced by a Gaussian
"site" of the same slope and curvature there (Spiegelhalter & Lauritzen 1990; Rasmussen & Williams 2006, §3.4).

log P(S) − log P(T) is linear in the utilities, so other likes in the same impression change only
the site's linear term.
"""

from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Items = NDArray[np.int64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Arrays = dict[str, NDArray[np.generic]]


SEVERAL = 0.1
"""Factor on the odds of two likes or more against none, beside independent likes."""

_NEWTON_STEPS = 12
_ROWS_AT_ONCE = 64
_CLOSE_ENOUGH = 1e-7
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """The update of a Gaussian with covariance columns C towards the k utilities.

    Means move by C · `push` (k); the covariance loses (C · `root`)(C · `root`)ᵀ, `root` k × k or k × 0. `impressions`:
    1 if the evidence is of another impression, 0 if it corrects an earlier one.
    """

    push: Doubles
    root: Doubles
    impressions: int

    def update(self, mean: Doubles, covariance: Doubles, columns: Doubles) -> None:
        """Move a Gaussian in place; `columns`: its covariance with the k utilities, d × k."""
        mean += columns @ self.push
        change = columns @ self.root
        for start in range(0, len(change), _ROWS_AT_ONCE):  # The product of all rows would not fit into a core's cache.
            some = slice(start, start + _ROWS_AT_ONCE)
            covariance[some] -= change[some] @ change.T


def likes_step(mean: Doubles, covariance: Doubles, liked: Flags) -> Step:
    """The update for the liked ones of k pictures; `mean` (k) and `covariance` (k × k) are those of the utilities."""
    slope, precision = slope_and_curvature(_mode(mean, covariance, liked), liked)
    return Step(slope, _root(covariance, precision), 1)


def correction_step(before: Flags, now: Flags) -> Step:
    """Replace the likes of a learned impression: log P changes by a term that is linear in the utilities."""
    return Step(now.astype(np.float64) - before, np.empty((len(now), 0)), 0)


def slope_and_curvature(utilities: Doubles, liked: Flags) -> tuple[Doubles, Doubles]:
    """Gradient (k) and negative Hessian (k × k, positive definite) of log P(these and no others are liked)."""
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


@dataclass(slots=True)
class JointWeights:
    """b blocks of d weights together: `mean` (b·d), `covariance` (b·d × b·d), `prior` variances (b·d)."""

    mean: Doubles
    covariance: Doubles
    prior: Doubles

    @classmethod
    def of(cls, variances: Doubles) -> Self:
        """Independent at first; `variances`: b × d."""
        return cls(np.zeros(variances.size), np.diag(variances.ravel()), variances.ravel().copy())

    def columns(self, blocks: list[int], rows: Doubles) -> Doubles:
        """Covariance of all weights with the k utilities `rows` (k × d) · Σ blocks; b·d × k."""
        width = rows.shape[1]
        columns = sum(rows @ self.covariance[block * width : (block + 1) * width] for block in blocks)
        return np.transpose(columns)

    def summed(self, values: Doubles, blocks: list[int], width: int) -> Doubles:
        """Σ over `blocks` of the first axis of `values` (b·d × …); d × …."""
        total: Doubles = values.reshape(-1, width, *values.shape[1:])[blocks].sum(0)
        return total

    def sum_of(self, blocks: list[int], width: int) -> tuple[Doubles, Doubles]:
        """Mean (d) and covariance (d × d) of the sum of `blocks`."""
        by_block = self.covariance.reshape(-1, width, len(self.mean) // width, width)
        covariance = by_block[blocks][:, :, blocks].sum((0, 2))
        return self.summed(self.mean, blocks, width), covariance

    def believe(self, block: int, prior: Doubles) -> None:
        """Exchange the prior variances (d) of one block: its precision changes along d weights (Woodbury 1950)."""
        width = len(prior)
        own = slice(block * width, (block + 1) * width)
        gained = 1.0 / prior - 1.0 / self.prior[own]
        inner = np.linalg.solve(np.eye(width) + gained[:, None] * self.covariance[own, own], np.diag(gained))
        columns = self.covariance[:, own].copy()
        change = columns @ ((inner + inner.T) / 2.0)
        self.mean -= change @ self.mean[own].copy()
        self.covariance -= change @ columns.T
        self.prior[own] = prior


@dataclass(slots=True)
class Effects:
    """Independent Gaussian effects by number: `mean`, `variance`, and the number of `impressions` of each.

    `appeal` = mean + `optimism` standard deviations is precomputed for ranking. The arrays grow on demand:
    numbers without impressions have the prior.
    """

    prior: float
    optimism: float
    mean: Floats
    variance: Floats
    impressions: Floats
    appeal: Floats

    @classmethod
    def of(cls, prior: float, optimism: float = 0.0, size: int = 0) -> Self:
        return cls(prior, optimism, *_unknown(prior, optimism, size))

    def reserve(self, size: int) -> None:
        """Make room for numbers below `size`."""
        missing = size - len(self.mean)
        if missing > 0:
            more = _unknown(self.prior, self.optimism, max(missing, len(self.mean) // 4))
            known = self.mean, self.variance, self.impressions, self.appeal
            self.mean, self.variance, self.impressions, self.appeal = map(np.concatenate, zip(known, more, strict=True))

    def count_as_unseen(self, items: Items) -> None:
        """As if `items` had no impressions: in new arrays, so that others with these effects are not changed."""
        self.reserve(int(items.max(initial=-1)) + 1)
        self.impressions = self.impressions.copy()
        self.impressions[items] = 0.0

    def of_items(self, items: Items | Indices) -> tuple[Doubles, Doubles]:
        """Means and variances of `items` (k)."""
        self.reserve(int(items.max(initial=-1)) + 1)
        return self.mean[items].astype(np.float64), self.variance[items].astype(np.float64)

    def optimistic(self, items: Items | Indices) -> tuple[Doubles, Doubles]:
        """Appeals and variances of `items` (k)."""
        self.reserve(int(items.max(initial=-1)) + 1)
        return self.appeal[items].astype(np.float64), self.variance[items].astype(np.float64)

    def believe(self, prior: float) -> None:
        """Exchange the prior variance."""
        precision, shift = 1.0 / self.variance.astype(np.float64), self.mean / self.variance.astype(np.float64)
        variance = 1.0 / np.maximum(precision + 1.0 / prior - 1.0 / self.prior, 1.0 / prior)
        mean = variance * shift
        self.prior, self.mean, self.variance = prior, mean.astype(np.float32), variance.astype(np.float32)
        self.appeal = (mean + self.optimism * np.sqrt(variance)).astype(np.float32)

    def take(self, items: Items | Indices, step: Step) -> None:
        """Move each effect by its own share of the evidence; an item twice in an impression counts once."""
        mean, variance = self.of_items(items)
        shrunk = np.clip(variance - variance**2 * (step.root**2).sum(1), 1e-6, self.prior)
        mean += variance * step.push
        self.mean[items], self.variance[items] = mean, shrunk
        self.appeal[items] = mean + self.optimism * np.sqrt(shrunk)
        self.impressions[items] += step.impressions


def _unknown(prior: float, optimism: float, size: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, variance, impressions and appeal of numbers without impressions."""
    mean, impressions = np.zeros((2, size), np.float32)
    return mean, np.full(size, prior, np.float32), impressions, np.full(size, optimism * np.sqrt(prior), np.float32)


def sampled(mean: Doubles, covariance: Doubles, rows: Floats, count: int) -> Doubles:
    """d × `count` weights of a Gaussian, `mean` (d) and `covariance` (d × d); `rows` (k × d): the pictures.

    Independent samples vary by chance more along some directions than along others, and the best slate for such samples
    is not the best one. So the samples are opposite pairs, and along as many directions as there are pairs their
    covariance is exact (moment matching; Caflisch 1998): the directions along which the utilities of the pictures vary
    most. Along the others the draws are independent.
    """
    return mean[:, None] + _square_root(covariance, rows.astype(np.float64)) @ normals(len(mean), count)


def _square_root(covariance: Doubles, rows: Doubles) -> Doubles:
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
