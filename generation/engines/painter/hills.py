"""Distance: ridges that pale with depth, mist lying between them, and the far line of trees."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.dice import Dice
from generation.engines.painter.palette import Colour, Field, Pixels, jitter, mix
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import dabs, fill

_RIDGES = ((0.20, 0.90, 1.3), (0.125, 0.76, 1.7), (0.065, 0.58, 2.4))


def paint_hills(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Ridges from far to near, each (height, distance, roughness), down to the horizon."""
    rng = dice.stream("hills")
    rise = rng.uniform(0.45, 0.8 if scene.watery else 1.2)
    for height, distance, rough in _RIDGES:
        crest = _crest(scene, rng, height * rise, rough)
        _ridge(pixels, scene, crest, distance, rng)
        _mist_band(pixels, scene, float(np.median(crest)) + scene.unit * 26, 0.16 + 0.34 * scene.mist)


def paint_treeline(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Clumps of far foliage along the horizon, lit from the light's side."""
    rng = dice.stream("treeline")
    outline = noise.line(rng, 64, 0.5, 2.0)
    for distance, tall in ((0.56, 1.0), (0.38, 0.62)):
        count = int(scene.width / scene.unit / 1000 * 460)
        x = rng.uniform(-0.03, 1.03, count)
        profile = np.interp((x + distance) % 1.0, np.linspace(0, 1, 64), outline)
        top = np.clip(0.25 + 0.9 * profile, 0.04, 1) * 95 * scene.unit * tall
        up = np.sqrt(rng.random(count))
        centres = np.stack([x * scene.width, scene.horizon + 6 * scene.unit - up * top], -1)
        order = np.argsort(centres[:, 1])[::-1] if scene.rig.moon else np.argsort(up)
        light = np.clip(0.12 + 0.55 * up + rng.normal(0, 0.14, count), 0, 1)
        leaves = np.stack(scene.season.leaves)[rng.integers(0, len(scene.season.leaves), count)]
        colours = scene.lit(leaves * 0.8, light, distance)
        size = scene.unit * rng.uniform(5, 12, count)
        turn = rng.uniform(-0.5, 0.5, count)
        dabs(pixels, centres[order], size[order], size[order] * 0.62, turn[order], colours[order])
    _mist_band(pixels, scene, scene.horizon, 0.25 + 0.5 * scene.mist)


def _crest(scene: Scene, rng: np.random.Generator, height: float, rough: float) -> Field:
    curve = noise.line(rng, scene.width // 6 + 2, 0.16 * rough * scene.width / scene.unit / 1000, 3.0)
    return np.asarray(scene.horizon - (0.5 + curve * 0.9) * height * scene.unit * 1000, np.float32)


def _ridge(pixels: Pixels, scene: Scene, crest: Field, distance: float, rng: np.random.Generator) -> None:
    base = mix(scene.season.ground_near, scene.season.leaves[0], 0.5)
    if scene.season.snow:
        base = mix(base, scene.season.ground_far, 0.6)
    foot = scene.horizon + 4 * scene.unit
    xs = np.linspace(0, scene.width, len(crest))
    for step, light in enumerate(np.linspace(0.75, 0.1, 5)):
        sink = (foot - crest) * step / 5
        colour = scene.lit(base, light, min(0.97, distance + 0.045 * step))
        line = np.stack([xs, np.minimum(crest + sink + (3 * step) * scene.unit, foot)], -1)
        fill(pixels, np.concatenate([line, [[scene.width, foot], [0, foot]]]), colour)
    _texture(pixels, scene, crest, distance, base, rng)


def _texture(
    pixels: Pixels, scene: Scene, crest: Field, distance: float, base: Colour, rng: np.random.Generator
) -> None:
    count = int(220 * scene.width / scene.unit / 1000)
    i = rng.integers(0, len(crest), count)
    down = rng.random(count) ** 1.5 * np.maximum(scene.horizon - crest[i], 0)
    centres = np.stack([i * scene.width / (len(crest) - 1), crest[i] + down], -1)
    size = scene.unit * rng.uniform(5, 15, count) * (1.1 - distance)
    colours = scene.lit(jitter(base, rng, count, 0.2, 0.02), rng.uniform(0.1, 0.9, count), min(0.95, distance + 0.06))
    dabs(pixels, centres, size, size * 0.4, rng.uniform(-0.3, 0.3, count), colours)


def _mist_band(pixels: Pixels, scene: Scene, level: float, strength: float) -> None:
    """A soft band of haze lying around one row."""
    reach = 70 * scene.unit
    top, bottom = max(0, int(level - reach)), min(scene.height, int(level + reach * 0.8))
    if bottom <= top:
        return
    y = (np.arange(top, bottom, dtype=np.float32) - level) / reach
    alpha = (np.exp(-((y * 2.2) ** 2)) * strength)[:, None, None].astype(np.float32)
    veil = mix(scene.rig.haze, scene.rig.horizon, 0.5) * 255
    region = pixels[top:bottom].astype(np.float32)
    pixels[top:bottom] = cv2.convertScaleAbs(region + (veil - region) * alpha)
