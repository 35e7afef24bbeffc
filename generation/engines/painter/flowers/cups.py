"""Flowers seen from the side: lotus, tulip, iris."""

import numpy as np

from generation.engines.painter.flowers.petals import Form, lit_petal, petal
from generation.engines.painter.palette import Colour, Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.stamp import blank
from generation.engines.painter.strokes import dabs

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
    """Petals fanned around straight up, the outer ones first so that the middle one lies on top."""
    half = rgba.shape[0] / 2
    places = np.linspace(-1, 1, count)
    for place in places[np.argsort(-np.abs(places))]:
        angle = _UP + place * spread + rng.normal(0, 0.03)
        reach = length * half * (1 - 0.14 * abs(place)) * rng.uniform(0.95, 1.04)
        at = (base[0] + place * half * 0.07, base[1])
        petal(
            rgba,
            at,
            reach,
            angle,
            form,
            lit_petal(scene, tip, angle, rng, 0.35),
            lit_petal(scene, heart, angle, rng, 0.5),
            rng,
            place * 0.10,
        )


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
    dabs(
        rgba,
        np.stack([half + rng.normal(0, half * 0.12, n), half * 0.86 + rng.normal(0, half * 0.05, n)], -1),
        np.full(n, half * 0.035),
        np.full(n, half * 0.03),
        np.zeros(n),
        np.broadcast_to(gold, (n, 3)),
    )
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
        petal(
            rgba, middle, half * (0.96 if place else 0.84), angle, standard, lit_petal(scene, pale, angle, rng, 0.6),
            lit_petal(scene, colour, angle, rng, 0.45), rng, place * -0.30,
        )  # fmt: skip
    for place in (-1.0, 1.0, 0.0):
        angle = np.pi / 2 - place * 1.12 + rng.normal(0, 0.05)
        length = half * (0.94 if place else 0.80)
        tip = lit_petal(scene, mix(colour, pale, 0.25 if place else 0.0), -angle, rng, 0.5)
        petal(rgba, middle, length, angle, fall, tip, deep, rng, place * 0.36)
        signal = scene.lit(rgb("#FFD65A"), 1.0)
        petal(rgba, middle, length * 0.40, angle, Form(0.10, 0.5, 0.8, 0, 1), signal, signal, rng, place * 0.14)
    return rgba
