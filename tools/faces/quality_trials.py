"""Limits of the quality check: from which measure on a reading is worth too little.

Found on labelled photographs as they are and made worse, each as the analyzer sees it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression
from tqdm import tqdm

from garden.faces.evaluation.labels import Labelled
from garden.faces.local.attributes import describe
from garden.faces.local.emotions import Evidence, read_emotions
from garden.faces.local.faces import Face, find_face
from garden.faces.local.mesh import Mesh
from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.portrait import Pixels
from garden.faces.local.quality import brightness, grey_face, pose, sharpness
from garden.faces.photo import PhotoLimits, decode_photo
from garden.faces.quality import Limits, Quality
from garden.vocabulary import Emotion
from tools.faces.corruptions import KINDS, Worsen, blurred, covered, exposed, nodded, shaken, shrunk, turned

AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a photograph worse, by a random amount between two levels."""

    worsen: Worsen
    least: float
    most: float
    even: bool = False

    def level(self, random: np.random.Generator) -> float:
        """Levels are ratios unless they are `even`."""
        if self.even:
            return float(random.uniform(self.least, self.most))
        return float(np.exp(random.uniform(np.log(self.least), np.log(self.most))))


WAYS: dict[str, Way] = {
    "blurred": Way(blurred, 0.02, 0.25),
    "shaken": Way(shaken, 0.1, 1.0),
    "dark": Way(exposed, 0.002, 0.5),
    "bright": Way(exposed, 1.5, 12.0),
    "shrunk": Way(shrunk, 8.0, 60.0),
    "turned": Way(turned, -50.0, 50.0, even=True),
    "nodded": Way(nodded, -45.0, 45.0, even=True),
    "covered": Way(covered, 0.0, len(KINDS) - 1e-6, even=True),
    "covered again": Way(covered, 0.0, len(KINDS) - 1e-6, even=True),
}


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the analyzer makes of a photograph; `quality` lacks `covered`, which is yet to be trained."""

    evidence: Evidence
    looks: Tensor
    mesh: Mesh
    quality: Quality


@dataclass(frozen=True, slots=True, eq=False)
class QualityTrial:
    """`seen` is None where no face was found any more."""

    person: str
    emotion: Emotion | None
    way: str
    level: float
    seen: Seen | None


def read_trials(photographs: Iterable[Labelled], networks: Networks) -> list[QualityTrial]:
    """Of those in which a face is found, as they are and once in each of the WAYS."""
    bar = tqdm(list(photographs), unit="photo", disable=None)
    return [trial for labelled in bar for trial in _trials(labelled, networks)]


def _trials(labelled: Labelled, networks: Networks) -> Iterator[QualityTrial]:
    pixels = decode_photo(labelled.path.read_bytes(), PhotoLimits()).pixels
    face = find_face(networks, pixels)
    if face is None:
        return
    yield QualityTrial(labelled.person, labelled.emotion, AS_IT_IS, 0.0, _seen(networks, face))
    random = np.random.default_rng(list(labelled.path.name.encode()))
    for name, way in WAYS.items():
        level = way.level(random)
        worse = way.worsen(pixels, face, level, random)
        yield QualityTrial(labelled.person, labelled.emotion, name, level, _look(networks, worse))


def _look(networks: Networks, pixels: Pixels) -> Seen | None:
    face = find_face(networks, pixels)
    return _seen(networks, face) if face else None


def _seen(networks: Networks, face: Face) -> Seen:
    grey, (yaw, pitch) = grey_face(face), pose(face.mesh)
    quality = Quality(
        sharpness=sharpness(grey),
        brightness=brightness(grey),
        eye_distance=face.eye_distance,
        yaw=yaw,
        pitch=pitch,
    )
    looks = describe(networks, face.portrait).features.astype(np.float32)
    return Seen(read_emotions(networks, face.portrait), looks, face.mesh, quality)


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
    least = (accuracy(plain) or 0.0) - WORTH_LESS
    low = int(np.searchsorted(-fitted, -least))
    found = measure.badness(chosen[min(low, len(chosen) - 1)].quality)
    spared = float(np.quantile([measure.badness(outcome.quality) for outcome in plain], 1 - MOST_REFUSED))
    bound = max(found, spared, CERTAIN if measure.name == "covered" else -np.inf)
    if bound >= measure.badness(chosen[-1].quality):
        return None
    return round(measure.sign * bound, 3)
