"""Weather in front of the garden: rain, snow, fog, lightning."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.dice import Dice
from generation.engines.painter.palette import Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import fixed


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
    picture = pixels.astype(np.float32)
    pixels[:] = np.clip(picture + (tint - picture) * light.astype(np.float32), 0, 255).astype(np.uint8)


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
    """Rain, snow or fog over everything."""
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
        picture = pixels.astype(np.float32)
        pixels[:] = np.clip(picture + (scene.rig.light * 255 - picture) * share, 0, 255).astype(np.uint8)


def _snow(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Three depths of flakes; the nearest are large and out of focus."""
    for count, size, blur, alpha in ((620, 1.3, 0.4, 0.85), (190, 2.8, 0.9, 0.85), (34, 8.5, 4.0, 0.6)):
        layer = np.zeros((scene.height, scene.width), np.uint8)
        for x, y, r in zip(
            rng.uniform(0, scene.width, count),
            rng.uniform(0, scene.height, count),
            rng.uniform(0.6, 1.4, count),
            strict=True,
        ):
            cv2.circle(
                layer, (int(x * 16), int(y * 16)), int(max(0.5, size * r * scene.unit) * 16), 255, -1, cv2.LINE_AA, 4
            )
        share = cv2.GaussianBlur(layer, (0, 0), blur * scene.unit + 0.2).astype(np.float32)[..., None] * (alpha / 255)
        white = mix(rgb("#FFFFFF"), scene.rig.haze, 0.25) * 255
        picture = pixels.astype(np.float32)
        pixels[:] = np.clip(picture + (white - picture) * share, 0, 255).astype(np.uint8)


def _fog(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Drifting veils, thickest where the ground meets the sky."""
    height, width = -(-scene.height // 4), -(-scene.width // 4)
    x, y = noise.grid(height, width)
    u = np.asarray(x * 4 / scene.unit / 1000 * 0.22 + rng.random(), np.float32)
    v = np.asarray(y * 4 / scene.unit / 1000 * 0.7 + rng.random(), np.float32)
    veil = noise.sample(u, v, 2.8) * 0.8 + 0.3
    depth = np.exp(-(((y * 4 - scene.horizon) / (scene.height * 0.28)) ** 2)) * 0.52 + 0.12
    share = cv2.resize(np.asarray(np.clip(veil * depth, 0, 0.85), np.float32), (scene.width, scene.height))[..., None]
    colour = mix(scene.rig.haze, scene.rig.horizon, 0.4) * 255
    picture = pixels.astype(np.float32)
    pixels[:] = np.clip(picture + (colour - picture) * share, 0, 255).astype(np.uint8)
