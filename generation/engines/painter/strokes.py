"""The brush: dabs, blades and ribbons of paint, anti-aliased, in sub-pixel coordinates; and sprites pressed on."""

from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.engines.painter.palette import Colour, Field, Pixels, as_pixel, as_pixels

_SHIFT = 4
_SCALE = 1 << _SHIFT
_OVAL = np.stack([f(np.linspace(0, 2 * np.pi, 9)[:-1]) for f in (np.cos, np.sin)], -1)
_LEAF = np.array([[-1, 0], [-0.45, 0.75], [0.2, 0.9], [1, 0], [0.2, -0.9], [-0.45, -0.75]])


def fixed(points: Field) -> np.ndarray:
    """Points in OpenCV's fixed-point coordinates."""
    return np.asarray(np.rint(np.clip(points, -30000, 30000) * _SCALE), np.int32)


def fill(pixels: Pixels, outline: Field, colour: Colour) -> None:
    """Fill one simple outline of shape (N, 2); pixels may have 1, 3 or 4 channels (alpha becomes opaque)."""
    value = (*as_pixel(colour), 255) if pixels.ndim == 3 else (255,)
    cv2.fillPoly(pixels, [fixed(outline)], value, cv2.LINE_AA, _SHIFT)


def disc(pixels: Pixels, x: float, y: float, radius: float, colour: Any) -> None:
    cv2.circle(pixels, (int(x * _SCALE), int(y * _SCALE)), int(radius * _SCALE), colour, -1, cv2.LINE_AA, _SHIFT)


def arc(
    pixels: Pixels, at: tuple[float, float], radii: tuple[float, float], colour: Any, width: int, *span: float
) -> None:
    """The outline of an ellipse (filled where `width` is -1), or of its `span` of degrees (from, to)."""
    middle, reach = (tuple(int(one * _SCALE) for one in pair) for pair in (at, radii))
    start, end = span or (0, 360)
    cv2.ellipse(pixels, middle, reach, 0, start, end, colour, width, cv2.LINE_AA, _SHIFT)


def lay_over(pixels: Pixels, colour: Any, share: Any) -> None:
    """Mix `colour` (of 255) into the picture, with weight `share` (0 … 1)."""
    picture = pixels.astype(np.float32)
    pixels[:] = np.clip(picture + (colour - picture) * share, 0, 255).astype(np.uint8)


Many: TypeAlias = "Field | float"


def dabs(
    pixels: Pixels, centres: Field, length: Many, width: Many, angle: Many, colours: Colour, leaf: bool = False
) -> None:
    """N dabs in order: centres (N, 2), half lengths and half widths (pixels), angles (radians), colours (N, 3).

    What is one number or one colour is that of all dabs.
    """
    shape, count = _LEAF if leaf else _OVAL, len(centres)
    length, width, angle = (np.broadcast_to(np.asarray(one), count) for one in (length, width, angle))
    colours = np.broadcast_to(colours, (count, 3))
    cos, sin = np.cos(angle), np.sin(angle)
    x = shape[None, :, 0] * length[:, None]
    y = shape[None, :, 1] * width[:, None]
    turned = np.stack([x * cos[:, None] - y * sin[:, None], x * sin[:, None] + y * cos[:, None]], -1)
    _convex(pixels, fixed(turned + centres[:, None]), colours)


def blades(pixels: Pixels, roots: Field, height: Field, lean: Field, width: Field, colours: Colour) -> None:
    """N grass blades: roots (N, 2), heights up, sideways lean of the tips and widths at the root, in pixels."""
    rise = np.array([0, 0.4, 0.75, 1.0])
    bend, taper = rise**2, np.array([1.0, 0.8, 0.45, 0.0])
    spine_x = roots[:, :1] + lean[:, None] * bend
    spine_y = roots[:, 1:] - height[:, None] * (rise - 0.12 * bend * np.abs(lean / (height + 1))[:, None])
    half = width[:, None] * taper / 2
    left = np.stack([spine_x - half, spine_y], -1)
    right = np.stack([spine_x + half, spine_y], -1)[:, -2::-1]
    _convex(pixels, fixed(np.concatenate([left, right], 1)), colours)


def ribbon(pixels: Pixels, spine: Field, width: Field, colour: Colour) -> None:
    """A tapering stroke along a spine (N, 2) with full widths (N,)."""
    fill(pixels, ribbon_outline(spine, width), colour)


def ribbon_outline(spine: Field, width: Field) -> Field:
    """The outline (2N, 2) of a tapering stroke."""
    along = np.gradient(np.asarray(spine, np.float32), axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], -1) / (np.hypot(along[:, 0], along[:, 1]) + 1e-6)[:, None]
    half = across * np.asarray(width, np.float32)[:, None] / 2
    return np.asarray(np.concatenate([spine + half, (spine - half)[::-1]]), np.float32)


def spline(points: object, count: int = 40, closed: bool = False) -> Field:
    """A Catmull-Rom curve of `count` points through (N, D) control points; D may hold widths too."""
    knots = np.asarray(points, np.float32)
    padded = (
        np.concatenate([knots[-1:], knots, knots[:2]]) if closed else np.concatenate([knots[:1], knots, knots[-1:]])
    )
    segments = len(padded) - 3
    t = np.linspace(0, segments, count, endpoint=not closed)
    i = np.minimum(t.astype(int), segments - 1)
    f = (t - i)[:, None]
    a, b, c, d = padded[i], padded[i + 1], padded[i + 2], padded[i + 3]
    curve = b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)))
    return np.asarray(curve, np.float32)


def _convex(pixels: Pixels, outlines: np.ndarray, colours: Colour) -> None:
    alpha = [255] if pixels.ndim == 3 and pixels.shape[2] == 4 else []
    for outline, colour in zip(outlines, as_pixels(colours), strict=True):
        cv2.fillConvexPoly(pixels, outline, colour + alpha, cv2.LINE_AA, _SHIFT)


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
