"""Train what the face analyzer knows, on labelled photographs:

    python -m tools.faces train FOLDER       the numbers of calibration.npz
    python -m tools.faces quality FOLDER     the limits of the quality check, quality.npz
    python -m tools.faces liveness FOLDER    prints how the liveness networks take drawn screens and prints
    python -m tools.faces agreement FOLDER   prints how far a second reader and the analyzer agree with the labels

FOLDER is as `manage.py evaluate_faces` takes it. Needs requirements/dev.txt and the converted networks.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from garden.faces.evaluation.labels import Labelled, read_labels
from garden.faces.local.calibration import FILE, PARTS, QUALITY_FILE, Calibration
from garden.faces.local.networks import Networks
from garden.faces.local.own_network import CALIBRATION, read_own_network
from tools.faces import agreement, liveness, train, validation
from tools.faces.photographs import ALSO, read_photographs
from tools.faces.quality import train_quality, with_figures
from tools.faces.quality_trials import AS_IT_IS, read_trials


def main() -> None:
    options = _options()
    labelled = read_labels(options.place, [*ALSO, *options.also])[:: options.every]
    options.run(options, labelled, Networks(options.models))


def _train(options: argparse.Namespace, labelled: list[Labelled], networks: Networks) -> None:
    own = read_own_network(options.own) if options.own else None
    photographs = read_photographs(labelled, networks, own)
    provenance = {
        **_provenance(options.place, [photograph.person for photograph in photographs]),
        "also": {path.name: _hash(path) for path in ALSO},
        "seed": train.SEED,
        "strengths": asdict(train.Strengths()),
    }
    if options.judge:
        judged = validation.judge_emotions(photographs, options.rounds)
        provenance["emotions"] = {"rounds": options.rounds, "parts": train.PARTS, **judged}
    sys.stdout.write(json.dumps(provenance, indent=1) + "\n")
    if not options.dry_run:
        _save(own.folder / CALIBRATION if own else FILE, dict(_arrays(train.train(photographs))), provenance)


def _train_quality(options: argparse.Namespace, labelled: list[Labelled], networks: Networks) -> None:
    trials = read_trials(labelled, networks)
    plain = [trial.person for trial in trials if trial.way == AS_IT_IS]
    found, figures = train_quality(trials)
    provenance = {**_provenance(options.place, plain), **figures}
    sys.stdout.write(json.dumps(provenance, indent=1) + "\n")
    if options.dry_run:
        return
    arrays: dict[str, Any] = {f"covered_{part}": np.asarray(getattr(found.covered, part), np.float16) for part in PARTS}
    _save(QUALITY_FILE, arrays | {name: np.float32(limit) for name, limit in figures["limits"].items()}, provenance)
    if options.page:
        options.page.write_text(with_figures(options.page.read_text(), provenance))


def _print_figures(options: argparse.Namespace, labelled: list[Labelled], networks: Networks) -> None:
    for line in options.figures(labelled, networks):
        sys.stdout.write(f"{line}\n")


def _provenance(place: Path, people: Sequence[str]) -> dict[str, Any]:
    """What the numbers were made from, a person a photograph: no name of a person, no path of a machine."""
    labels = place if place.is_file() else place / "labels.csv"
    return {
        "labels": {"name": place.resolve().name, "sha256": _hash(labels) if labels.is_file() else None},
        "photographs": len(people),
        "people": len(set(people)),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _arrays(numbers: Calibration) -> Iterator[tuple[str, Any]]:
    emotions = numbers.emotions
    models = {"networks": emotions.networks, "looks": emotions.looks, "smile": numbers.smile}
    own = {"own": emotions.own} if emotions.own else {}
    for name, model in {**models, "appearance": numbers.appearance, **own}.items():
        for part in PARTS:
            yield f"{name}_{part}", np.asarray(getattr(model, part), np.float32)
    yield "age_width", np.float32(numbers.age_width)


def _save(path: Path, arrays: dict[str, Any], provenance: dict[str, Any]) -> None:
    np.savez_compressed(path, **arrays)
    path.with_suffix(".json").write_text(json.dumps({**provenance, "sha256": _hash(path)}, indent=1) + "\n")
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.faces", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("place", type=Path, metavar="FOLDER", help="labelled photographs")
    common.add_argument("--also", type=Path, action="append", default=[], help="a CSV of more labels (repeatable)")
    common.add_argument("--models", type=Path, default=Path("var/models/face"), help="the converted networks")
    common.add_argument("--every", type=int, default=1, help="take only every so-many-th photograph")
    common.add_argument("--dry-run", action="store_true", help="write nothing")
    commands = parser.add_subparsers(required=True)
    numbers = commands.add_parser("train", parents=[common])
    numbers.add_argument("--judge", action="store_true", help="also seen, unseen and nested figures (minutes)")
    numbers.add_argument("--rounds", type=int, default=1, help="ways to divide people into parts when judging")
    numbers.add_argument("--own", type=Path, metavar="FOLDER", help="fuse this expression network too; written there")
    numbers.set_defaults(run=_train)
    quality = commands.add_parser("quality", parents=[common])
    quality.add_argument("--page", type=Path, metavar="FILE", help="renew the figures of this page")
    quality.set_defaults(run=_train_quality)
    for name, figures in (("liveness", liveness.figures), ("agreement", agreement.figures)):
        commands.add_parser(name, parents=[common]).set_defaults(run=_print_figures, figures=figures)
    return parser.parse_args()


if __name__ == "__main__":
    main()
