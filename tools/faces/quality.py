"""Training the quality check: its limits, whether something hides a part of the face, and the figures of its page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from garden.faces.local.calibration import Fusion, LinearModel, QualityModel, sigmoid
from garden.faces.local.emotions import TRAINED, fuse
from garden.faces.local.networks import Tensor
from garden.faces.quality import Limits, faults
from tools.faces.corruptions import KINDS
from tools.faces.logistic import TrainingRecipe, fit, fit_flag, folds
from tools.faces.quality_trials import (
    AS_IT_IS,
    MOST_REFUSED,
    WAYS,
    WORTH_LESS,
    Outcome,
    QualityTrial,
    accuracy,
    find_limits,
)
from tools.faces.train import Strengths

STEPS = 3


def refusals(trials: Sequence[QualityTrial], outcomes: Sequence[Outcome], limits: Limits) -> dict[str, Any]:
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
    way: str, trials: Sequence[QualityTrial], outcomes: Sequence[Outcome], limits: Limits, between: tuple[float, float]
) -> dict[str, Any]:
    def belongs(item: QualityTrial | Outcome) -> bool:
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


BEGIN, END = "<!-- quality -->", "<!-- end of quality -->"

UNITS = {
    "blurred": "standard deviation {} to {} eye distances",
    "shaken": "by {} to {} eye distances",
    "dark": "{} to {} times the light",
    "bright": "{} to {} times the light",
    "shrunk": "eyes {} to {} pixels apart",
    "turned": "{} to {} degrees",
    "nodded": "{} to {} degrees",
}


def with_figures(page: str, found: Mapping[str, Any]) -> str:
    """The page with the text between the marks replaced. Raises ValueError without marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n\n{chr(10).join(_lines(found))}\n\n{END}{after}"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    plain = found["as_it_is"]
    refused = ", ".join(f"{name} {count}" for name, count in sorted(plain["by"].items())) or "none"
    yield (
        f"{found['photographs']} photographs of {found['people']} people, {found['date']}. Of the {plain['judged']} "
        f"that show one of the five trained emotions, as they are, {plain['refused']:.1%} are refused ({refused})."
    )
    yield "\n| limit | number |\n|---|---|"
    yield from (f"| `{name}` | {limit:g} |" for name, limit in found["limits"].items())
    yield "\n| photographs | no face found | refused | right, of all | of those let through | of those refused |"
    yield "|---|---|---|---|---|---|"
    yield _table_row(plain)
    yield from (_table_row(row) for row in found["ways"])


def _table_row(row: Mapping[str, Any]) -> str:
    unit = UNITS.get(row["way"], "").format(f"{row['from']:g}", f"{row['to']:g}")
    shares = [row["accuracy"], row["accuracy_let_through"], row["accuracy_refused"]]
    cells = [
        f"{row['way']}, {unit}" if unit else row["way"],
        f"{row['no_face'] / max(1, row['photographs']):.0%}",
        f"{row['refused']:.0%}",
        *("–" if share is None else f"{share:.0%}" for share in shares),
    ]
    return f"| {' | '.join(cells)} |"


FOLDS, SEED = 5, 0
COVERED = TrainingRecipe(classes=2, strength=0.001)


def train_quality(trials: list[QualityTrial]) -> tuple[QualityModel, dict[str, Any]]:
    """The numbers of `quality.npz`, and the figures of their page."""
    outcomes = judge(trials)
    found = QualityModel(train_covered(trials), find_limits(outcomes))
    limits = {name: limit for name, limit in asdict(found.limits).items() if limit is not None}
    bounds = {"worth_less": WORTH_LESS, "most_refused_by_one_limit": MOST_REFUSED}
    return found, {**bounds, **refusals(trials, outcomes, found.limits), "limits": limits}


def judge(trials: list[QualityTrial]) -> list[Outcome]:
    """Every trial of a trained emotion, read by numbers of other people."""
    known = [trial for trial in trials if trial.emotion in TRAINED]
    counts = {emotion: sum(t.way == AS_IT_IS and t.emotion is emotion for t in known) for emotion in TRAINED}
    outcomes: list[Outcome] = []
    for out in folds(np.array([trial.person for trial in known]), FOLDS, SEED):
        kept = [trial for trial, tested in zip(known, out, strict=True) if not tested]
        fusion, covered = train_fusion(kept), train_covered(kept)
        for index in np.flatnonzero(out):
            trial = known[index]
            if trial.seen and trial.emotion:
                outcomes.append(_outcome(trial, fusion, covered, 1 / counts[trial.emotion]))
    return outcomes


def _outcome(trial: QualityTrial, fusion: Fusion, covered: LinearModel, worth: float) -> Outcome:
    assert trial.seen  # noqa: S101  # The caller skips those without.
    shares = fuse(trial.seen.evidence, trial.seen.looks, fusion)
    (logit,) = covered.logits(trial.seen.looks)
    quality = replace(trial.seen.quality, covered=sigmoid(float(logit)))
    right = max(shares, key=lambda emotion: shares[emotion]) is trial.emotion
    return Outcome(trial.way, trial.level, right, worth, quality)


def train_fusion(trials: list[QualityTrial]) -> Fusion:
    """As the analyzer's own, on one view of each photograph as it is."""
    plain = [trial for trial in trials if trial.way == AS_IT_IS and trial.seen]
    labels = np.array([TRAINED.index(trial.emotion) for trial in plain if trial.emotion])
    strengths = Strengths()
    features = np.stack([trial.seen.evidence.features for trial in plain if trial.seen])
    networks = fit(features, labels, TrainingRecipe(len(TRAINED), strengths.networks))
    return Fusion(networks, fit(_looks(plain), labels, TrainingRecipe(len(TRAINED), strengths.looks)))


def train_covered(trials: list[QualityTrial]) -> LinearModel:
    """Something in front of the face against everything else, bad light and blur included: one logit."""
    chosen = [trial for trial in trials if trial.seen]
    return fit_flag(_looks(chosen), np.array([trial.way.startswith("covered") for trial in chosen]), COVERED)


def _looks(trials: list[QualityTrial]) -> Tensor:
    return np.stack([trial.seen.looks for trial in trials if trial.seen])
