"""What is believed of single pictures and of places in a slate, beyond their features."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommend.learning.arrays import Doubles, Floats, Indices, Items
from recommend.learning.laplace import Step


@dataclass(slots=True)
class Effects:
    """Independent Gaussian effects by number: `mean`, `variance`, and how many `looks` told of each.

    `appeal` = mean + `optimism` standard deviations is kept ready for ranking. The arrays grow on demand:
    numbers never looked at have the prior, whether or not the arrays reach them yet.
    """

    prior: float
    optimism: float
    mean: Floats
    variance: Floats
    looks: Floats
    appeal: Floats

    @classmethod
    def of(cls, prior: float, optimism: float = 0.0, size: int = 0) -> Self:
        return cls(prior, optimism, *_unknown(prior, optimism, size))

    def reserve(self, size: int) -> None:
        """Make room for numbers below `size`."""
        missing = size - len(self.mean)
        if missing > 0:
            more = _unknown(self.prior, self.optimism, max(missing, len(self.mean) // 4))
            known = self.mean, self.variance, self.looks, self.appeal
            self.mean, self.variance, self.looks, self.appeal = map(np.concatenate, zip(known, more, strict=True))

    def of_items(self, items: Items | Indices) -> tuple[Doubles, Doubles]:
        """Means and variances of `items` (k)."""
        self.reserve(int(items.max(initial=-1)) + 1)
        return self.mean[items].astype(np.float64), self.variance[items].astype(np.float64)

    def optimistic(self, items: Items | Indices) -> tuple[Doubles, Doubles]:
        """Appeals and variances of `items` (k)."""
        self.reserve(int(items.max(initial=-1)) + 1)
        return self.appeal[items].astype(np.float64), self.variance[items].astype(np.float64)

    def appeal_of(self, items: Items) -> Floats:
        """Appeals of `items` (n), which ascend."""
        if len(items):
            self.reserve(int(items[-1]) + 1)
        return self.appeal[items]

    def surplus_of(self, items: Items) -> Floats:
        """By how much the appeals of `items` (k), for which there is room, are above what is expected of them."""
        surplus: Floats = self.appeal[items] - self.mean[items]
        return surplus

    def believe(self, prior: float) -> None:
        """Exchange the prior variance."""
        precision, shift = 1.0 / self.variance.astype(np.float64), self.mean / self.variance.astype(np.float64)
        variance = 1.0 / np.maximum(precision + 1.0 / prior - 1.0 / self.prior, 1.0 / prior)
        mean = variance * shift
        self.prior, self.mean, self.variance = prior, mean.astype(np.float32), variance.astype(np.float32)
        self.appeal = (mean + self.optimism * np.sqrt(variance)).astype(np.float32)

    def take(self, items: Items | Indices, step: Step) -> None:
        """Move each effect by its own share of the evidence; an item twice in a look counts once."""
        mean, variance = self.of_items(items)
        shrunk = np.clip(variance - variance**2 * (step.root**2).sum(1), 1e-6, self.prior)
        mean += variance * step.push
        self.mean[items], self.variance[items] = mean, shrunk
        self.appeal[items] = mean + self.optimism * np.sqrt(shrunk)
        self.looks[items] += step.looks


def _unknown(prior: float, optimism: float, size: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, variance, looks and appeal of numbers never looked at."""
    mean, looks = np.zeros((2, size), np.float32)
    return mean, np.full(size, prior, np.float32), looks, np.full(size, optimism * np.sqrt(prior), np.float32)
