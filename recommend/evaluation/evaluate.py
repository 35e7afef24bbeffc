"""Evaluation of a recommender: the slates it would show, and estimates of their likes from logged slates."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from garden.backends import build_backend
from garden.errors import RefusedError
from garden.vocabulary import Orientation
from recommend.backends.base import RankingRequest, Recommender, VisitorContext
from recommend.backends.registry import CHALLENGER_SETTING, SETTING, get_uniform
from recommend.backends.uniform import UniformRecommender
from recommend.evaluation.estimators import (
    ESTIMATORS,
    Doubles,
    Estimate,
    Impressions,
    RewardModel,
    Sample,
    effective_size,
    folds_of,
    interval,
    on_policy,
)
from recommend.evaluation.log import SLOTS, LoggedSlate
from recommend.models.slate import Arm

DRAWS = 200


Draws = Sequence[tuple[str, ...]]
"""Slates that a target drew, keys by slot."""


@dataclass(frozen=True, slots=True)
class Considered:
    """The target's probability of the logged picture in each slot, and the slates it drew, shared between slates.

    The probability is conditional on the target's slot not repeating an earlier logged picture, which the log cannot
    contain twice; so weights have mean 1 whatever was shown before. If all draws repeat one, it is nan.
    """

    chances: tuple[float, ...]
    draws: Draws


@dataclass(slots=True)
class Target:
    """A recommender under evaluation.

    It ranks for an unknown visitor (what it has learned of the real one since would be hindsight), so slates of
    one visitor group, emotion and favorite share the same `draws` rankings, each with its own seed.
    Its probabilities are counted over the draws unless it knows them.
    """

    name: str
    recommender: Recommender
    draws: int = DRAWS
    slots: int = SLOTS
    _drawn: dict[tuple[str, str, str], dict[Orientation, Draws]] = field(default_factory=dict, repr=False)

    def consider(self, slate: LoggedSlate) -> Considered:
        visitor = VisitorContext("", slate.generation, slate.gender, slate.emotion)
        draws = self._draws_for(slate, visitor)[slate.orientation]
        if isinstance(self.recommender, UniformRecommender):
            request = _request(slate, 0, self.slots)
            return Considered(tuple(self.recommender.chances(visitor, request, slate.orientation, slate.keys)), draws)
        return Considered(tuple(_share(draws, slot, slate.keys) for slot in range(len(slate.keys))), draws)

    def _draws_for(self, slate: LoggedSlate, visitor: VisitorContext) -> dict[Orientation, Draws]:
        context = (slate.group, slate.emotion, slate.favorite)
        if context not in self._drawn:
            self._drawn[context] = self._draw(slate, visitor)
        return self._drawn[context]

    def _draw(self, slate: LoggedSlate, visitor: VisitorContext) -> dict[Orientation, Draws]:
        found: dict[Orientation, list[tuple[str, ...]]] = {orientation: [] for orientation in Orientation}
        for number in range(self.draws):
            images = self.recommender.rank(visitor, _request(slate, number, self.slots)).images
            for orientation, ranked in images.items():
                found[orientation].append(tuple(ranked.keys[: self.slots]))
            if not any(ranked.propensities for ranked in images.values()):
                break  # Nothing is random: more rankings would be the same.
        return dict(found)


def _share(draws: Draws, slot: int, logged: Sequence[str]) -> float:
    """Of the draws whose picture in this slot was not logged before it, the share with the logged picture."""
    there = [keys[slot] for keys in draws if len(keys) > slot and keys[slot] not in logged[:slot]]
    return there.count(logged[slot]) / len(there) if there else math.nan


def _request(slate: LoggedSlate, number: int, slots: int) -> RankingRequest:
    """The seed is not the slate's own, with which a recommender would repeat the log."""
    about = f"{slate.group}/{slate.emotion}/{slate.favorite}/{number}"
    seed = hashlib.blake2b(about.encode(), digest_size=16).digest()
    return RankingRequest(slate.emotion, slate.favorite or None, count=slots, seed=int.from_bytes(seed))


NAMES = ("champion", "challenger", "random")


class UnknownTargetError(RefusedError):
    """The name is neither a known one nor a class."""

    code = "unknown_recommender"


def target_of(name: str, options: Mapping[str, Any], draws: int = DRAWS, slots: int = SLOTS) -> Target:
    """`champion` and `challenger` of the settings, `random`, or the dotted path of a backend with its options.

    Raises UnknownTargetError, MisconfiguredError.
    """
    if name == "random":
        return Target(name, get_uniform(), draws, slots)
    setting, entry = _entry(name, options)
    if not entry.get("BACKEND"):
        raise UnknownTargetError(f"The settings name no {name} ({setting}).")
    recommender = build_backend(setting, entry, Recommender)
    return Target(name, recommender, draws, slots)


def _entry(name: str, options: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if name == "champion":
        return SETTING, settings.RECOMMENDER
    if name == "challenger":
        return CHALLENGER_SETTING, settings.RECOMMENDER_CHALLENGER
    if "." not in name:
        raise UnknownTargetError(f"{name!r} is neither one of {', '.join(NAMES)} nor the dotted path of a backend.")
    return "evaluate_recommender", {"BACKEND": name, "OPTIONS": options}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`slots` of a slate count; intervals have the coverage `level`."""

    slots: int = 3
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class ArmReport:
    """Observed likes per slate."""

    arm: str
    slates: int
    likes: Estimate


@dataclass(frozen=True, slots=True)
class TargetReport:
    """Estimated likes per slate of one recommender, by estimator, and the effective number of slates."""

    name: str
    slates: int
    effective: float
    estimates: dict[str, Estimate]
    skipped: dict[str, int]


def report_arm(arm: Arm, slates: Sequence[LoggedSlate], method: Method) -> ArmReport:
    """Observed likes of one arm."""
    shown = [slate for slate in slates if slate.arm == arm]
    sample = _sample(shown, [Considered(slate.chances, ()) for slate in shown], method)
    return ArmReport(arm.value, len(shown), interval(on_policy(sample), sample.people, method.level))


def report_target(target: Target, slates: Iterable[LoggedSlate], method: Method) -> TargetReport:
    """Estimated likes of the target, from all usable slates."""
    skipped = Counter[str]()
    usable = [slate for slate in slates if _is_usable(slate, skipped)]
    sample = _sample(usable, [target.consider(slate) for slate in usable], method)
    return TargetReport(
        target.name,
        len(sample),
        effective_size(sample),
        {name: interval(estimator(sample), sample.people, method.level) for name, estimator in ESTIMATORS.items()},
        dict(skipped),
    )


def _is_usable(slate: LoggedSlate, skipped: Counter[str]) -> bool:
    """A slate with unknown propensities, or without randomness, is no evidence about another policy."""
    if any(np.isnan(slate.chances)):
        skipped["no propensities were logged"] += 1
        return False
    if all(chance == 1 for chance in slate.chances) and len(slate.keys) > 1:
        skipped["nothing was random"] += 1
        return False
    return True


def _sample(slates: Sequence[LoggedSlate], considered: Sequence[Considered], method: Method) -> Sample:
    def column(values: Callable[[LoggedSlate, Considered], Sequence[float]], empty: float = 0.0) -> Doubles:
        return _rows([values(*pair) for pair in zip(slates, considered, strict=True)], method.slots, empty)

    chances, targeted = column(lambda slate, _: slate.chances, 1.0), column(lambda _, target: target.chances)
    rewards, people = column(lambda slate, _: slate.liked), _codes([slate.person for slate in slates])
    predicted, expected = _modelled(slates, considered, rewards, people, method.slots)
    seen = column(lambda slate, _: [1.0] * len(slate.keys)) * np.isfinite(targeted)
    return Sample(rewards, np.nan_to_num(targeted / chances), seen, predicted, expected, people)


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
    """The cross-fitted reward model's prediction for each logged picture, and its mean over the target's draws."""
    numbers: dict[str, int] = {}
    logged = _numbered([slate.keys for slate in slates], numbers, slots)
    drawn = _drawn_numbers(considered, numbers, slots)
    folds = folds_of(people)
    model = RewardModel(Impressions(logged, rewards, folds), max(len(numbers), 1))
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
