"""Colours as float arrays of shape (..., 3), sRGB in [0, 1]; mixing happens in (approximately) linear light."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = NDArray[np.floating[Any]]
Colour: TypeAlias = NDArray[np.floating[Any]]

_GAMMA = 2.2
WHITE: Colour = np.ones(3, np.float32)


def rgb(code: str) -> Colour:
    """The colour of a hexadecimal code such as `#F6B73C`."""
    code = code.removeprefix("#")
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def code_of(colour: Colour) -> str:
    """The inverse of `rgb`."""
    return "#" + bytes(as_pixel(colour)).hex()


def mix(first: Colour, second: Colour, share: float | Field) -> Colour:
    """`first` with `share` in [0, 1] of `second`, as light mixes."""
    weight = np.asarray(share, np.float32)[..., None]
    light = first**_GAMMA * (1 - weight) + second**_GAMMA * weight
    mixed: Colour = np.asarray(light ** (1 / _GAMMA), np.float32)
    return mixed


def luminance(colour: Colour) -> Field:
    """Rec. 709 luma of sRGB values."""
    return np.asarray(colour @ np.array([0.2126, 0.7152, 0.0722], np.float32), np.float32)


def saturate(colour: Colour, amount: float) -> Colour:
    """Further from grey (amount > 1) or nearer to it (amount < 1)."""
    grey = luminance(colour)[..., None]
    return np.asarray(np.clip(grey + (colour - grey) * amount, 0, 1), np.float32)


def as_pixel(colour: Colour) -> tuple[int, int, int]:
    """For drawing with OpenCV on an RGB canvas."""
    red, green, blue = np.clip(colour * 255 + 0.5, 0, 255).astype(int).tolist()
    return red, green, blue
