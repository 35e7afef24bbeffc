"""Labelled photographs as what the networks make of them; sunglasses are drawn, since too few people wear any."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from garden.faces.evaluation.labels import Labelled
from garden.faces.local.attributes import (
    DESCRIPTION_CROP,
    DESCRIPTION_SIDE,
    age_guess,
    describe,
    read_age_and_gender,
    smile_features,
)
from garden.faces.local.emotions import Evidence, read_emotions
from garden.faces.local.faces import find_face
from garden.faces.local.mesh import LEFT_EYE_INNER, LEFT_EYE_OUTER, RIGHT_EYE_INNER, RIGHT_EYE_OUTER, Mesh
from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.own_network import OwnNetwork
from garden.faces.local.portrait import Pixels, Portrait
from garden.faces.photo import PhotoLimits, decode_photo
from garden.vocabulary import Emotion


def with_sunglasses(portrait: Portrait, mesh: Mesh, random: np.random.Generator) -> Portrait:
    """The same portrait behind two dark lenses of a random shape, darkness, tint and glare, joined by a bridge."""
    points = portrait.to_pixels(mesh.flat)
    eyes = [(points[one] + points[other]) / 2 for one, other in _CORNERS]
    width = float(np.mean([np.linalg.norm(points[one] - points[other]) for one, other in _CORNERS]))
    lenses = np.zeros(portrait.pixels.shape[:2], np.float32)
    reach = width * random.uniform([0.75, 0.5], [1.05, 0.85])
    for eye in eyes:
        _lens(lenses, eye + np.array([0, width * random.uniform(0.0, 0.25)]), reach, angular=random.random() < 0.5)
    _bridge(lenses, eyes, width, random)
    return Portrait(_tinted(portrait.pixels, cv2.GaussianBlur(lenses, (0, 0), 1.0), random))


_CORNERS = ((RIGHT_EYE_OUTER, RIGHT_EYE_INNER), (LEFT_EYE_INNER, LEFT_EYE_OUTER))


def _lens(lenses: Tensor, centre: Tensor, reach: Tensor, *, angular: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, 40)
    power = 0.5 if angular else 0.9
    outline = np.stack([np.cos(angle), np.sin(angle)], -1)
    outline = np.sign(outline) * np.abs(outline) ** power * reach + centre
    cv2.fillPoly(lenses, [outline.round().astype(np.int32)], 1.0)


def _bridge(lenses: Tensor, eyes: list[Tensor], width: float, random: np.random.Generator) -> None:
    right, left = ((eye - np.array([0, width * 0.15])).round().astype(int).tolist() for eye in eyes)
    cv2.line(lenses, right, left, 1.0, int(random.integers(2, 7)))


def _tinted(pixels: Pixels, lenses: Tensor, random: np.random.Generator) -> Pixels:
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]] / pixels.shape[0]
    glare = np.clip(
        np.sin(random.uniform(2, 9) * (rows + random.uniform(-1, 1) * columns) + random.uniform(0, 6)), 0, 1
    )
    glass = random.uniform(2, 45) + random.uniform(0, 70) * glare[..., None] ** 3 + random.uniform(-6, 6, 3)
    cover = lenses[..., None] * random.uniform(0.82, 1.0)
    return np.asarray(np.clip(pixels * (1 - cover) + glass * cover, 0, 255), np.uint8)


HERE = Path(__file__).parent
ALSO = (HERE / "worn.csv", HERE / "people.csv")
"""What was labelled by eye, and what is publicly known of the people: see the model card."""


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """`description` is 2 × 1024: faceres' features of the face and of its mirror image; `shaded` is the same behind
    drawn sunglasses, where it is labelled what people wear. `guess` is the age that is read and half of how unsure it
    is; `age` the true one."""

    file: str
    person: str
    emotion: Emotion | None
    evidence: Evidence
    smile: Tensor
    description: Tensor
    shaded: Tensor | None
    guess: tuple[float, float]
    age: float | None
    attributes: Mapping[str, bool]

    @property
    def looks(self) -> Tensor:
        """What an analyzer gets of `description`."""
        return np.asarray(self.description[0])


def read_photographs(
    photographs: Iterable[Labelled], networks: Networks, own: OwnNetwork | None = None
) -> list[Photograph]:
    """Those in which a face is found."""
    read = (_read(labelled, networks, own) for labelled in tqdm(list(photographs), unit="photo", disable=None))
    return [photograph for photograph in read if photograph]


def _read(labelled: Labelled, networks: Networks, own: OwnNetwork | None) -> Photograph | None:
    photo = decode_photo(labelled.path.read_bytes(), PhotoLimits())
    face = find_face(networks, photo.pixels)
    if face is None:
        return None
    evidence = read_emotions(networks, face.portrait, own)
    random = np.random.default_rng(list(labelled.path.name.encode()))
    age, _ = read_age_and_gender(networks, face.portrait)
    return Photograph(
        file=str(labelled.path),
        person=labelled.person,
        emotion=labelled.emotion,
        evidence=evidence,
        smile=smile_features(face.mesh, evidence),
        description=_described(networks, face.portrait),
        shaded=_described(networks, with_sunglasses(face.portrait, face.mesh, random))
        if "sunglasses" in labelled.attributes
        else None,
        guess=age_guess(age, describe(networks, face.portrait).ages),
        age=labelled.age,
        attributes=labelled.attributes,
    )


def _described(networks: Networks, portrait: Portrait) -> Tensor:
    picture = portrait.tensor(DESCRIPTION_CROP, DESCRIPTION_SIDE)
    (features,) = networks.run("faceres", ["features"], np.stack([picture, picture[:, ::-1]]))
    return features
