"""Off-policy estimators as ratios of sums, one ratio a slot. Plain numpy, no Django.

Each row is a slate, each column a slot; a value is likes per slate, the sum over slots of

    Σ_i numerator_ik / Σ_i denominator_ik

which for one column are the textbook estimators: IPS (Horvitz & Thompson 1952), SNIPS (Swaminathan & Joachims
2015), DR (Dudík, Langford & Li 2011). Summing over slots is the item-position model: what a picture is worth
depends on the visitor, the picture and its slot, not on its neighbours (Li et al. 2018, "Offline evaluation of
ranking policies with click models").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratios:
    """Numerators and denominators, each of shape slates × slots."""

    numerators: Doubles
    denominators: Doubles

    @property
    def value(self) -> float:
        """Likes per slate; nan if no slot of a column was seen."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return float((self.numerators.sum(axis=0) / self.denominators.sum(axis=0)).sum())


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of each slot, arrays of shape slates × slots.

    `rewards` are 0 or 1; `weights` are π(picture)/μ(picture), the target's chance over the logged one; `seen`
    is 0 where a slate is shorter. `predicted` is a reward model's word for the logged picture, `expected` its
    mean over the pictures that the target would show there. `people` (shape slates) tells whose slate it is:
    slates of one person are not independent.
    """

    rewards: Doubles
    weights: Doubles
    seen: Doubles
    predicted: Doubles
    expected: Doubles
    people: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rewards)


def on_policy(sample: Sample) -> Ratios:
    """Likes as they were, of the slates as they were."""
    return Ratios(sample.rewards * sample.seen, sample.seen)


def inverse_propensity(sample: Sample) -> Ratios:
    """IPS: unbiased, of large variance where weights are large."""
    return Ratios(sample.weights * sample.rewards * sample.seen, sample.seen)


def self_normalized(sample: Sample) -> Ratios:
    """SNIPS: never above the largest reward, its bias vanishes with the number of slates."""
    weights = sample.weights * sample.seen
    return Ratios(weights * sample.rewards, weights)


def doubly_robust(sample: Sample) -> Ratios:
    """DR: right if the propensities or the reward model are; the better the model, the narrower."""
    surprise = sample.weights * (sample.rewards - sample.predicted)
    return Ratios((sample.expected + surprise) * sample.seen, sample.seen)


ESTIMATORS = {"IPS": inverse_propensity, "SNIPS": self_normalized, "DR": doubly_robust}


def effective_size(sample: Sample) -> float:
    """Kish's effective number of slates, (Σw)²/Σw², the mean over slots; 0 when the target shows none of it."""
    weights = sample.weights * sample.seen
    squares = (weights**2).sum(axis=0)
    sizes = np.divide(weights.sum(axis=0) ** 2, squares, out=np.zeros_like(squares), where=squares > 0)
    return float(sizes.mean()) if sizes.size else 0.0
