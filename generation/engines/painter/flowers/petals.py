"""One petal, and rings of petals: nested outlines give each its glow, veins its direction."""

from dataclasses import dataclass

import cv2
import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter.palette import Colour, Field, Pixels, as_pixel, mix
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import disc, fill, fixed

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_LAYERS = 6
_OWN_LIGHT = {Emotion.FEAR: 0.55, Emotion.ANGRY: 0.22, Emotion.SAD: 0.15, Emotion.CALM: 0.12}


@dataclass(frozen=True, slots=True)
class Form:
    """A petal's outline: half width over length `width`, where it is widest, how blunt, how ruffled, veins."""

    width: float
    widest: float = 0.55
    blunt: float = 0.7
    ruffle: float = 0.0
    veins: int = 5


def outline(form: Form, rng: np.random.Generator | None = None, points: int = 13) -> Field:
    """The outline (2 * points, 2) of a petal from its base (0, 0) to its tip (1, 0)."""
    t = np.linspace(0, 1, points)
    half = form.width * np.sin(np.pi * t ** (np.log(0.5) / np.log(form.widest))) ** form.blunt
    upper, lower = half.copy(), half.copy()
    if rng is not None and form.ruffle:
        upper *= 1 + rng.normal(0, form.ruffle, points)
        lower *= 1 + rng.normal(0, form.ruffle, points)
    return np.asarray(np.concatenate([np.stack([t, upper], -1), np.stack([t, -lower], -1)[::-1]]), np.float32)


def petal(
    rgba: Pixels,
    base: tuple[float, float],
    length: float,
    angle: float,
    form: Form,
    tip: Colour,
    heart: Colour,
    rng: np.random.Generator,
    bend: float = 0.0,
) -> None:
    """Paint a petal from `base` toward `angle` (radians, y down), `tip` colour outside melting into `heart`."""
    shape = outline(form, rng)
    curve = bend * shape[:, 0] ** 2
    shape = np.stack([shape[:, 0], shape[:, 1] + curve], -1)
    turning = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    at = np.array(base)
    fill(rgba, (shape * [1.01, 1.04]) @ turning * length + at, tip * 0.76)
    for i in range(_LAYERS):
        share = i / (_LAYERS - 1)
        scale = np.array([1 - 0.68 * share, 1 - 0.56 * share])
        fill(rgba, (shape * scale) @ turning * length + at, mix(tip, heart, share**0.9))
    _veins(rgba, form, turning, at, length, bend, mix(tip, heart, 0.35) * 0.92)


def _veins(
    rgba: Pixels, form: Form, turning: np.ndarray, at: np.ndarray, length: float, bend: float, ink: Colour
) -> None:
    for spread in np.linspace(-0.62, 0.62, form.veins):
        t = np.linspace(0.12, 0.88 - 0.2 * abs(spread), 7)
        across = form.width * spread * np.sin(np.pi * t ** (np.log(0.5) / np.log(form.widest))) ** form.blunt
        line = np.stack([t, across + bend * t**2], -1) @ turning * length + at
        cv2.polylines(rgba, [fixed(line)], False, (*as_pixel(ink), 255), 1, cv2.LINE_AA, 4)


def lit_petal(scene: Scene, colour: Colour, angle: float, rng: np.random.Generator, low: float = 0.45) -> Colour:
    """A petal's colour by how it faces the light (from above, on the sun's side)."""
    side = 1 if scene.sun[0] > scene.width / 2 else -1
    facing = np.cos(angle) * side * 0.35 - np.sin(angle) * 0.65
    light = np.clip(low + 0.3 + 0.38 * facing + rng.normal(0, 0.06), 0, 1)
    own = np.clip(colour * rng.normal(1, 0.035), 0, 1)
    return mix(scene.lit(own, light), own, _OWN_LIGHT.get(scene.emotion, 0.0) * (0.6 + 0.4 * light))


def ring(
    rgba: Pixels,
    scene: Scene,
    count: int,
    inner: float,
    length: float,
    form: Form,
    tip: Colour,
    heart: Colour,
    rng: np.random.Generator,
    start: float = 0.0,
) -> None:
    """A whorl of petals around the middle of a square sprite; lengths as shares of its half side."""
    half = rgba.shape[0] / 2
    order = rng.permutation(count)
    for i in order:
        angle = start + 2 * np.pi * i / count + rng.normal(0, 0.055)
        base = (half + np.cos(angle) * inner * half, half + np.sin(angle) * inner * half)
        reach = length * half * rng.uniform(0.9, 1.06)
        outer, middle = lit_petal(scene, tip, angle, rng), lit_petal(scene, heart, angle, rng)
        petal(rgba, base, reach, angle, form, outer, middle, rng, rng.normal(0, 0.06))


def seeds(rgba: Pixels, centre: tuple[float, float], radius: float, count: int, colours: Colour, size: float) -> None:
    """Florets on Vogel's spiral (1979): the n-th at angle n * golden angle and radius proportional to sqrt(n)."""
    n = np.arange(count)[::-1]
    angle, reach = n * GOLDEN_ANGLE, radius * np.sqrt((n + 0.5) / count)
    x, y = centre[0] + np.cos(angle) * reach, centre[1] + np.sin(angle) * reach
    shades = colours[np.clip(n * len(colours) // count, 0, len(colours) - 1)]
    for cx, cy, shade in zip(x, y, shades, strict=True):
        disc(rgba, cx, cy, size, (*as_pixel(shade), 255))
