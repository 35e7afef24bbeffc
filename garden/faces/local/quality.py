"""How well a face can be seen, measured on its portrait and its mesh; whether it is a person or a picture of one."""

import cv2
import numpy as np

from garden.faces.local.calibration import QualityModel, quality_model, sigmoid
from garden.faces.local.faces import Face
from garden.faces.local.mesh import LEFT_EYE_OUTER, RIGHT_EYE_OUTER, Mesh
from garden.faces.local.networks import Networks, Tensor
from garden.faces.local.portrait import Pixels, Portrait
from garden.faces.quality import Quality

SIDE, CROP = 96, 0.8
"""About what the networks see of a face, without its surroundings: sharper than that helps none of them."""

REACH = 9
"""Pixels over which the blur that sharpness compares with is averaged."""

FOREHEAD, CHIN = 10, 152


def measure_quality(face: Face, looks: Tensor, numbers: QualityModel | None = None) -> Quality:
    """Everything but whether it is a person; `looks` is faceres' 1024 features."""
    grey, (yaw, pitch) = grey_face(face), pose(face.mesh)
    (covered,) = (numbers or quality_model()).covered.logits(looks)
    return Quality(
        sharpness=sharpness(grey),
        brightness=brightness(grey),
        glare=glare(grey),
        eye_distance=face.eye_distance,
        yaw=yaw,
        pitch=pitch,
        roll=float(np.degrees(face.frame.roll)),
        covered=sigmoid(float(covered)),
        beside=face.beside,
    )


def grey_face(face: Face) -> Pixels:
    return np.asarray(cv2.cvtColor(face.portrait.crop(CROP, SIDE), cv2.COLOR_RGB2GRAY), np.uint8)


def sharpness(grey: Pixels) -> float:
    """0 … 1: how much of the differences between neighbours is lost when the picture is blurred, in the direction that
    loses less; light and contrast cancel out. The no-reference blur metric of Crete, Dolmiere, Ladret and Nicolas,
    "The Blur Effect" (SPIE Human Vision and Electronic Imaging XII, 2007), as 1 - blur."""
    picture = grey.astype(np.float32)
    return min(_lost(picture, axis=0), _lost(picture, axis=1))


def _lost(picture: Tensor, axis: int) -> float:
    size = (1, REACH) if axis == 0 else (REACH, 1)
    before = np.abs(np.diff(picture, axis=axis))
    after = np.abs(np.diff(cv2.blur(picture, size), axis=axis))
    total = float(before.sum())
    return float(np.maximum(before - after, 0).sum()) / total if total > 0 else 0.0


def brightness(grey: Pixels) -> float:
    """The median, 0 … 1."""
    return float(np.median(grey)) / 255


BURNT, NEARLY_BURNT, BRIGHTER = 250, 220, 0.15
"""Where this part of the other pixels is nearly white too, all of the face has too much light, which harms a reading
far less than a reflection does."""


def glare(grey: Pixels) -> float:
    """The part of the face, 0 … 1, that a reflection burns white; 0 where all of the face is bright."""
    others = grey[grey < BURNT]
    if not others.size or np.quantile(others, 1 - BRIGHTER) >= NEARLY_BURNT:
        return 0.0
    return 1 - others.size / grey.size


def pose(mesh: Mesh) -> tuple[float, float]:
    """Yaw and pitch in degrees, from the depths that the mesh gives the outer corners of the eyes, and forehead and
    chin."""
    right = mesh.points[LEFT_EYE_OUTER] - mesh.points[RIGHT_EYE_OUTER]
    down = mesh.points[CHIN] - mesh.points[FOREHEAD]
    yaw = np.degrees(np.arctan2(right[2], abs(right[0]) + 1e-6))
    pitch = np.degrees(np.arctan2(-down[2], abs(down[1]) + 1e-6))
    return float(yaw), float(pitch)


LIVENESS_NETWORKS = ("antispoof", "liveness")
LIVENESS_CROP = 1.5
"""About the reach of the crop that the networks' own package gives them."""

ANTISPOOF_SIDE, LIVENESS_SIDE = 128, 32

LEAST_LIVE = 0.23


def read_live(networks: Networks, portrait: Portrait) -> float:
    """0 … 1: the lower of both networks' words, since either one may be taken in by another kind of picture."""
    (real,) = networks.run("antispoof", ["real"], portrait.tensor(LIVENESS_CROP, ANTISPOOF_SIDE)[None] / 255)
    (live,) = networks.run("liveness", ["live"], portrait.tensor(LIVENESS_CROP, LIVENESS_SIDE)[None] / 255)
    return min(float(real.ravel()[0]), float(live.ravel()[0]))
