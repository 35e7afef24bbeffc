"""Age, gender, and what a face wears and does: eyeglasses, beard, open eyes, open mouth, smile."""

from dataclasses import dataclass

import cv2
import numpy as np

from garden.faces.base import Attribute
from garden.faces.local.calibration import Calibration, attribute, calibration
from garden.faces.local.emotions import Evidence
from garden.faces.local.mesh import (
    INNER_LIP_BOTTOM,
    INNER_LIP_LEFT,
    INNER_LIP_RIGHT,
    INNER_LIP_TOP,
    LEFT_EYE_BOTTOM,
    LEFT_EYE_INNER,
    LEFT_EYE_OUTER,
    LEFT_EYE_TOP,
    LIP_CORNER_LEFT,
    LIP_CORNER_RIGHT,
    RIGHT_EYE_BOTTOM,
    RIGHT_EYE_INNER,
    RIGHT_EYE_OUTER,
    RIGHT_EYE_TOP,
    Mesh,
)
from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.portrait import Portrait
from garden.vocabulary import Gender

AGE_SIDE, AGE_CROP = 112, 0.95
DESCRIPTION_SIDE, DESCRIPTION_CROP = 160, 1.2
"""faceres was trained at 224; at 160 it costs half and its gender accuracy is the same."""

REGRESSED = 0.85
"""Weight of face-api's age: on photographs of people of known age it errs by under 7 years, faceres' mean by 10."""

SPREAD = 0.6
LEAST_HALF, MOST_HALF = 3.0, 10.0


@dataclass(frozen=True, slots=True, eq=False)
class FaceDescription:
    """The output of faceres: `ages`, a distribution over 0 … 99 years, `male`, a probability, 1024 `features`."""

    ages: Tensor
    male: float
    features: Tensor


def describe(networks: Networks, portrait: Portrait) -> FaceDescription:
    picture = portrait.tensor(DESCRIPTION_CROP, DESCRIPTION_SIDE)[None]
    ages, gender, features = networks.run("faceres", ["ages", "gender", "features"], picture)
    return FaceDescription(ages[0], float(gender[0, 0]), features[0])


@dataclass(frozen=True, slots=True)
class Demographics:
    age_low: int
    age_high: int
    gender: Gender


def read_demographics(networks: Networks, portrait: Portrait, description: FaceDescription) -> Demographics:
    age, other_male = read_age_and_gender(networks, portrait)
    low, high = age_range(age_guess(age, description.ages))
    male = (other_male + description.male) / 2
    return Demographics(low, high, Gender.MALE if male > 0.5 else Gender.FEMALE)


def read_age_and_gender(networks: Networks, portrait: Portrait) -> tuple[float, float]:
    """face-api's age in years, and its probability of male."""
    picture = portrait.tensor(AGE_CROP, AGE_SIDE)[None]
    age, gender = networks.run("age_gender", ["age", "gender"], picture)
    return float(age[0, 0]), float(gender[0, 0])


def age_range(guess: tuple[float, float], numbers: Calibration | None = None) -> tuple[int, int]:
    """Whole years, low < high, around an `age_guess`: as wide as holds the age of four people of five."""
    middle, doubt = guess
    half = doubt * (numbers or calibration()).age_width
    low = max(0, round(middle - half))
    return low, max(low + 1, round(middle + half))


def age_guess(regressed: float, ages: Tensor) -> tuple[float, float]:
    """An age, and half of how wide faceres is unsure of it; narrower for children."""
    years = np.arange(len(ages))
    mean = float(ages @ years)
    deviation = float(np.sqrt(ages @ (years - mean) ** 2))
    middle = max(1.0, REGRESSED * regressed + (1 - REGRESSED) * mean)
    return middle, min(max(SPREAD * deviation, LEAST_HALF), MOST_HALF, LEAST_HALF + middle / 4)


@dataclass(frozen=True, slots=True)
class Appearance:
    eyeglasses: Attribute
    beard: Attribute
    mustache: Attribute
    sunglasses: Attribute


def read_appearance(looks: Tensor, numbers: Calibration | None = None) -> Appearance:
    """Of faceres' 1024 features."""
    logits: list[float] = (numbers or calibration()).appearance.logits(looks).tolist()
    return Appearance(*(attribute(logit) for logit in logits))


EYE_SIDE = 64
EYE_REACH = 2.3
"""A crop's side, in eye widths."""

EYE_CORNERS = (0, 8)
EYE_LIDS = ((11, 3), (12, 4), (13, 5))
"""Points of the network's eye contour: the corners, and pairs of upper and lower lid."""

_RIGHT_EYE, _LEFT_EYE = (RIGHT_EYE_OUTER, RIGHT_EYE_INNER), (LEFT_EYE_INNER, LEFT_EYE_OUTER)

WIDE_OPEN = 0.34
"""From this opening on the mesh is believed."""

EYES_HALF_OPEN, EYES_STEP = 0.2, 0.016
"""Height by width of an eye that is neither open nor closed, and the step that makes a reading e times as likely:
from 213 photographs labelled by eye, 11 of them with closed eyes."""


def read_eyes_open(networks: Networks, portrait: Portrait, mesh: Mesh) -> Attribute:
    opening = mesh_aperture(mesh)
    if opening < WIDE_OPEN:
        opening = aperture(networks, portrait, mesh)
    return attribute((opening - EYES_HALF_OPEN) / EYES_STEP)


def mesh_aperture(mesh: Mesh) -> float:
    """Height by width of the eyes' opening as the mesh sees it: too large when they are closed, by up to 0.2."""
    right = mesh.distance(RIGHT_EYE_TOP, RIGHT_EYE_BOTTOM) / max(mesh.distance(*_RIGHT_EYE), 1e-6)
    left = mesh.distance(LEFT_EYE_TOP, LEFT_EYE_BOTTOM) / max(mesh.distance(*_LEFT_EYE), 1e-6)
    return (right + left) / 2


def aperture(networks: Networks, portrait: Portrait, mesh: Mesh) -> float:
    """Height by width of the eyes' opening, the mean of both."""
    right = _eye_crop(portrait, mesh, *_RIGHT_EYE)
    left = _eye_crop(portrait, mesh, *_LEFT_EYE)[:, ::-1]  # the network is trained on right eyes
    pictures = np.stack([right, left]).astype(np.float32) / 255
    (points,) = networks.run("iris", ["points"], pictures)
    contour = points.reshape(2, -1, 3)[..., :2]
    heights = np.mean([_contour_distance(contour, *pair) for pair in EYE_LIDS], axis=0)
    return float(np.mean(heights / np.maximum(_contour_distance(contour, *EYE_CORNERS), 1)))


def _contour_distance(contour: Tensor, one: int, other: int) -> Tensor:
    return np.asarray(np.linalg.norm(contour[:, one] - contour[:, other], axis=-1), np.float32)


def _eye_crop(portrait: Portrait, mesh: Mesh, one: int, other: int) -> Tensor:
    first, second = portrait.to_pixels(mesh.flat[[one, other]])
    centre = (first + second) / 2
    scale = EYE_SIDE / (EYE_REACH * max(float(np.linalg.norm(first - second)), 1.0))
    x, y = EYE_SIDE / 2 - scale * centre
    matrix = np.array([[scale, 0, x], [0, scale, y]], np.float32)
    return np.asarray(cv2.warpAffine(portrait.pixels, matrix, (EYE_SIDE, EYE_SIDE), borderMode=cv2.BORDER_REPLICATE))


EMOTION_HAPPY, EXPRESSION_HAPPY = 3, 1
MOUTH_HALF_OPEN, MOUTH_STEP = 0.13, 0.038
"""Height by width of a mouth that is neither open nor closed, and the step that makes a reading e times as likely:
from 133 photographs labelled by eye."""


def smile_features(mesh: Mesh, evidence: Evidence) -> Tensor:
    """How far the lip corners are lifted and apart (in eye spans), and both networks' logits of happy."""
    corners = mesh.points[[LIP_CORNER_RIGHT, LIP_CORNER_LEFT], 1].mean()
    middle = mesh.points[[INNER_LIP_TOP, INNER_LIP_BOTTOM], 1].mean()
    lift = (middle - corners) / mesh.eye_span
    width = mesh.distance(LIP_CORNER_RIGHT, LIP_CORNER_LEFT) / mesh.eye_span
    return np.array(
        [lift, width, _margin(evidence.emotion, EMOTION_HAPPY), _margin(evidence.expression, EXPRESSION_HAPPY)]
    )


def _margin(logits: Tensor, index: int) -> float:
    """A class's logit over that of the strongest other class."""
    return float(logits[index] - np.delete(logits, index).max())


def read_smile(features: Tensor, numbers: Calibration | None = None) -> Attribute:
    """Of `smile_features`."""
    (logit,) = (numbers or calibration()).smile.logits(features)
    return attribute(float(logit))


def read_mouth_open(mesh: Mesh) -> Attribute:
    height = mesh.distance(INNER_LIP_TOP, INNER_LIP_BOTTOM)
    width = max(mesh.distance(INNER_LIP_RIGHT, INNER_LIP_LEFT), 1e-6)
    return attribute((height / width - MOUTH_HALF_OPEN) / MOUTH_STEP)
