"""Weather in front of the garden, and what floats in the air: pollen, petals, embers, fireflies, spores, leaves."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, Pixels, jitter, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import arc, dabs, disc, fixed, lay_over


def paint_lightning(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """A forked discharge from the clouds to the horizon, with its glow."""
    rng = dice.stream("lightning")
    layer = np.zeros((scene.height, scene.width), np.uint8)
    away = scene.width - scene.sun[0]
    x = float(np.clip(away + rng.normal(0, 0.1) * scene.width, 0.08 * scene.width, 0.92 * scene.width))
    _bolt(layer, scene, np.array([x, -5.0]), scene.horizon * 0.99, 3.4, rng)
    small = cv2.resize(layer, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).astype(np.float32)
    glow = (
        cv2.GaussianBlur(small, (0, 0), 5 * scene.unit) * 2.2 + cv2.GaussianBlur(small, (0, 0), 24 * scene.unit) * 4.0
    )
    light = np.clip(layer.astype(np.float32) + cv2.resize(glow, (scene.width, scene.height)), 0, 255)[..., None] / 255
    tint = mix(rgb("#FFF4EC"), scene.rig.light, 0.35) * 255
    lay_over(pixels, tint, light.astype(np.float32))


def _bolt(layer: Pixels, scene: Scene, at: np.ndarray, foot: float, width: float, rng: np.random.Generator) -> None:
    points = [at]
    heading = rng.normal(0, 0.2)
    while points[-1][1] < foot and len(points) < 60:
        heading = 0.55 * heading + rng.normal(0, 0.55)
        step = scene.horizon * rng.uniform(0.02, 0.055)
        points.append(points[-1] + step * np.array([np.sin(heading), abs(np.cos(heading))]))
        if width > 1.2 and rng.random() < 0.16:
            _bolt(layer, scene, points[-1], points[-1][1] + rng.uniform(0.12, 0.35) * scene.horizon, width * 0.45, rng)
    thickness = max(1, round(width * scene.unit))
    cv2.polylines(layer, [fixed(np.array(points))], False, 255, thickness, cv2.LINE_AA, 4)


def paint_weather(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    rng = dice.stream("weather")
    if scene.brief.weather == "fog":
        _fog(pixels, scene, rng)
    if scene.weather in {"rain", "storm"} and not (scene.emotion == "angry" and scene.brief.weather is None):
        _rain(pixels, scene, rng)
    if scene.weather == "snow":
        _snow(pixels, scene, rng)


def lay_snow(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Snow on the ground of a picture, thin where drifts end."""
    rng = dice.stream("snow cover")
    x, y = noise.grid(scene.height, scene.width)
    scale = 1 / (scene.unit * 1000)
    drifts = noise.sample(x * scale * 0.5 + rng.random(), y * scale * 1.4 + rng.random(), 2.2)
    share = np.clip(0.5 + (drifts - 0.35) * 0.9, 0.35, 0.92)[..., None]
    white = mix(rgb("#F4F8FF"), scene.rig.haze, 0.2) * 255
    picture = pixels.astype(np.float32)
    light = picture.mean(axis=2, keepdims=True) - float(picture.mean())
    pixels[:] = np.clip(picture + (white + 0.25 * light - picture) * share, 0, 255).astype(np.uint8)


def _rain(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Two depths of falling streaks, kept faint so that the garden shows through."""
    slant = scene.wind * 0.6 + 0.10
    for count, length, alpha, thick in ((520, 26, 0.20, 0.8), (150, 62, 0.26, 1.5)):
        layer = np.zeros((scene.height, scene.width), np.uint8)
        start = np.stack([rng.uniform(-0.2, 1.2, count) * scene.width, rng.uniform(-0.1, 1, count) * scene.height], -1)
        fall = (scene.unit * length * rng.uniform(0.6, 1.3, count))[:, None] * np.array([slant, 1.0])
        for a, b in zip(fixed(start), fixed(start + fall), strict=True):
            cv2.line(layer, a.tolist(), b.tolist(), 255, max(1, round(thick * scene.unit)), cv2.LINE_AA, 4)
        share = layer.astype(np.float32)[..., None] * (alpha / 255)
        lay_over(pixels, scene.rig.light * 255, share)


def _snow(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Three depths of flakes; the nearest are large and out of focus."""
    for count, size, blur, alpha in ((620, 1.3, 0.4, 0.85), (190, 2.8, 0.9, 0.85), (34, 8.5, 4.0, 0.6)):
        layer = np.zeros((scene.height, scene.width), np.uint8)
        xs, ys = rng.uniform(0, scene.width, count), rng.uniform(0, scene.height, count)
        for x, y, r in zip(xs, ys, rng.uniform(0.6, 1.4, count), strict=True):
            disc(layer, x, y, max(0.5, size * r * scene.unit), 255)
        share = cv2.GaussianBlur(layer, (0, 0), blur * scene.unit + 0.2).astype(np.float32)[..., None] * (alpha / 255)
        white = mix(rgb("#FFFFFF"), scene.rig.haze, 0.25) * 255
        lay_over(pixels, white, share)


def _fog(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Drifting veils, thickest where the ground meets the sky."""
    height, width = -(-scene.height // 4), -(-scene.width // 4)
    x, y = noise.grid(height, width)
    u = np.asarray(x * 4 / scene.unit / 1000 * 0.22 + rng.random(), np.float32)
    v = np.asarray(y * 4 / scene.unit / 1000 * 0.7 + rng.random(), np.float32)
    veil = noise.sample(u, v, 2.8) * 0.8 + 0.3
    depth = np.exp(-(((y * 4 - scene.horizon) / (scene.height * 0.28)) ** 2)) * 0.52 + 0.12
    share = cv2.resize(np.asarray(np.clip(veil * depth, 0, 0.85), np.float32), (scene.width, scene.height))[..., None]
    lay_over(pixels, mix(scene.rig.haze, scene.rig.horizon, 0.4) * 255, share)


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
        disc(layer, x, y, max(0.5, size), 255)
    small = cv2.resize(layer, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(small.astype(np.float32), (0, 0), max(0.6, halo / 4)) * 3.2
    light = np.clip(layer / 255 * 0.9 + cv2.resize(wide, layer.shape[::-1]) / 255, 0, 1).astype(np.float32)[..., None]
    lay_over(pixels, colour * 255, light)


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
    width, turn = size * rng.uniform(0.3, 0.75, count), angle + rng.normal(0, 0.35, count)
    dabs(pixels, centres, size, width, turn, colours, leaf=True)


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
        at, thin = (int(x * 16), int(y * 16)), max(1, int(scene.unit))
        cv2.circle(pixels, at, int(radius * 16), tone.tolist(), thin, cv2.LINE_AA, 4)
        start, glint = float(rng.uniform(180, 230)), radius * 0.75
        arc(pixels, (x, y), (glint, glint), (255, 250, 255), max(1, int(1.6 * scene.unit)), start, start + 55)
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
