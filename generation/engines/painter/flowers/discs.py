"""Flowers that look at you: sunflower, daisy, camellia, poppy, passion flower."""

import cv2
import numpy as np

from generation.engines.painter.flowers.petals import GOLDEN_ANGLE, Form, ring, seeds
from generation.engines.painter.palette import Colour, Pixels, as_pixel, mix, ramp, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.stamp import blank
from generation.engines.painter.strokes import fill


def _round(centre: float, radius: float, ragged: float, rng: np.random.Generator) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 28)[:-1]
    reach = radius * (1 + rng.normal(0, ragged, 27))
    return np.stack([centre + np.cos(angle) * reach, centre + np.sin(angle) * reach], -1)


def sunflower(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Two whorls of ray florets (Fibonacci counts) around a disc on Vogel's spiral."""
    rgba = blank(side, scene.lit(colour, 0.6))
    deep = mix(colour, rgb("#D86A00"), 0.55)
    form = Form(0.17, 0.5, 0.85, 0.05, 3)
    ring(rgba, scene, 21, 0.30, 0.66, form, colour * 0.86, deep * 0.9, rng, rng.random())
    ring(rgba, scene, 17, 0.28, 0.58, form, np.clip(colour * 1.05, 0, 1), deep, rng, rng.random())
    half = side / 2
    fill(rgba, _round(half, half * 0.40, 0.02, rng), scene.lit(rgb("#3A2112"), 0.4))
    tones = ramp(
        [
            (0, rgb("#4A4A1C")),
            (0.3, rgb("#3A2010")),
            (0.7, rgb("#6B3A14")),
            (0.88, rgb("#B8751E")),
            (1, rgb("#E5A93A")),
        ],
        np.linspace(0, 1, 24, dtype=np.float32),
    )
    seeds(rgba, (half, half), half * 0.385, 230, scene.lit(tones, 0.75), half * 0.021)
    return rgba


def daisy(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """A whorl of narrow rays and a small golden disc."""
    rgba = blank(side, scene.lit(colour, 0.6))
    ring(rgba, scene, 15, 0.16, 0.76, Form(0.15, 0.62, 0.6, 0.03, 2), colour, colour * 0.84, rng, rng.random())
    half = side / 2
    fill(rgba, _round(half, half * 0.25, 0.02, rng), scene.lit(rgb("#C98A12"), 0.5))
    tones = scene.lit(np.stack([rgb("#FFE06A"), rgb("#F7B92B"), rgb("#DB9216")]), 0.85)
    seeds(rgba, (half, half), half * 0.23, 55, tones, half * 0.03)
    return rgba


def camellia(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Rounded petals spiralling inward in the formal-double pattern, each whorl turned by the golden angle."""
    rgba = blank(side, scene.lit(colour, 0.6))
    pale = mix(colour, rgb("#FFFFFF"), 0.35)
    for i, (count, inner, length) in enumerate(
        ((9, 0.34, 0.62), (9, 0.26, 0.54), (8, 0.18, 0.47), (7, 0.10, 0.40), (5, 0.05, 0.31), (4, 0.02, 0.2))
    ):
        tip = mix(colour, pale, 0.15 + 0.5 * (i % 2))
        heart = mix(colour, rgb("#8E1450"), 0.30 + 0.07 * i)
        ring(rgba, scene, count, inner, length, Form(0.46, 0.66, 0.5, 0.03, 3), tip, heart, rng, i * GOLDEN_ANGLE)
    half = side / 2
    gold = scene.lit(np.stack([rgb("#FFE9A0"), rgb("#F5C64A")]), 0.9)
    seeds(rgba, (half, half), half * 0.10, 26, gold, half * 0.02)
    return rgba


def poppy(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Four crumpled silk petals with dark blotches around a pod and its crown of stamens."""
    rgba = blank(side, scene.lit(colour, 0.6))
    form = Form(0.74, 0.66, 0.42, 0.06, 9)
    dark = mix(colour, rgb("#3A0610"), 0.72)
    start = rng.random() * np.pi
    ring(rgba, scene, 2, 0.02, 0.92, form, colour * 0.84, dark, rng, start)
    ring(
        rgba, scene, 2, 0.02, 0.86, form, np.clip(colour * 1.04, 0, 1), mix(dark, colour, 0.25), rng, start + np.pi / 2
    )
    half = side / 2
    fill(rgba, _round(half, half * 0.23, 0.16, rng), scene.lit(rgb("#1B0A12"), 0.5))
    for angle in rng.uniform(0, 2 * np.pi, 44):
        reach = half * rng.uniform(0.2, 0.34)
        at = (int((half + np.cos(angle) * reach) * 16), int((half + np.sin(angle) * reach) * 16))
        cv2.circle(
            rgba,
            at,
            int(half * 0.018 * 16),
            (*as_pixel(scene.lit(rgb("#2A1420"), 0.7)), 255),
            -1,
            cv2.LINE_AA,
            4,
        )
    fill(rgba, _round(half, half * 0.12, 0.03, rng), scene.lit(rgb("#A9B86A"), 0.7))
    return rgba


def passion(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Ten pale tepals, a corona of banded filaments, five anthers and three stigmas: Passiflora's plan."""
    rgba = blank(side, scene.lit(colour, 0.6))
    pale = mix(colour, rgb("#FFFFFF"), 0.4)
    ring(
        rgba, scene, 5, 0.08, 0.88, Form(0.30, 0.55, 0.75, 0.02, 5), colour, mix(colour, rgb("#6FB08C"), 0.3), rng, 0.3
    )
    ring(rgba, scene, 5, 0.08, 0.84, Form(0.28, 0.55, 0.75, 0.02, 5), pale, colour, rng, 0.3 + np.pi / 5)
    half = side / 2
    bands = ((0.74, 0.50, "#6C4FD0"), (0.52, 0.34, "#F4ECFF"), (0.36, 0.12, "#4A1E6E"))
    for i in range(76):
        angle = 2 * np.pi * i / 76 + rng.normal(0, 0.015)
        wave = 0.07 * np.sin(i * 1.9)
        for outer, inner, code in bands:
            ends = [
                (
                    int((half + np.cos(angle + wave * r) * half * r) * 16),
                    int((half + np.sin(angle + wave * r) * half * r) * 16),
                )
                for r in (outer * rng.uniform(0.94, 1.04), inner)
            ]
            ink = (*as_pixel(scene.lit(rgb(code), 0.8)), 255)
            cv2.line(rgba, ends[0], ends[1], ink, max(1, side // 110), cv2.LINE_AA, 4)
    _style(rgba, scene, half, rng.random() * 6)
    return rgba


def _style(rgba: Pixels, scene: Scene, half: float, start: float) -> None:
    for count, reach, code, size, turn in ((5, 0.24, "#C9CF62", 0.052, 0.0), (3, 0.17, "#6B2A5E", 0.045, 0.5)):
        for i in range(count):
            angle = start + turn + 2 * np.pi * i / count
            x, y = half + np.cos(angle) * reach * half, half + np.sin(angle) * reach * half
            ink = (*as_pixel(scene.lit(rgb(code), 0.85)), 255)
            cv2.line(
                rgba,
                (int(half * 16), int(half * 16)),
                (int(x * 16), int(y * 16)),
                ink,
                max(1, int(half * 0.03)),
                cv2.LINE_AA,
                4,
            )
            cv2.circle(rgba, (int(x * 16), int(y * 16)), int(half * size * 16), ink, -1, cv2.LINE_AA, 4)
