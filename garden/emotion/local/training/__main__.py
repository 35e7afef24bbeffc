"""Find the numbers of `calibration.npz`: python -m garden.emotion.local.training PLACE."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from garden.emotion.evaluation.labels import read_labels
from garden.emotion.local.calibration import FILE, Calibration, LinearModel
from garden.emotion.local.networks import Networks
from garden.emotion.local.training.calibrating import train
from garden.emotion.local.training.emotions import PARTS, SEED, Strengths
from garden.emotion.local.training.judging import judge_emotions
from garden.emotion.local.training.photographs import ALSO, Photograph, read_photographs

PROVENANCE = FILE.with_suffix(".json")


def main() -> None:
    options = _options()
    labelled = read_labels(options.place, [*ALSO, *options.also])
    photographs = read_photographs(labelled, Networks(options.models))
    provenance = _provenance(options.place, photographs)
    if options.judge:
        provenance["emotions"] = {
            "rounds": options.rounds,
            "parts": PARTS,
            **judge_emotions(photographs, options.rounds),
        }
    sys.stdout.write(json.dumps(provenance, indent=1) + "\n")
    if not options.dry_run:
        _save(train(photographs), provenance)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m garden.emotion.local.training", description=__doc__)
    parser.add_argument("place", type=Path, help="a folder or a CSV, as `manage.py evaluate_faces` takes them")
    parser.add_argument("--also", type=Path, action="append", default=[], help="a CSV of more labels (repeatable)")
    parser.add_argument("--models", type=Path, default=Path("var/models/face"), help="the converted networks")
    parser.add_argument("--judge", action="store_true", help="also seen, unseen and nested figures (minutes)")
    parser.add_argument("--rounds", type=int, default=1, help="ways to divide people into parts when judging")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    return parser.parse_args()


def _provenance(place: Path, photographs: list[Photograph]) -> dict[str, Any]:
    """What the numbers were made from: no name of a person, no path of a machine."""
    labels = place if place.is_file() else place / "labels.csv"
    return {
        "labels": {"name": place.resolve().name, "sha256": _hash(labels) if labels.is_file() else None},
        "also": {path.name: _hash(path) for path in ALSO},
        "photographs": len(photographs),
        "people": len({photograph.person for photograph in photographs}),
        "date": datetime.now(UTC).date().isoformat(),
        "seed": SEED,
        "strengths": {name: getattr(Strengths(), name) for name in ("networks", "looks", "share")},
    }


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _save(numbers: Calibration, provenance: dict[str, Any]) -> None:
    np.savez_compressed(FILE, **dict(_arrays(numbers)))
    PROVENANCE.write_text(json.dumps({**provenance, "sha256": _hash(FILE)}, indent=1) + "\n")
    sys.stdout.write(f"{FILE}: {FILE.stat().st_size} bytes\n")


def _arrays(numbers: Calibration) -> Iterator[tuple[str, Any]]:
    models: dict[str, LinearModel] = {
        "networks": numbers.emotions.networks,
        "looks": numbers.emotions.looks,
        "smile": numbers.smile,
        "appearance": numbers.appearance,
    }
    for name, model in models.items():
        for part in ("mean", "scale", "weights", "bias"):
            yield f"{name}_{part}", np.asarray(getattr(model, part), np.float32)
    yield "age_width", np.float32(numbers.age_width)


if __name__ == "__main__":
    main()
