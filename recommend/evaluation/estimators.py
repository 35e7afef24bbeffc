"""Off-policy estimators as ratios of sums, one ratio a slot. Plain numpy, no Django.

Each row is a slate, each column a slot; a value is likes per slate, the sum over slots of

    Σ_i numerator_ik / Σ_i denominator_ik

which for one column are the standard estimators: IPS (Horvitz & Thompson 1952), SNIPS (Swaminathan & Joachims
2015), DR (Dudík, Langford & Li 2011). Summing over slots is the item-position model: the reward of a picture
depends on the visitor, the picture and its slot, not on its neighbours (Li et al. 2018, "Offline evaluation of
ranking policies with click models").

Intervals are over people, by the delta method.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

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
    """Data of each slot, arrays of shape slates × slots.

    `rewards` are 0 or 1; `weights` are π(picture)/μ(picture), the target's probability over the logged one; `seen`
    is 0 where a slate is shorter. `predicted` is a reward model's prediction for the logged picture, `expected` its
    mean over the pictures that the target would show there. `people` (shape slates) are codes of visitors:
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
    """Observed likes of the logged slates."""
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


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its interval."""

    value: float
    low: float
    high: float


def _unsure(ratios: Ratios, people: NDArray[np.int64]) -> Estimate | None:
    """With one person the interval is unbounded."""
    return None if len(np.unique(people)) > 1 else Estimate(ratios.value, -math.inf, math.inf)


def interval(ratios: Ratios, people: NDArray[np.int64], level: float = 0.95) -> Estimate:
    """By the delta method: value ± z·s, s from the influence of each person."""
    if unsure := _unsure(ratios, people):
        return unsure
    influence = influences(ratios, people)
    deviation = float(np.sqrt((influence**2).sum()))
    reach = NormalDist().inv_cdf(0.5 + level / 2) * deviation
    return Estimate(ratios.value, ratios.value - reach, ratios.value + reach)


def influences(ratios: Ratios, people: NDArray[np.int64]) -> Doubles:
    """How much each person moves the value; their sum is 0 (shape: people)."""
    totals = ratios.denominators.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = ratios.numerators.sum(axis=0) / totals
        rows = ((ratios.numerators - rates * ratios.denominators) / totals).sum(axis=1)
    _, codes = np.unique(people, return_inverse=True)
    by_person: Doubles = np.bincount(codes, weights=rows).astype(np.float64)
    return by_person


FOLDS = 5
STRENGTH = 10.0
"""Weight of the slot's rate, in impressions of a picture."""

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Impressions:
    """Pictures (codes from 0, −1 for none), rewards and folds; the first two slates × slots."""

    pictures: Codes
    rewards: Doubles
    folds: Codes


class RewardModel:
    """A simple model of rewards for the doubly robust estimator, fitted without those it predicts:

        q(picture, slot) = rate of the picture, shrunk towards the rate of the slot

    Cross-fitting (Chernozhukov et al. 2018): people are split into folds, and predictions for a fold are learned from
    the others, so that no like predicts itself. There is one table of likes and views per fold; the data of the other
    folds is the total without its own.
    """

    def __init__(self, impressions: Impressions, pictures: int) -> None:
        slots = impressions.pictures.shape[1]
        shape = (FOLDS, slots, pictures)
        there = impressions.pictures >= 0
        where = (
            np.broadcast_to(impressions.folds[:, None], there.shape)[there],
            _slots(there),
            impressions.pictures[there],
        )
        self._shown, self._liked = np.zeros(shape), np.zeros(shape)
        np.add.at(self._shown, where, 1.0)
        np.add.at(self._liked, where, impressions.rewards[there])

    def predict(self, fold: int) -> Doubles:
        """Expected reward of every picture in every slot (slots × pictures), for people of this fold."""
        shown = self._shown.sum(axis=0) - self._shown[fold]
        liked = self._liked.sum(axis=0) - self._liked[fold]
        slot_rates = (liked.sum(axis=1) + 0.5) / (shown.sum(axis=1) + 1.0)
        overall = slot_rates.mean()
        pictures = (liked.sum(axis=0) + STRENGTH * overall) / (shown.sum(axis=0) + STRENGTH)
        rates: Doubles = np.minimum(pictures[None, :] * (slot_rates / overall)[:, None], 1.0)
        return rates


def _slots(there: NDArray[np.bool_]) -> Codes:
    return np.broadcast_to(np.arange(there.shape[1]), there.shape)[there]


def folds_of(people: Codes) -> Codes:
    """A fold for each row, the same for all rows of a person."""
    return people % FOLDS


def reach(deviation: float, people: int, *, tightest_at: int, level: float = 0.95) -> float:
    """Half the width of the interval for a mean whose standard error is `deviation` after so many `people`.

    `tightest_at` is the number of people at which the decision is expected; ρ is chosen for it. The interval may be
    read after every visitor; an ordinary one that is read again and again excludes any value in the
    end. The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021,
    "Time-uniform central limit theory and asymptotic confidence sequences", theorem 2.2) holds at all times at once:

        mean ± σ · √( 2(nρ² + 1) / (n²ρ²) · log( √(nρ² + 1) / α ) )
    """
    alpha = 1 - level
    rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tightest_at)
    grown = people * rho**2 + 1
    return deviation * math.sqrt(2 * grown / (people * rho**2) * math.log(math.sqrt(grown) / alpha))


Z = 1.959963984540054
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `tries`, and Wilson's interval (1927), which holds for few tries and rates near 0 or 1 too."""

    hits: int
    tries: int

    @property
    def value(self) -> float | None:
        return self.hits / self.tries if self.tries else None

    @property
    def low(self) -> float:
        return max(self._middle - self._reach, 0.0) if self.hits else 0.0

    @property
    def high(self) -> float:
        return min(self._middle + self._reach, 1.0) if self.hits < self.tries else 1.0

    @property
    def _middle(self) -> float:
        return (self.hits + Z**2 / 2) / (self.tries + Z**2)

    @property
    def _reach(self) -> float:
        spread = self.hits * (self.tries - self.hits) / self.tries if self.tries else 0.0
        return Z * math.sqrt(spread + Z**2 / 4) / (self.tries + Z**2)


@dataclass(frozen=True, slots=True)
class Lift:
    """How much larger a rate is than another (0.5: half as large again), with the log ratio's interval (Katz 1978)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RateDifference:
    """How much larger a rate is than another, in shares of 1, with Newcombe's hybrid interval (1998, method 10)."""

    value: float
    low: float
    high: float


def difference(rate: Rate, baseline: Rate) -> RateDifference:
    """Both have tries."""
    one, other = rate.value or 0.0, baseline.value or 0.0
    below = math.hypot(one - rate.low, baseline.high - other)
    above = math.hypot(rate.high - one, other - baseline.low)
    return RateDifference(one - other, one - other - below, one - other + above)


def lift(rate: Rate, baseline: Rate) -> Lift | None:
    """None while either has no hit."""
    if not rate.hits or not baseline.hits:
        return None
    ratio = (rate.hits / rate.tries) / (baseline.hits / baseline.tries)
    spread = 1 / rate.hits - 1 / rate.tries + 1 / baseline.hits - 1 / baseline.tries
    reach = math.exp(Z * math.sqrt(spread))
    return Lift(ratio - 1, ratio / reach - 1, ratio * reach - 1)
