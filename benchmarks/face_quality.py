"""What the quality check's chosen limits cost and catch: labelled photographs, as they are and spoilt.

    python -m benchmarks.face_quality FOLDER [--every 12] [--way "as it is"] [--models FOLDER] [--json FILE]

Prints two tables over the faces that the trained limits alone let through: how many each chosen limit refuses, and how
many of the readings are right with and without the chosen limits. FOLDER is as `manage.py evaluate_faces` takes it.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import cv2
import numpy as np

from garden.faces.base import FaceReading, NoFaceError
from garden.faces.evaluation.labels import Labelled, read_labels
from garden.faces.local import LocalAnalyzer, faces
from garden.faces.local.calibration import CHOSEN_LIMITS, QUALITY_FILE
from garden.faces.local.faces import Face, find_face
from garden.faces.local.networks import Networks
from garden.faces.local.portrait import Pixels
from garden.faces.photo import Photo, PhotoLimits, decode_photo
from garden.faces.quality import Limits
from garden.faces.quality import faults as faults_of
from tools.faces.corruptions import Worsen, blurred, exposed

MODELS = Path(__file__).parents[1] / "var" / "models" / "face"
Spoil = Callable[[Pixels, Face], Pixels]
AS_IT_IS, ONE_WAY = "as it is", "upside down, mesh one way up"
RANDOM = np.random.default_rng(0)


def pencil(pixels: Pixels) -> Pixels:
    grey, _ = cv2.pencilSketch(np.ascontiguousarray(pixels[..., ::-1]), sigma_s=60, sigma_r=0.07, shade_factor=0.05)
    return np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)


def cartoon(pixels: Pixels) -> Pixels:
    """A few flat colours with black outlines."""
    flat = pixels
    for _ in range(5):
        flat = np.asarray(cv2.bilateralFilter(flat, 9, 50, 9), np.uint8)
    grey = cv2.medianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 5)
    outlines = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 9, 4)
    return np.where(outlines[..., None] == 0, 0, flat // 48 * 48 + 24).astype(np.uint8)


def painted(pixels: Pixels) -> Pixels:
    styled = cv2.stylization(np.ascontiguousarray(pixels[..., ::-1]), sigma_s=60, sigma_r=0.45)
    return np.asarray(styled, np.uint8)[..., ::-1]


def glare(pixels: Pixels, face: Face) -> Pixels:
    """A lamp's white reflection, as wide as the eyes are apart, somewhere on the face, fading out."""
    middle = face.frame.centre + RANDOM.uniform(-0.25, 0.25, 2) * face.frame.side
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    far = np.hypot(columns - middle[0], rows - middle[1]) / face.eye_distance
    light = np.clip(1.5 - 2 * far, 0, 1)[..., None]
    return np.asarray(pixels * (1 - light) + 255 * light, np.uint8)


def worsened(worsen: Worsen, level: float) -> Spoil:
    return lambda pixels, face: worsen(pixels, face, level, RANDOM)


WAYS: Mapping[str, Spoil] = {
    AS_IT_IS: lambda pixels, _: pixels,
    **{f"blurred by {level:g} eye distances": worsened(blurred, level) for level in (0.05, 0.06, 0.08)},
    **{f"{level:g} times the light": worsened(exposed, level) for level in (0.01, 0.03, 0.1, 2, 4, 8)},
    "glare": lambda pixels, face: glare(pixels, face),
    "turned by 90 degrees to the left": lambda pixels, _: np.rot90(pixels),
    "turned by 90 degrees to the right": lambda pixels, _: np.rot90(pixels, 3),
    "upside down": lambda pixels, _: np.rot90(pixels, 2),
    ONE_WAY: lambda pixels, _: np.rot90(pixels, 2),
    "pencil": lambda pixels, _: pencil(pixels),
    "cartoon": lambda pixels, _: cartoon(pixels),
    "painted": lambda pixels, _: painted(pixels),
}


@dataclass(frozen=True, slots=True)
class Trial:
    way: str
    labelled: Labelled
    reading: FaceReading | None

    @property
    def right(self) -> bool:
        return self.reading is not None and self.reading.emotion is self.labelled.emotion


def main() -> None:
    options = _arguments()
    analyzer, networks = LocalAnalyzer(models=options.models), Networks(options.models)
    labelled = read_labels(options.place)[:: options.every]
    trials = [trial for each in labelled for trial in _trials(each, analyzer, networks, options.way)]
    rows = [_row([trial for trial in trials if trial.way == way]) for way in options.way or WAYS]
    print("\n".join(_lines(rows)))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


def _trials(labelled: Labelled, analyzer: LocalAnalyzer, networks: Networks, ways: list[str] | None) -> Iterator[Trial]:
    """Of photographs in which a face is found; every way, unless `ways` are chosen."""
    pixels = decode_photo(labelled.path.read_bytes(), PhotoLimits()).pixels
    face = find_face(networks, pixels)
    if face is None:
        return
    for way in ways or WAYS:
        turns = (0.0,) if way == ONE_WAY else faces.TURNS
        with mock.patch.object(faces, "TURNS", turns):
            yield Trial(way, labelled, _reading(analyzer, np.ascontiguousarray(WAYS[way](pixels, face))))


def _reading(analyzer: LocalAnalyzer, pixels: Pixels) -> FaceReading | None:
    try:
        return analyzer.analyze(Photo(pixels=pixels, data=b""))
    except NoFaceError:
        return None


def _trained() -> Limits:
    with np.load(QUALITY_FILE) as numbers:
        names = [name for name in asdict(Limits()) if name in numbers]
        return _limits(**{name: float(numbers[name]) for name in names})


def _limits(**limits: Any) -> Limits:
    return Limits(**limits)


def _row(trials: list[Trial]) -> dict[str, Any]:
    found = [trial for trial in trials if trial.reading]
    passed = [trial for trial in found if not _faults(trial, _trained())]
    kept = [trial for trial in passed if not _faults(trial, _limits(**CHOSEN_LIMITS))]
    return {
        "way": trials[0].way,
        "photographs": len(trials),
        "found": len(found),
        "passed": len(passed),
        "refused_by": {
            name: sum(_faults(trial, _limits(**{name: limit})) for trial in passed)
            for name, limit in CHOSEN_LIMITS.items()
        },
        "refused": len(passed) - len(kept),
        "right_before": _share(passed),
        "right_after": _share(kept),
    }


def _faults(trial: Trial, limits: Limits) -> bool:
    return trial.reading is not None and bool(faults_of(trial.reading.quality, limits))


def _share(trials: list[Trial]) -> float | None:
    known = [trial.right for trial in trials if trial.labelled.emotion]
    return sum(known) / len(known) if known else None


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    limits = " | ".join(f"`{name}` {limit:g}" for name, limit in CHOSEN_LIMITS.items())
    yield f"| photographs | face found | let through by the trained limits | {limits} | refused by any |"
    yield "|---" * (len(CHOSEN_LIMITS) + 4) + "|"
    for row in rows:
        counts = " | ".join(str(count) for count in row["refused_by"].values())
        found = f"{row['found']} of {row['photographs']}"
        yield f"| {row['way']} | {found} | {row['passed']} | {counts} | {row['refused']} |"
    yield "\n| photographs | right with the trained limits | with the chosen ones |\n|---|---|---|"
    for row in rows:
        shares = ("–" if share is None else f"{share:.0%}" for share in (row["right_before"], row["right_after"]))
        yield f"| {row['way']} | {' | '.join(shares)} |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path, metavar="FOLDER", help="labelled photographs")
    parser.add_argument("--every", type=int, default=1, help="take only every so-many-th photograph")
    parser.add_argument("--way", action="append", choices=list(WAYS), help="spoil them only so; may be repeated")
    parser.add_argument("--models", type=Path, default=MODELS, metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
