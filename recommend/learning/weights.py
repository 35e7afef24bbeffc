"""Gaussian posteriors of feature weights: blocks that are learned jointly, and blocks that stand alone."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommend.learning.arrays import Doubles
from recommend.learning.laplace import Step


def exchanged(mean: Doubles, covariance: Doubles, old: Doubles, new: Doubles) -> tuple[Doubles, Doubles]:
    """Mean (… × d) and covariance (… × d × d) under `new` prior variances (… × d); prior means of 0, or unmoved."""
    precision = np.linalg.inv(covariance)
    shift = precision @ mean[..., None]
    diagonal = np.arange(mean.shape[-1])
    precision[..., diagonal, diagonal] += 1.0 / new - 1.0 / old
    changed = np.linalg.inv(precision)
    changed = (changed + np.swapaxes(changed, -1, -2)) / 2.0
    return (changed @ shift)[..., 0], changed


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
        by_block = self.covariance.reshape(len(self.mean), -1, width)
        columns: Doubles = by_block[:, blocks].sum(1) @ rows.T
        return columns

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

    def take(self, step: Step, columns: Doubles) -> None:
        self.mean += columns @ step.push
        change = columns @ step.root
        self.covariance -= change @ change.T


@dataclass(slots=True)
class SideWeights:
    """b blocks of d weights each on their own: `mean` (b × d), `covariance` (b × d × d), `prior` variances (b × d).

    What two of them learn together is not kept (assumed density filtering; Minka 2001).
    """

    mean: Doubles
    covariance: Doubles
    prior: Doubles

    @classmethod
    def of(cls, variances: Doubles) -> Self:
        """`variances`: b × d."""
        return cls(np.zeros(variances.shape), variances[:, :, None] * np.eye(variances.shape[1]), variances)

    def columns(self, block: int, rows: Doubles) -> Doubles:
        """Covariance of one block with the utilities of `rows` (k × d); d × k."""
        columns: Doubles = self.covariance[block] @ rows.T
        return columns

    def believe(self, blocks: slice, prior: Doubles) -> None:
        """Exchange the prior variances of some blocks (… × d)."""
        changed = exchanged(self.mean[blocks], self.covariance[blocks], self.prior[blocks], prior)
        self.mean[blocks], self.covariance[blocks] = changed
        self.prior[blocks] = prior

    def take(self, block: int, step: Step, columns: Doubles) -> None:
        self.mean[block] += columns @ step.push
        change = columns @ step.root
        self.covariance[block] -= change @ change.T
