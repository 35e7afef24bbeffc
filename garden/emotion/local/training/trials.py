"""Labelled photographs as they are and made worse, each as the analyzer sees it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from garden.emotion.evaluation.labels import Labelled
from garden.emotion.local.demographics import describe
from garden.emotion.local.emotions import Evidence, read_emotions
from garden.emotion.local.faces import Face, find_face
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Pixels
from garden.emotion.local.quality import brightness, grey_face, pose, sharpness
from garden.emotion.local.training.covering import KINDS, covered
from garden.emotion.local.training.turned import nodded, turned
from garden.emotion.local.training.worsened import Worsen, blurred, exposed, shaken, shrunk
from garden.emotion.photo import PhotoLimits, decode_photo
from garden.emotion.quality import Quality
from garden.vocabulary import Emotion

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
class Trial:
    """`seen` is None where no face was found any more."""

    person: str
    emotion: Emotion | None
    way: str
    level: float
    seen: Seen | None


def read_trials(photographs: Iterable[Labelled], networks: Networks) -> list[Trial]:
    """Of those in which a face is found, as they are and once in each of the WAYS."""
    bar = tqdm(list(photographs), unit="photo", disable=None)
    return [trial for labelled in bar for trial in _trials(labelled, networks)]


def _trials(labelled: Labelled, networks: Networks) -> Iterator[Trial]:
    pixels = decode_photo(labelled.path.read_bytes(), PhotoLimits()).pixels
    face = find_face(networks, pixels)
    if face is None:
        return
    yield Trial(labelled.person, labelled.emotion, AS_IT_IS, 0.0, _seen(networks, face))
    random = np.random.default_rng(list(labelled.path.name.encode()))
    for name, way in WAYS.items():
        level = way.level(random)
        worse = way.worsen(pixels, face, level, random)
        yield Trial(labelled.person, labelled.emotion, name, level, _look(networks, worse))


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
