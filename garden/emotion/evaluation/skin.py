"""The skin's tone as the individual typology angle (ITA), measured from a photograph's own pixels."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from garden.emotion.local.faces import Face, find_face
from garden.emotion.local.networks import Networks
from garden.emotion.local.portrait import Pixels
from garden.emotion.photo import PhotoLimits, decode_photo

CHEEKS_AND_FOREHEAD = (50, 280, 101, 330, 151)
"""Points of the mesh around which skin shows on most faces."""

REACH = 7
GREY = 3.0
"""Mean spread of red, green and blue (0 … 255) below which a photograph has no colour to measure."""

TONES = (("very light", 55.0), ("light", 41.0), ("intermediate", 28.0), ("tan", 10.0), ("brown", -30.0))
DARK = "dark"


@dataclass(frozen=True, slots=True)
class SkinTone:
    """Finds the face with the local networks, whatever analyzer is evaluated."""

    networks: Networks

    @classmethod
    def beside(cls, models: Path) -> "SkinTone":
        return cls(Networks(models))

    def __call__(self, data: bytes) -> float | None:
        """Degrees, or None: no face, or a photograph without colours."""
        face = find_face(self.networks, decode_photo(data, PhotoLimits()).pixels)
        return None if face is None else typology_angle(_skin(face))


def typology_angle(skin: Pixels) -> float | None:
    """The ITA of N × RGB: atan((L* - 50) / b*) of the medians, in degrees; light changes it, so it is a rough guide."""
    if float(np.ptp(skin.astype(np.int16), axis=1).mean()) < GREY:
        return None
    colours = cv2.cvtColor((skin[None] / 255).astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    lightness, _, yellow = np.median(colours, axis=0)
    return float(np.degrees(np.arctan2(lightness - 50, yellow)))


def name_of(angle: float) -> str:
    return next((name for name, least in TONES if angle > least), DARK)


def _skin(face: Face) -> Pixels:
    pixels, points = face.portrait.pixels, face.portrait.to_pixels(face.mesh.flat)
    patches = [_patch(pixels, *np.round(points[index]).astype(int)) for index in CHEEKS_AND_FOREHEAD]
    return np.concatenate([patch.reshape(-1, 3) for patch in patches])


def _patch(pixels: Pixels, x: int, y: int) -> Pixels:
    height, width, _ = pixels.shape
    x, y = (min(max(place, REACH), size - REACH - 1) for place, size in ((x, width), (y, height)))
    return pixels[y - REACH : y + REACH + 1, x - REACH : x + REACH + 1]
