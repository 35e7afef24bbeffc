"""Sprites: small painted things with soft edges, pressed onto the canvas at any place, size and turn."""

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.engines.painter.palette import Colour, Pixels, as_pixel


class Sprite:
    """A square RGBA painting kept premultiplied in halving sizes, so that small copies stay smooth."""

    def __init__(self, rgba: Pixels) -> None:
        painted = rgba.astype(np.float32)
        painted[..., :3] *= painted[..., 3:] / 255
        self._levels = [painted]
        while self._levels[-1].shape[0] > 12:
            side = self._levels[-1].shape[0] // 2
            self._levels.append(cv2.resize(self._levels[-1], (side, side), interpolation=cv2.INTER_AREA))

    def level(self, size: float) -> NDArray[np.float32]:
        """The smallest kept copy not smaller than `size` pixels."""
        fitting = [one for one in self._levels if one.shape[0] >= size]
        return fitting[-1] if fitting else self._levels[0]


def blank(side: int, colour: Colour) -> Pixels:
    """A transparent square of shape (side, side, 4) that is `colour` under its transparency, so edges stay clean."""
    return np.full((side, side, 4), (*as_pixel(colour), 0), np.uint8)


def stamp(
    pixels: Pixels,
    sprite: Sprite,
    centre: tuple[float, float],
    size: float,
    turn: float = 0.0,
    squash: float = 1.0,
    flip: bool = False,
    shade: Colour | None = None,
    haze: tuple[Colour, float] | None = None,
    opacity: float = 1.0,
) -> None:
    """Press a sprite `size` pixels wide onto RGB pixels, turned (radians), squashed in height, tinted by `shade`."""
    source = sprite.level(size)
    box = _box(pixels, centre, size * 0.75)
    if box is None:
        return
    left, top, right, bottom = box
    matrix = _placing(source.shape[0], (centre[0] - left, centre[1] - top), size, turn, squash, flip)
    placed = cv2.warpAffine(source, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    alpha = placed[..., 3:] * np.float32(opacity / 255)
    colour = placed[..., :3] * np.float32(opacity)
    if shade is not None:
        colour = colour * shade
    if haze is not None:
        colour = colour * np.float32(1 - haze[1]) + haze[0] * 255 * alpha * np.float32(haze[1])
    region = pixels[top:bottom, left:right]
    region[:] = np.clip(region * (1 - alpha) + colour, 0, 255).astype(np.uint8)


def _box(pixels: Pixels, centre: tuple[float, float], reach: float) -> tuple[int, int, int, int] | None:
    left, top = max(0, int(centre[0] - reach)), max(0, int(centre[1] - reach))
    right = min(pixels.shape[1], int(centre[0] + reach) + 2)
    bottom = min(pixels.shape[0], int(centre[1] + reach) + 2)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _placing(
    side: int, centre: tuple[float, float], size: float, turn: float, squash: float, flip: bool
) -> NDArray[np.float64]:
    scale = size / side
    mirror = -1.0 if flip else 1.0
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    turning = np.array([[cos * mirror, -sin * squash], [sin * mirror, cos * squash]])
    shift = np.array(centre) - turning @ np.array([side / 2, side / 2])
    return np.concatenate([turning, shift[:, None]], 1)
