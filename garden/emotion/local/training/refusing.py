"""What a gate does to photographs as they are and made worse: how many it refuses, and how right the others are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from garden.emotion.local.training.covering import KINDS
from garden.emotion.local.training.limits import Outcome, accuracy
from garden.emotion.local.training.trials import AS_IT_IS, WAYS, Trial
from garden.emotion.quality import Limits, faults

STEPS = 3


def refusals(trials: Sequence[Trial], outcomes: Sequence[Outcome], limits: Limits) -> dict[str, Any]:
    """JSON-ready. Accuracy is balanced over the five emotions that are trained."""
    return {
        "as_it_is": _row(AS_IT_IS, trials, outcomes, limits, (0.0, 0.0)),
        "ways": [
            _row(way, trials, outcomes, limits, between)
            for way in WAYS
            if "again" not in way
            for between in _steps(way)
        ],
    }


def _steps(way: str) -> Iterator[tuple[float, float]]:
    """From mild to strong, or the things that cover."""
    if way == "covered":
        yield from ((float(index), index + 1.0) for index in range(len(KINDS)))
        return
    least, most, even = WAYS[way].least, WAYS[way].most, WAYS[way].even
    edges = np.linspace(0, most, STEPS + 1) if even else np.geomspace(least, most, STEPS + 1)
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _row(
    way: str, trials: Sequence[Trial], outcomes: Sequence[Outcome], limits: Limits, between: tuple[float, float]
) -> dict[str, Any]:
    def belongs(item: Trial | Outcome) -> bool:
        level = item.level if way == "covered" else abs(item.level)
        return item.way.startswith(way) and (way == AS_IT_IS or between[0] <= level < between[1])

    tried = [trial for trial in trials if belongs(trial)]
    read = [outcome for outcome in outcomes if belongs(outcome)]
    refused = [outcome for outcome in read if faults(outcome.quality, limits)]
    passed = [outcome for outcome in read if not faults(outcome.quality, limits)]
    return {
        "way": list(KINDS)[int(between[0])] if way == "covered" else way,
        "from": round(between[0], 3),
        "to": round(between[1], 3),
        "photographs": len(tried),
        "no_face": sum(trial.seen is None for trial in tried),
        "judged": len(read),
        "refused": len(refused) / max(1, len(read)),
        "by": dict(Counter(fault.value for outcome in refused for fault in faults(outcome.quality, limits))),
        "accuracy": accuracy(read),
        "accuracy_let_through": accuracy(passed),
        "accuracy_refused": accuracy(refused),
    }
