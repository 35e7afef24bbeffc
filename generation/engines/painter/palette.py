"""Colours as float arrays of shape (..., 3), sRGB in [0, 1]; mixing happens in (approximately) linear light."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = NDArray[np.floating[Any]]
Colour: TypeAlias = NDArray[np.floating[Any]]

_GAMMA = 2.2


def rgb(code: str) -> Colour:
    """The colour of a hexadecimal code such as `#F6B73C`."""
    code = code.removeprefix("#")
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def mix(first: Colour, second: Colour, share: float | Field) -> Colour:
    """`first` with `share` in [0, 1] of `second`, as light mixes."""
    weight = np.asarray(share, np.float32)[..., None]
    light = first**_GAMMA * (1 - weight) + second**_GAMMA * weight
    mixed: Colour = np.asarray(light ** (1 / _GAMMA), np.float32)
    return mixed


def ramp(stops: Sequence[tuple[float, Colour]], where: Field) -> Colour:
    """Colours of shape (*where.shape, 3) along stops of (position, colour)."""
    places = [place for place, _ in stops]
    colours = np.stack([colour for _, colour in stops]) ** _GAMMA
    channels = [np.interp(where, places, colours[:, i]) for i in range(3)]
    return np.asarray(np.stack(channels, -1) ** (1 / _GAMMA), np.float32)


def jitter(colour: Colour, rng: np.random.Generator, count: int, light: float, hue: float = 0.0) -> Colour:
    """`count` relatives of a colour, of shape (count, 3): paint is never mixed twice alike."""
    shade = rng.normal(1.0, light, (count, 1))
    tint = rng.normal(0.0, hue, (count, 3))
    return np.asarray(np.clip(colour * shade + tint, 0, 1), np.float32)


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


def as_pixels(colours: Colour) -> list[list[int]]:
    many: list[list[int]] = np.clip(colours * 255 + 0.5, 0, 255).astype(int).tolist()
    return many
