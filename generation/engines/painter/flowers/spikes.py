"""Plants drawn whole, stem and all: bluebell, lavender, fern, moss with mushrooms."""

import numpy as np

from generation.engines.painter.flowers.petals import Form, lit_petal, petal
from generation.engines.painter.palette import Colour, Pixels, jitter, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import blank, dabs, fill, ribbon, spline


def _stem(rgba: Pixels, scene: Scene, spine: np.ndarray, width: float) -> None:
    green = mix(scene.season.leaves[0], rgb("#4E8A4A"), 0.4)
    ribbon(rgba, spine, np.linspace(width, width * 0.5, len(spine)), scene.lit(green, 0.45))


def bluebell(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """An arching raceme whose bells hang to one side, smaller toward the tip."""
    rgba = blank(side, scene.lit(colour, 0.6))
    s = side
    spine = spline(
        [(0.42 * s, 1.0 * s), (0.42 * s, 0.6 * s), (0.47 * s, 0.26 * s), (0.66 * s, 0.13 * s), (0.8 * s, 0.24 * s)], 60
    )
    _stem(rgba, scene, spine, s * 0.022)
    pale = mix(colour, rgb("#FFFFFF"), 0.35)
    for i, at in enumerate(np.linspace(20, 58, 9).astype(int)):
        size = s * (0.21 - 0.010 * i)
        knot = spine[at]
        lean = np.pi / 2 + (-0.62 if i % 2 else 0.45) * (1 - i / 11) + rng.normal(0, 0.08)
        hook = knot + np.array([np.cos(lean) * 0.02, 0.015]) * s
        _stem(rgba, scene, np.stack([knot, hook]), s * 0.012)
        _bell(rgba, scene, hook, size, lean, colour, pale, rng)
    return rgba


def _bell(
    rgba: Pixels,
    scene: Scene,
    hook: np.ndarray,
    size: float,
    lean: float,
    colour: Colour,
    pale: Colour,
    rng: np.random.Generator,
) -> None:
    base = (float(hook[0]), float(hook[1]))
    for place in (-0.62, 0.62, -0.3, 0.3, 0.0):
        shade = colour * (0.80 if abs(place) > 0.5 else 1.0)
        tip = lit_petal(scene, mix(shade, pale, 0.75), -lean, rng, 0.5)
        heart = lit_petal(scene, shade * 0.92, -lean, rng, 0.35)
        curl = place * 0.75
        petal(rgba, base, size, lean - place * 0.12, Form(0.15, 0.42, 0.62, 0, 1), tip, heart, rng, curl)


def lavender(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Whorls of tiny flowers climbing a thin stem."""
    rgba = blank(side, scene.lit(colour, 0.6))
    s = float(side)
    spine = spline([(0.5 * s, s), (0.49 * s, 0.6 * s), (0.53 * s, 0.08 * s)], 40)
    _stem(rgba, scene, spine, s * 0.018)
    for i, at in enumerate(np.linspace(14, 39, 10).astype(int)):
        n, reach = 9, s * (0.085 - 0.004 * i)
        centres = spine[at] + np.stack([rng.normal(0, reach * 0.62, n), rng.normal(0, s * 0.014, n)], -1)
        light = np.clip(rng.uniform(0.2, 1, n), 0, 1)
        colours = scene.lit(jitter(colour, rng, n, 0.1, 0.03), light)
        dabs(rgba, centres, s * 0.034, s * 0.02, rng.uniform(0.6, 2.4, n), colours)
    return rgba


def fern(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """Fronds of pinnae that shorten toward a curled tip."""
    rgba = blank(side, scene.lit(colour, 0.5))
    s = float(side)
    for lean in rng.permutation(np.linspace(-0.85, 0.85, 6)):
        tip = np.array([0.5 + lean * 0.5, 0.18 + 0.42 * abs(lean)]) * s
        middle = (s * (0.5 + lean * 0.22), 0.52 * s - abs(lean) * 0.05 * s)
        spine = spline([(0.5 * s, s), middle, tip, tip + np.array([lean * 0.06 * s, 0.07 * s])], 34)
        _stem(rgba, scene, spine, s * 0.014)
        tone = scene.lit(jitter(colour, rng, 1, 0.1)[0], rng.uniform(0.25, 0.9))
        _pinnae(rgba, spine[5:], s * 0.085, tone, rng)
    return rgba


def _pinnae(rgba: Pixels, spine: np.ndarray, length: float, tone: Colour, rng: np.random.Generator) -> None:
    along = np.gradient(spine, axis=0)
    heading = np.arctan2(along[:, 1], along[:, 0])
    reach = length * np.sin(np.pi * np.linspace(0.25, 0.98, len(spine)))
    for hand in (-1, 1):
        angle = heading + hand * 1.05
        centres = spine + np.stack([np.cos(angle), np.sin(angle)], -1) * reach[:, None]
        shade = np.clip(tone * rng.normal(1 - 0.10 * hand, 0.06, (len(spine), 1)), 0, 1).astype(np.float32)
        dabs(rgba, centres, reach, reach * 0.15 + 0.5, angle, shade, leaf=True)


def moss(scene: Scene, colour: Colour, side: int, rng: np.random.Generator) -> Pixels:
    """A moss cushion with bell-capped mushrooms that hold a little light of their own."""
    rgba = blank(side, scene.lit(colour, 0.5))
    s = float(side)
    across = rng.permutation(np.linspace(0.24, 0.76, 4)) + rng.normal(0, 0.03, 4)
    caps = sorted(
        zip(across, np.linspace(0.2, 0.66, 4), rng.uniform(0.12, 0.21, 4), strict=True), key=lambda cap: cap[1]
    )
    for x, y, radius in caps:
        _mushroom(rgba, scene, x * s, y * s, radius * s, colour, rng)
    n = 130
    spread = rng.normal(0, 0.19, n)
    centres = np.stack([0.5 + spread, 0.97 - 0.16 * np.exp(-((spread / 0.22) ** 2)) * rng.random(n)], -1) * s
    green = jitter(mix(scene.season.leaves[0], rgb("#7F9A38"), 0.5), rng, n, 0.2, 0.03)
    dabs(rgba, centres, s * 0.026, s * 0.02, rng.uniform(0, 3, n), scene.lit(green, rng.random(n)))
    return rgba


def _mushroom(
    rgba: Pixels, scene: Scene, x: float, y: float, radius: float, colour: Colour, rng: np.random.Generator
) -> None:
    side = 1.0 if scene.sun[0] > scene.width / 2 else -1.0
    foot = rgba.shape[0] * 0.97
    lean = rng.normal(0, radius * 0.25)
    stalk = spline([(x + lean, foot), (x + lean * 0.3, (y + foot) / 2), (x, y)], 16)
    ivory = rgb("#E9E2C0")
    ribbon(rgba, stalk, np.linspace(radius * 0.36, radius * 0.22, 16), scene.lit(ivory * 0.72, 0.35))
    ribbon(rgba, stalk + np.array([side * radius * 0.05, 0]), np.full(16, radius * 0.1), scene.lit(ivory, 0.8))
    gills = np.array([(x + np.cos(a) * radius, y + np.sin(a) * radius * 0.22) for a in np.linspace(0, 2 * np.pi, 25)])
    for i in range(6):
        dome = [
            (np.cos(a) * radius * (1 - 0.12 * i), -np.sin(a) * radius * (0.86 - 0.10 * i))
            for a in np.linspace(0, np.pi, 17)
        ]
        shift = np.array([x + side * radius * 0.055 * i, y - radius * 0.045 * i])
        rim = [(np.cos(a) * radius * (1 - 0.12 * i), np.sin(a) * radius * 0.16) for a in np.linspace(np.pi, 0, 9)[1:-1]]
        tone = mix(colour * 0.58, mix(colour, rgb("#FFFFE0"), 0.35), i / 5)
        if i == 0:
            fill(rgba, gills, scene.lit(colour * 0.45, 0.3))
        fill(rgba, np.array(dome + rim) + shift, scene.lit(tone, 0.3 + 0.13 * i))
    n = 7
    a, r = rng.uniform(0.3, 2.8, n), rng.uniform(0.35, 0.85, n) * radius
    spots = np.stack([x + np.cos(a) * r, y - np.sin(a) * r * 0.8], -1)
    dabs(rgba, spots, radius * 0.09, radius * 0.06, 0.0, scene.lit(rgb("#FBF7DA"), 0.9))
