"""Labelled photographs as what the networks make of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from garden.emotion.local.demographics import DESCRIPTION_CROP, DESCRIPTION_SIDE
from garden.emotion.local.emotions import Evidence, read_emotions
from garden.emotion.local.faces import find_face
from garden.emotion.local.mouth import smile_features
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Portrait
from garden.emotion.local.training.drawn import with_sunglasses
from garden.emotion.photo import PhotoLimits, decode_photo
from garden.vocabulary import Emotion

WORDS = {
    "anger": Emotion.ANGRY,
    "happiness": Emotion.HAPPY,
    "sadness": Emotion.SAD,
    "surprise": Emotion.SURPRISED,
    "neutral": Emotion.CALM,
    "disgust": Emotion.DISGUSTED,
    "fear": Emotion.FEAR,
}
JITTER = (1.0, 0.92, 1.08)
"""Crops for training, as parts of the usual one; the first is the usual one."""


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """`description` is 6 × 1024: faceres' features of three crops and of their mirror images; `shaded` is the same
    behind drawn sunglasses."""

    file: str
    person: str
    emotion: Emotion
    evidence: Evidence
    smile: Tensor
    description: Tensor
    shaded: Tensor


def read_photographs(folder: Path, networks: Networks) -> list[Photograph]:
    """The photographs of `labels.csv` (file, person, label) in which a face is found."""
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    read = (_read(folder, row, networks) for row in tqdm(rows, unit="photo", disable=None))
    return [photograph for photograph in read if photograph]


def _read(folder: Path, row: dict[str, str], networks: Networks) -> Photograph | None:
    photo = decode_photo((folder / row["file"]).read_bytes(), PhotoLimits())
    face = find_face(networks, photo.pixels)
    if face is None:
        return None
    evidence = read_emotions(networks, face.portrait)
    smile = smile_features(face.mesh, evidence)
    described = _described(networks, face.portrait)
    random = np.random.default_rng(list(row["file"].encode()))
    shaded = _described(networks, with_sunglasses(face.portrait, face.mesh, random))
    return Photograph(row["file"], row["person"], WORDS[row["label"]], evidence, smile, described, shaded)


def _described(networks: Networks, portrait: Portrait) -> Tensor:
    crops = np.stack([portrait.tensor(DESCRIPTION_CROP * part, DESCRIPTION_SIDE) for part in JITTER])
    (features,) = networks.run("faceres", ["features"], np.concatenate([crops, crops[:, :, ::-1]]))
    return features
