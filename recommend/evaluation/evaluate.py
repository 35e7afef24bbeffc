"""From logged slates to estimates."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recommend.evaluation.estimators import (
    ESTIMATORS,
    Doubles,
    Estimate,
    Looks,
    RewardModel,
    Sample,
    bootstrap_interval,
    effective_size,
    folds_of,
    normal_interval,
    on_policy,
)
from recommend.evaluation.log import LoggedSlate
from recommend.evaluation.policies import Considered, Draws, Target
from recommend.models.slate import Arm

INTERVALS = {"bootstrap": bootstrap_interval, "normal": normal_interval}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`slots` of a slate count; `interval` is one of INTERVALS, and holds the truth in a share `level`."""

    slots: int = 3
    interval: str = "bootstrap"
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class ArmReport:
    """Likes per slate as they were. `effective` is None: every slate counts as itself."""

    arm: str
    slates: int
    likes: Estimate


@dataclass(frozen=True, slots=True)
class TargetReport:
    """Estimated likes per slate of one recommender, by estimator, and how many slates that is worth."""

    name: str
    slates: int
    effective: float
    estimates: dict[str, Estimate]
    skipped: dict[str, int]


def report_arm(arm: Arm, slates: Sequence[LoggedSlate], method: Method) -> ArmReport:
    """What the visitors of one arm liked."""
    shown = [slate for slate in slates if slate.arm == arm]
    sample = _sample(shown, [Considered(slate.chances, ()) for slate in shown], method)
    interval = partial(INTERVALS[method.interval], level=method.level)
    return ArmReport(arm.value, len(shown), interval(on_policy(sample), sample.people))


def report_target(target: Target, slates: Iterable[LoggedSlate], method: Method) -> TargetReport:
    """What the visitors of all usable slates would have liked of the target's choice."""
    skipped = Counter[str]()
    usable = [slate for slate in slates if _is_usable(slate, skipped)]
    sample = _sample(usable, [target.consider(slate) for slate in usable], method)
    interval = partial(INTERVALS[method.interval], level=method.level)
    return TargetReport(
        target.name,
        len(sample),
        effective_size(sample),
        {name: interval(estimator(sample), sample.people) for name, estimator in ESTIMATORS.items()},
        dict(skipped),
    )


def _is_usable(slate: LoggedSlate, skipped: Counter[str]) -> bool:
    """A slate whose chances are not known, or that chance had no part in, says nothing of another policy."""
    if any(np.isnan(slate.chances)):
        skipped["the recommender told no chances"] += 1
        return False
    if all(chance == 1 for chance in slate.chances) and len(slate.keys) > 1:
        skipped["nothing was left to chance"] += 1
        return False
    return True


def _sample(slates: Sequence[LoggedSlate], considered: Sequence[Considered], method: Method) -> Sample:
    def column(values: Callable[[LoggedSlate, Considered], Sequence[float]], empty: float = 0.0) -> Doubles:
        return _rows([values(*pair) for pair in zip(slates, considered, strict=True)], method.slots, empty)

    chances, wanted = column(lambda slate, _: slate.chances, 1.0), column(lambda _, target: target.chances)
    rewards, people = column(lambda slate, _: slate.liked), _codes([slate.person for slate in slates])
    predicted, expected = _modelled(slates, considered, rewards, people, method.slots)
    seen = column(lambda slate, _: [1.0] * len(slate.keys)) * np.isfinite(wanted)
    return Sample(rewards, np.nan_to_num(wanted / chances), seen, predicted, expected, people)


def _rows(values: Sequence[Sequence[float]], slots: int, empty: float) -> Doubles:
    rows = np.full((len(values), slots), empty)
    for row, found in zip(rows, values, strict=True):
        row[: min(slots, len(found))] = found[:slots]
    return rows


def _codes(words: Sequence[str]) -> NDArray[np.int64]:
    _, codes = np.unique(np.array(words, dtype=str), return_inverse=True)
    return codes.astype(np.int64)


def _modelled(
    slates: Sequence[LoggedSlate],
    considered: Sequence[Considered],
    rewards: Doubles,
    people: NDArray[np.int64],
    slots: int,
) -> tuple[Doubles, Doubles]:
    """The cross-fitted reward model's word for each logged picture, and its mean over what the target drew."""
    numbers: dict[str, int] = {}
    logged = _numbered([slate.keys for slate in slates], numbers, slots)
    drawn = _drawn_numbers(considered, numbers, slots)
    folds = folds_of(people)
    model = RewardModel(Looks(logged, rewards, folds), max(len(numbers), 1))
    predicted, expected = np.zeros_like(rewards), np.zeros_like(rewards)
    for fold in np.unique(folds):
        rates = model.predict(int(fold))
        for row in np.flatnonzero(folds == fold).tolist():
            draws = _without_repeats(drawn[id(considered[row].draws)], logged[row])
            predicted[row] = _mean(rates, logged[row : row + 1])
            expected[row] = _mean(rates, draws) if len(draws) else predicted[row]
    return predicted, expected


def _drawn_numbers(
    considered: Sequence[Considered], numbers: dict[str, int], slots: int
) -> dict[int, NDArray[np.int64]]:
    """Each shared set of draws as numbers, by its identity."""
    shared: dict[int, Draws] = {id(target.draws): target.draws for target in considered}
    return {name: _numbered(draws, numbers, slots) for name, draws in shared.items()}


def _without_repeats(drawn: NDArray[np.int64], logged: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draws without what the log shows in an earlier slot."""
    found = drawn.copy()
    for slot in range(1, drawn.shape[1]):
        found[np.isin(drawn[:, slot], logged[:slot]), slot] = -1
    return found


def _numbered(rows: Sequence[Sequence[str]], numbers: dict[str, int], slots: int) -> NDArray[np.int64]:
    """Keys as numbers (rows × slots), −1 where a row is shorter."""
    found = np.full((len(rows), slots), -1, np.int64)
    for row, keys in zip(found, rows, strict=True):
        for slot, key in enumerate(keys[:slots]):
            row[slot] = numbers.setdefault(key, len(numbers))
    return found


def _mean(rates: Doubles, pictures: NDArray[np.int64]) -> Doubles:
    """Mean rate of each slot over the rows that have a picture there; 0 where none has."""
    slots, there = np.arange(rates.shape[0]), pictures >= 0
    total = np.where(there, rates[slots[None, :], pictures], 0.0).sum(axis=0)
    mean: Doubles = total / np.maximum(there.sum(axis=0), 1)
    return mean
