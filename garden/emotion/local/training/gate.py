"""Find the numbers of `gate.npz`: python -m garden.emotion.local.training.gate PLACE."""

import argparse
import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from garden.emotion.evaluation.labels import read_labels
from garden.emotion.local.calibration import Fusion, LinearModel, sigmoid
from garden.emotion.local.fusion import TRAINED, fuse
from garden.emotion.local.gate import FILE, PARTS, Gate
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.training.emotions import Strengths
from garden.emotion.local.training.gate_page import with_figures
from garden.emotion.local.training.limits import MOST_REFUSED, WORTH_LESS, Outcome, find_limits
from garden.emotion.local.training.logistic import Recipe, fit, folds
from garden.emotion.local.training.refusing import refusals
from garden.emotion.local.training.trials import AS_IT_IS, Trial, read_trials

PROVENANCE = FILE.with_suffix(".json")
FOLDS, SEED = 5, 0
COVERED = Recipe(classes=2, strength=0.001)


def main() -> None:
    options = _options()
    trials = read_trials(read_labels(options.place)[:: options.every], Networks(options.models))
    outcomes = judge(trials)
    found = Gate(train_covered(trials), find_limits(outcomes))
    provenance = {**_provenance(options, trials), **refusals(trials, outcomes, found.limits)}
    provenance["limits"] = {name: limit for name, limit in asdict(found.limits).items() if limit is not None}
    sys.stdout.write(json.dumps(provenance, indent=1) + "\n")
    if not options.dry_run:
        save(found, provenance)
    if options.page and not options.dry_run:
        options.page.write_text(with_figures(options.page.read_text(), provenance))


def judge(trials: list[Trial]) -> list[Outcome]:
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


def _outcome(trial: Trial, fusion: Fusion, covered: LinearModel, worth: float) -> Outcome:
    assert trial.seen  # noqa: S101  # The caller skips those without.
    shares = fuse(trial.seen.evidence, trial.seen.looks, fusion)
    (logit,) = covered.logits(trial.seen.looks)
    quality = replace(trial.seen.quality, covered=sigmoid(float(logit)))
    right = max(shares, key=lambda emotion: shares[emotion]) is trial.emotion
    return Outcome(trial.way, trial.level, right, worth, quality)


def train_fusion(trials: list[Trial]) -> Fusion:
    """As the analyzer's own, on one view of each photograph as it is."""
    plain = [trial for trial in trials if trial.way == AS_IT_IS and trial.seen]
    labels = np.array([TRAINED.index(trial.emotion) for trial in plain if trial.emotion])
    strengths = Strengths()
    features = np.stack([trial.seen.evidence.features for trial in plain if trial.seen])
    networks = fit(features, labels, Recipe(len(TRAINED), strengths.networks))
    return Fusion(networks, fit(_looks(plain), labels, Recipe(len(TRAINED), strengths.looks)))


def train_covered(trials: list[Trial]) -> LinearModel:
    """Something in front of the face against everything else, bad light and blur included: one logit."""
    chosen = [trial for trial in trials if trial.seen]
    model = fit(_looks(chosen), np.array([int(trial.way.startswith("covered")) for trial in chosen]), COVERED)
    return LinearModel(
        model.mean,
        model.scale,
        model.weights[:, 1:] - model.weights[:, :1],
        model.bias[1:] - model.bias[:1],
    )


def _looks(trials: list[Trial]) -> Tensor:
    return np.stack([trial.seen.looks for trial in trials if trial.seen])


def _provenance(options: argparse.Namespace, trials: list[Trial]) -> dict[str, Any]:
    labels = options.place if options.place.is_file() else options.place / "labels.csv"
    return {
        "labels": {
            "name": options.place.resolve().name,
            "sha256": sha256(labels.read_bytes()).hexdigest() if labels.is_file() else None,
        },
        "photographs": sum(trial.way == AS_IT_IS for trial in trials),
        "people": len({trial.person for trial in trials}),
        "date": datetime.now(UTC).date().isoformat(),
        "worth_less": WORTH_LESS,
        "most_refused_by_one_limit": MOST_REFUSED,
    }


def save(found: Gate, provenance: dict[str, Any]) -> None:
    arrays = {f"covered_{part}": np.asarray(getattr(found.covered, part), np.float16) for part in PARTS}
    limits = {name: np.float32(limit) for name, limit in asdict(found.limits).items() if limit is not None}
    np.savez_compressed(FILE, **arrays, **limits)  # type: ignore[arg-type]
    digest = sha256(FILE.read_bytes()).hexdigest()
    PROVENANCE.write_text(json.dumps({**provenance, "sha256": digest}, indent=1) + "\n")
    sys.stdout.write(f"{FILE}: {FILE.stat().st_size} bytes\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m garden.emotion.local.training.gate", description=__doc__)
    parser.add_argument("place", type=Path, help="a folder or a CSV, as `manage.py evaluate_faces` takes them")
    parser.add_argument("--models", type=Path, default=Path("var/models/face"), help="the converted networks")
    parser.add_argument("--every", type=int, default=1, help="take only every so-many-th photograph")
    parser.add_argument("--page", type=Path, metavar="FILE", help="renew the figures of this page")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
