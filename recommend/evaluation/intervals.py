"""How sure an estimate is: delta-method and bootstrap intervals over people. Plain numpy, no Django."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from recommend.evaluation.estimators import Doubles, Ratios

REPLICATES = 1_000
_ROUND = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and the interval that holds the truth in a share `level` of all repetitions."""

    value: float
    low: float
    high: float


def _unsure(ratios: Ratios, people: NDArray[np.int64]) -> Estimate | None:
    """One person tells nothing of how people differ."""
    return None if len(np.unique(people)) > 1 else Estimate(ratios.value, -math.inf, math.inf)


def normal_interval(ratios: Ratios, people: NDArray[np.int64], level: float = 0.95) -> Estimate:
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


def bootstrap_interval(
    ratios: Ratios, people: NDArray[np.int64], level: float = 0.95, seed: int = 0, replicates: int = REPLICATES
) -> Estimate:
    """Percentiles over people drawn with replacement (Efron 1979); memory grows with people, not replicates."""
    if unsure := _unsure(ratios, people):
        return unsure
    numerators, denominators = _by_person(ratios.numerators, people), _by_person(ratios.denominators, people)
    rng = np.random.default_rng(seed)
    values = [_redrawn(numerators, denominators, rng, rounds) for rounds in _rounds(replicates)]
    low, high = np.nanquantile(np.concatenate(values), [(1 - level) / 2, (1 + level) / 2])
    return Estimate(ratios.value, float(low), float(high))


def _rounds(replicates: int) -> list[int]:
    return [min(_ROUND, replicates - done) for done in range(0, replicates, _ROUND)]


def _redrawn(numerators: Doubles, denominators: Doubles, rng: np.random.Generator, rounds: int) -> Doubles:
    people = len(numerators)
    times = rng.multinomial(people, np.full(people, 1 / people), size=rounds).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        values: Doubles = ((times @ numerators) / (times @ denominators)).sum(axis=1)
    return values


def _by_person(rows: Doubles, people: NDArray[np.int64]) -> Doubles:
    """Rows summed by person (people × slots)."""
    _, codes = np.unique(people, return_inverse=True)
    return np.stack([np.bincount(codes, weights=column) for column in rows.T], axis=1)
