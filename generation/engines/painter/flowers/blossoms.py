"""Flowers that look at you or are seen from the side."""

import cv2
import numpy as np

from generation.engines.painter.flowers.petals import GOLDEN_ANGLE, Form, lit_petal, petal, ring, seeds
from generation.engines.painter.palette import Colour, Pixels, as_pixel, mix, ramp, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import blank, dabs, disc, fill


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
    stops = ((0, "#4A4A1C"), (0.3, "#3A2010"), (0.7, "#6B3A14"), (0.88, "#B8751E"), (1, "#E5A93A"))
    tones = ramp([(place, rgb(code)) for place, code in stops], np.linspace(0, 1, 24, dtype=np.float32))
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
        ink = (*as_pixel(scene.lit(rgb("#2A1420"), 0.7)), 255)
        disc(rgba, half + np.cos(angle) * reach, half + np.sin(angle) * reach, half * 0.018, ink)
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
            reaches = (outer * rng.uniform(0.94, 1.04), inner)
            ends = [
                tuple(int((half + turned(angle + wave * r) * half * r) * 16) for turned in (np.cos, np.sin))
                for r in reaches
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
            ends = (int(half * 16), int(half * 16)), (int(x * 16), int(y * 16))
            cv2.line(rgba, *ends, ink, max(1, int(half * 0.03)), cv2.LINE_AA, 4)
            disc(rgba, x, y, half * size, ink)


_UP = -np.pi / 2


def _fan(
    rgba: Pixels,
    scene: Scene,
    base: tuple[float, float],
    spread: float,
    count: int,
    length: float,
    form: Form,
    tip: Colour,
    heart: Colour,
    rng: np.random.Generator,
) -> None:
    """Petals fanned around straight up, the outer ones first so that the middle one is on top."""
    half = rgba.shape[0] / 2
    places = np.linspace(-1, 1, count)
    for place in places[np.argsort(-np.abs(places))]:
        angle = _UP + place * spread + rng.normal(0, 0.03)
        reach = length * half * (1 - 0.14 * abs(place)) * rng.uniform(0.95, 1.04)
        at = (base[0] + place * half * 0.07, base[1])
        outer, inner = lit_petal(scene, tip, angle, rng, 0.35), lit_petal(scene, heart, angle, rng, 0.5)
        petal(rgba, at, reach, angle, form, outer, inner, rng, place * 0.10)


def lotus(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Three fans of pointed petals opening like hands around a golden heart."""
    rgba = blank(side, scene.lit(colour, 0.7))
    half, white = side / 2, rgb("#FFFCF2")
    base = (half, half * 1.42)
    blush = mix(colour, rgb("#F07FA8"), 0.35)
    _fan(rgba, scene, base, 1.35, 9, 0.92, Form(0.20, 0.56, 0.9, 0, 4), mix(blush, colour, 0.4), colour * 0.93, rng)
    _fan(rgba, scene, base, 0.95, 7, 1.0, Form(0.21, 0.56, 0.9, 0, 4), blush, mix(colour, white, 0.4), rng)
    gold = scene.lit(rgb("#FFD45E"), 1.0)
    n = 22
    stamens = np.stack([half + rng.normal(0, half * 0.12, n), half * 0.86 + rng.normal(0, half * 0.05, n)], -1)
    dabs(rgba, stamens, half * 0.035, half * 0.03, 0.0, gold)
    _fan(rgba, scene, base, 1.25, 6, 0.66, Form(0.25, 0.58, 0.85, 0, 4), mix(blush, white, 0.15), white, rng)
    _fan(rgba, scene, base, 0.5, 3, 0.52, Form(0.27, 0.58, 0.85, 0, 4), mix(blush, white, 0.3), white, rng)
    return rgba


def tulip(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """A cup of six tepals, three behind and three before."""
    rgba = blank(side, scene.lit(colour, 0.6))
    half = side / 2
    base = (half, half * 1.72)
    warm = mix(colour, rgb("#FFE6A8"), 0.35)
    _fan(rgba, scene, base, 0.30, 3, 1.42, Form(0.27, 0.5, 0.75, 0.02, 3), colour * 0.78, colour * 0.7, rng)
    _fan(rgba, scene, base, 0.38, 2, 1.36, Form(0.26, 0.48, 0.75, 0.02, 4), colour, warm, rng)
    _fan(rgba, scene, base, 0.02, 1, 1.26, Form(0.29, 0.46, 0.72, 0.02, 4), np.clip(colour * 1.06, 0, 1), warm, rng)
    return rgba


def iris(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Three standards that rise and three falls that hang, each fall with its golden signal."""
    rgba = blank(side, scene.lit(colour, 0.7))
    half = side / 2
    pale, deep = mix(colour, rgb("#FFFFFF"), 0.45), mix(colour, rgb("#2A1470"), 0.45)
    middle = (half, half * 1.02)
    standard, fall = Form(0.30, 0.60, 0.62, 0.06, 6), Form(0.31, 0.70, 0.60, 0.07, 7)
    for place in (-1.0, 1.0, 0.0):
        angle = _UP + place * 0.52 + rng.normal(0, 0.05)
        tip, heart = lit_petal(scene, pale, angle, rng, 0.6), lit_petal(scene, colour, angle, rng, 0.45)
        petal(rgba, middle, half * (0.96 if place else 0.84), angle, standard, tip, heart, rng, place * -0.30)
    for place in (-1.0, 1.0, 0.0):
        angle = np.pi / 2 - place * 1.12 + rng.normal(0, 0.05)
        length = half * (0.94 if place else 0.80)
        tip = lit_petal(scene, mix(colour, pale, 0.25 if place else 0.0), -angle, rng, 0.5)
        petal(rgba, middle, length, angle, fall, tip, deep, rng, place * 0.36)
        signal = scene.lit(rgb("#FFD65A"), 1.0)
        petal(rgba, middle, length * 0.40, angle, Form(0.10, 0.5, 0.8, 0, 1), signal, signal, rng, place * 0.14)
    return rgba
