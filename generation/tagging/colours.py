"""The colours of a picture, by the names that everybody uses."""

import cv2
import numpy as np
from numpy.typing import NDArray

NAMED = {
    "red": "#d02020",
    "orange": "#f08020",
    "yellow": "#f4d030",
    "green": "#4a8a3c",
    "turquoise": "#3fb8af",
    "blue": "#3c6fc4",
    "purple": "#7f4bb0",
    "pink": "#f3a0c0",
    "brown": "#7a5230",
    "white": "#f7f7f4",
    "grey": "#8c8c8c",
    "black": "#141414",
}
FAINTEST = 0.06
"""A colour of a smaller share of the picture is not one of its colours."""
_SIDE = 96


def shares(pixels: NDArray[np.uint8]) -> dict[str, float]:
    """Names of colours and the share of an RGB picture that is nearest to each in CIE Lab."""
    small = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    found = _lab(small.reshape(1, -1, 3))[0]
    given = _lab(np.array([[_rgb(code) for code in NAMED.values()]], np.uint8))[0]
    apart = ((found[:, None] - given[None]) * (0.7, 1.0, 1.0)) ** 2
    counts = np.bincount(apart.sum(axis=2).argmin(axis=1), minlength=len(NAMED))
    parts = {name: float(count) / len(found) for name, count in zip(NAMED, counts, strict=True)}
    return {name: share for name, share in parts.items() if share >= FAINTEST}


def _lab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _rgb(code: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(code[1:])
    return red, green, blue
