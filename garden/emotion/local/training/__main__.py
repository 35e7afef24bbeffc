"""Find the numbers of `calibration.npz`: python -m garden.emotion.local.training FOLDER."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from garden.emotion.local.calibration import FILE, LinearModel
from garden.emotion.local.networks import Networks
from garden.emotion.local.training.emotions import judge_emotions, train_emotions
from garden.emotion.local.training.faces import judge_appearance, judge_smile, train_appearance, train_smile
from garden.emotion.local.training.photographs import read_photographs


def main() -> None:
    options = _options()
    photographs = read_photographs(options.folder, Networks(options.models))
    figures = {
        "photographs": len(photographs),
        "balanced_accuracy": judge_emotions(photographs),
        "area_under_curve": {**judge_smile(photographs), **judge_appearance(photographs)},
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    if not options.evaluate:
        _save(
            emotions=train_emotions(photographs),
            smile=train_smile(photographs),
            appearance=train_appearance(photographs),
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m garden.emotion.local.training", description=__doc__)
    parser.add_argument("folder", type=Path, help="photographs with labels.csv: file, person, label")
    parser.add_argument("--models", type=Path, default=Path("var/models/face"), help="the converted networks")
    parser.add_argument("--evaluate", action="store_true", help="print the figures, write nothing")
    return parser.parse_args()


def _save(**models: LinearModel) -> None:
    numbers: dict[str, Any] = {
        f"{name}_{part}": np.asarray(getattr(model, part), np.float32)
        for name, model in models.items()
        for part in ("mean", "scale", "weights", "bias")
    }
    np.savez_compressed(FILE, **numbers)
    sys.stdout.write(f"{FILE}: {FILE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
