"""From which measure on a reading is worth too little: found on photographs made worse, and on those that were not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression

from garden.emotion.local.training.trials import AS_IT_IS
from garden.emotion.quality import Limits, Quality

WORTH_LESS = 0.15
"""A look is too bad where accuracy is this much below that on the photographs as they are."""

MOST_REFUSED = 0.005
"""The part of the photographs as they are that one limit may refuse, whatever it costs."""

CERTAIN = 0.5
"""The least doubt from which on a face may be called covered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial read by numbers that never saw its person; `worth` makes every emotion count the same."""

    way: str
    level: float
    right: bool
    worth: float
    quality: Quality


@dataclass(frozen=True, slots=True)
class Measure:
    """`name` of the quality, the ways that spoil it, and whether more of it is worse (1) or less (-1)."""

    name: str
    ways: tuple[str, ...]
    sign: int

    def badness(self, quality: Quality) -> float:
        value = getattr(quality, self.name)
        return float(abs(value) if self.name in ("yaw", "pitch") else self.sign * value)


MEASURES: dict[str, Measure] = {
    "least_sharpness": Measure("sharpness", ("blurred", "shaken"), -1),
    "darkest": Measure("brightness", ("dark",), -1),
    "brightest": Measure("brightness", ("bright",), 1),
    "least_eye_distance": Measure("eye_distance", ("shrunk",), -1),
    "most_yaw": Measure("yaw", ("turned",), 1),
    "most_pitch": Measure("pitch", ("nodded",), 1),
    "most_covered": Measure("covered", ("covered", "covered again"), 1),
}


def find_limits(outcomes: Iterable[Outcome]) -> Limits:
    known = list(outcomes)
    found: dict[str, Any] = {name: _limit(measure, known) for name, measure in MEASURES.items()}
    return Limits(**found)


def accuracy(outcomes: Iterable[Outcome]) -> float | None:
    """Balanced over the emotions; None of nothing."""
    pairs = [(outcome.right, outcome.worth) for outcome in outcomes]
    right, worth = zip(*pairs, strict=True) if pairs else ((), ())
    return float(np.average(right, weights=worth)) if pairs else None


def _limit(measure: Measure, outcomes: list[Outcome]) -> float | None:
    """In the measure's own direction; None where no reading becomes worth too little. Accuracy is taken to fall with
    badness and to do nothing else."""
    plain = [outcome for outcome in outcomes if outcome.way == AS_IT_IS]
    chosen = plain + [outcome for outcome in outcomes if outcome.way in measure.ways]
    chosen.sort(key=lambda outcome: measure.badness(outcome.quality))
    fitted = isotonic_regression(
        [float(outcome.right) for outcome in chosen], weights=[outcome.worth for outcome in chosen], increasing=False
    ).x
    wanted = (accuracy(plain) or 0.0) - WORTH_LESS
    low = int(np.searchsorted(-fitted, -wanted))
    found = measure.badness(chosen[min(low, len(chosen) - 1)].quality)
    spared = float(np.quantile([measure.badness(outcome.quality) for outcome in plain], 1 - MOST_REFUSED))
    bound = max(found, spared, CERTAIN if measure.name == "covered" else -np.inf)
    if bound >= measure.badness(chosen[-1].quality):
        return None
    return round(measure.sign * bound, 3)
