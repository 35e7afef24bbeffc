"""Labelled photographs as what the networks make of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from garden.emotion.evaluation.labels import Labelled
from garden.emotion.local.demographics import (
    DESCRIPTION_CROP,
    DESCRIPTION_SIDE,
    age_guess,
    describe,
    read_age_and_gender,
)
from garden.emotion.local.emotions import Evidence, read_emotions
from garden.emotion.local.faces import find_face
from garden.emotion.local.mesh import Mesh
from garden.emotion.local.mouth import smile_features
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Portrait
from garden.emotion.local.training.drawn import with_sunglasses
from garden.emotion.photo import PhotoLimits, decode_photo
from garden.vocabulary import Emotion

HERE = Path(__file__).parent
ALSO = (HERE / "worn.csv", HERE / "people.csv")
"""What was labelled by eye, and what is publicly known of the people: see the model card."""

JITTER = (1.0, 0.92, 1.08)
"""Crops for training, as parts of the usual one; the first is the usual one."""


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """`description` is 6 × 1024: faceres' features of three crops and of their mirror images; `shaded` is the same
    behind drawn sunglasses. `guess` is the age that is read and half of how unsure it is; `age` the true one."""

    file: str
    person: str
    emotion: Emotion | None
    evidence: Evidence
    smile: Tensor
    description: Tensor
    shaded: Tensor
    mesh: Mesh
    guess: tuple[float, float]
    age: float | None
    attributes: Mapping[str, bool]

    @property
    def looks(self) -> Tensor:
        """What an analyzer gets of `description`."""
        return np.asarray(self.description[0])


def read_photographs(photographs: Iterable[Labelled], networks: Networks) -> list[Photograph]:
    """Those in which a face is found."""
    read = (_read(labelled, networks) for labelled in tqdm(list(photographs), unit="photo", disable=None))
    return [photograph for photograph in read if photograph]


def _read(labelled: Labelled, networks: Networks) -> Photograph | None:
    photo = decode_photo(labelled.path.read_bytes(), PhotoLimits())
    face = find_face(networks, photo.pixels)
    if face is None:
        return None
    evidence = read_emotions(networks, face.portrait)
    random = np.random.default_rng(list(labelled.path.name.encode()))
    age, _ = read_age_and_gender(networks, face.portrait)
    return Photograph(
        file=str(labelled.path),
        person=labelled.person,
        emotion=labelled.emotion,
        evidence=evidence,
        smile=smile_features(face.mesh, evidence),
        description=_described(networks, face.portrait),
        shaded=_described(networks, with_sunglasses(face.portrait, face.mesh, random)),
        mesh=face.mesh,
        guess=age_guess(age, describe(networks, face.portrait).ages),
        age=labelled.age,
        attributes=labelled.attributes,
    )


def _described(networks: Networks, portrait: Portrait) -> Tensor:
    crops = np.stack([portrait.tensor(DESCRIPTION_CROP * part, DESCRIPTION_SIDE) for part in JITTER])
    (features,) = networks.run("faceres", ["features"], np.concatenate([crops, crops[:, :, ::-1]]))
    return features
