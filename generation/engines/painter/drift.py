"""What floats in the air: pollen, petals, embers, fireflies, spores, bubbles, falling leaves."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.dice import Dice
from generation.engines.painter.palette import Colour, Pixels, jitter, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import dabs


def paint_drift(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """The mood's particles, and the season's leaves."""
    rng = dice.stream("drift")
    painter = {"confetti": _confetti, "embers": _embers, "spores": _spores, "bubbles": _bubbles}.get(scene.mood.drift)
    if painter is not None:
        painter(pixels, scene, rng)
    elif scene.mood.drift in {"pollen", "fireflies", "glints"}:
        _glows(pixels, scene, rng)
    if scene.season.falling_leaves:
        _leaves(pixels, scene, rng, [rgb("#E08A2C"), rgb("#C4501F"), rgb("#F0BC3E")], 46)
    elif scene.season.name == "spring":
        _leaves(pixels, scene, rng, [rgb("#FFD5E5"), rgb("#FFFFFF")], 40)


def glow_dots(pixels: Pixels, places: np.ndarray, sizes: np.ndarray, colour: Colour, halo: float) -> None:
    """Points of light (N, 2) with soft halos; sizes (radii) in pixels."""
    layer = np.zeros(pixels.shape[:2], np.uint8)
    for (x, y), size in zip(places, sizes, strict=True):
        cv2.circle(layer, (int(x * 16), int(y * 16)), int(max(0.5, size) * 16), 255, -1, cv2.LINE_AA, 4)
    small = cv2.resize(layer, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(small.astype(np.float32), (0, 0), max(0.6, halo / 4)) * 3.2
    light = np.clip(layer / 255 * 0.9 + cv2.resize(wide, layer.shape[::-1]) / 255, 0, 1).astype(np.float32)[..., None]
    picture = pixels.astype(np.float32)
    pixels[:] = np.clip(picture + (colour * 255 - picture) * light, 0, 255).astype(np.uint8)


def _glows(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    count = {"pollen": 90, "fireflies": 70, "glints": 40}[scene.mood.drift]
    colour = {"pollen": rgb("#FFF3C0"), "fireflies": rgb("#F4FFB0"), "glints": rgb("#FFFFF0")}[scene.mood.drift]
    x = rng.uniform(0, scene.width, count)
    y = scene.horizon + rng.normal(0.2, 0.32, count) * (scene.height - scene.horizon)
    sizes = scene.unit * np.clip(0.8 + rng.pareto(2.8, count), 0, 5)
    glow_dots(pixels, np.stack([x, y], -1), sizes, colour, 7 * scene.unit)


def _confetti(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Petals thrown outward from the light, larger the further they have flown."""
    count = 330
    angle = rng.uniform(0, 2 * np.pi, count)
    flown = np.sort(rng.random(count) ** 0.6)
    reach = flown * 0.95 * max(scene.width, scene.height)
    centres = (
        np.array([scene.sun[0], scene.sun[1] * 0.5 + scene.horizon * 0.5])
        + np.stack([np.cos(angle), np.sin(angle) * 0.85], -1) * reach[:, None]
    )
    codes = [*scene.mood.hero_colours, "#FFFFFF", "#FFE08A", "#BFE3FF"]
    base = np.stack([rgb(code) for code in codes])[rng.integers(0, len(codes), count)]
    size = scene.unit * (2.5 + 19 * flown**1.8) * rng.uniform(0.5, 1.3, count)
    colours = scene.lit(base, rng.uniform(0.5, 1.0, count), 0.25 * (1 - flown))
    dabs(
        pixels,
        centres,
        size,
        size * rng.uniform(0.3, 0.75, count),
        angle + rng.normal(0, 0.35, count),
        colours,
        leaf=True,
    )


def _embers(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Sparks and torn petals carried by the wind."""
    count = 190
    x, y = rng.uniform(0, scene.width, count), rng.uniform(0.15, 1, count) * scene.height
    size = scene.unit * np.clip(0.8 + rng.pareto(2.2, count) * 1.2, 0, 6)
    glow_dots(pixels, np.stack([x, y], -1)[:110], size[:110] * 0.7, rgb("#FFB24A"), 6 * scene.unit)
    angle = np.full(count, -0.2 * np.sign(scene.wind)) + rng.normal(0, 0.4, count)
    colours = scene.lit(jitter(rgb(scene.mood.hero_colours[0]), rng, count, 0.2, 0.02), rng.uniform(0.4, 1, count))
    dabs(pixels, np.stack([x, y], -1)[110:], size[110:] * 3.6, size[110:] * 1.5, angle[110:], colours[110:], leaf=True)


def _spores(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Specks drawn along a few slow spirals."""
    for _ in range(4):
        centre = np.array([rng.uniform(0.1, 0.9) * scene.width, rng.uniform(0.25, 0.75) * scene.height])
        n = 60
        t = np.linspace(0.3, 1, n)
        angle = rng.random() * 6 + t * rng.choice([-1, 1]) * 8.5
        spiral = np.stack([np.cos(angle), np.sin(angle) * 0.6], -1) * (t**1.6 * 260 * scene.unit)[:, None]
        places = centre + spiral + rng.normal(0, 7 * scene.unit, (n, 2))
        glow_dots(pixels, places, scene.unit * rng.uniform(0.6, 2.6, n), rgb("#EDF2A0"), 4 * scene.unit)


def _bubbles(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Thin rings and soft specks: thoughts that do not settle."""
    for _ in range(26):
        x, y = rng.uniform(0, scene.width), rng.uniform(0.1, 0.95) * scene.height
        radius = scene.unit * np.clip(4 + rng.pareto(1.8) * 7, 4, 48)
        yi, xi = min(scene.height - 1, int(y)), min(scene.width - 1, int(x))
        tone = mix(pixels[yi, xi].astype(np.float32) / 255, rgb("#FFF4FF"), 0.5) * 255
        cv2.circle(
            pixels, (int(x * 16), int(y * 16)), int(radius * 16), tone.tolist(), max(1, int(scene.unit)), cv2.LINE_AA, 4
        )
        start = float(rng.uniform(180, 230))
        cv2.ellipse(
            pixels,
            (int(x * 16), int(y * 16)),
            (int(radius * 12), int(radius * 12)),
            0,
            start,
            start + 55,
            (255, 250, 255),
            max(1, int(1.6 * scene.unit)),
            cv2.LINE_AA,
            4,
        )
    count = 60
    places = np.stack([rng.uniform(0, scene.width, count), rng.uniform(0, scene.height, count)], -1)
    glow_dots(pixels, places, scene.unit * rng.uniform(0.6, 2, count), rgb("#FFF0FF"), 5 * scene.unit)


def _leaves(pixels: Pixels, scene: Scene, rng: np.random.Generator, tones: list[Colour], count: int) -> None:
    near = np.sort(rng.random(count))
    centres = np.stack([rng.uniform(0, scene.width, count), rng.uniform(0.08, 1, count) * scene.height], -1)
    colours = scene.lit(
        np.stack(tones)[rng.integers(0, len(tones), count)], rng.uniform(0.4, 1, count), (1 - near) * 0.3
    )
    size = scene.unit * (3 + 9 * near)
    wave = noise.line(rng, count, 1.0) * 1.5
    dabs(pixels, centres, size, size * rng.uniform(0.3, 0.6, count), wave + scene.wind, colours, leaf=True)
