"""The confused garden: another garden hangs from the sky, and tendrils curl through both."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.dice import Dice
from generation.engines.painter.flowers.plants import Nursery
from generation.engines.painter.palette import Field, Pixels, mix
from generation.engines.painter.scene import Scene
from generation.engines.painter.stamp import stamp
from generation.engines.painter.strokes import dabs, ribbon

_TENDRILS = 11


def paint_sky_garden(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """The garden below, turned over and tilted, fading down from the upper edge."""
    rng = dice.stream("sky garden")
    x, y = noise.grid(scene.height, scene.width)
    edge = scene.height * rng.uniform(0.30, 0.38)
    tilt = rng.choice([-1, 1]) * rng.uniform(0.05, 0.14)
    level = edge + (x - scene.width / 2) * tilt
    wave = noise.sample(x / scene.width * 0.3 + rng.random(), y / scene.height * 0.2, 2.6) - 0.5
    share = (level - y) / edge
    source_y = scene.horizon + share * (scene.height - scene.horizon) * 0.94
    source_x = scene.width - x + wave * 90 * scene.unit
    over = cv2.remap(
        pixels, source_x.astype(np.float32), source_y.astype(np.float32), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    veil = mix(scene.rig.haze, scene.rig.light, 0.25) * 255
    alpha = (0.62 * noise.smoothstep(-0.10, 0.55, share))[..., None]
    over = over + (veil - over) * 0.30
    pixels[:] = np.clip(pixels + (over - pixels) * alpha, 0, 255).astype(np.uint8)


def paint_tendrils(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery) -> None:
    """Clothoids: their curvature grows along the way until they close into curls (Euler 1744)."""
    rng = dice.stream("tendrils")
    for i in range(_TENDRILS):
        from_above = i % 3 == 0
        start = np.array(
            [rng.uniform(0, 1) * scene.width, -10.0 if from_above else scene.height * rng.uniform(0.9, 1.03)]
        )
        spine = _clothoid(scene, start, np.pi / 2 if from_above else -np.pi / 2, rng)
        tone = mix(scene.season.leaves[int(rng.integers(0, len(scene.season.leaves)))], scene.rig.zenith, 0.25)
        width = np.linspace(rng.uniform(5, 9), 1.4, len(spine)) * scene.unit
        ribbon(pixels, spine, width, scene.lit(tone * 0.62, 0.3, 0.05))
        ribbon(pixels, spine - np.array([0, 0.6 * scene.unit]), width * 0.45, scene.lit(tone, 0.85, 0.05))
        _leaves(pixels, scene, spine, tone, rng)
        code = str(rng.choice(scene.mood.hero_colours))
        size = scene.unit * rng.uniform(48, 92)
        at = spine[int(len(spine) * rng.uniform(0.45, 0.7))]
        sprite = nursery.pick(scene.mood.hero, code, rng, True)
        stamp(pixels, sprite, (float(at[0]), float(at[1])), size, rng.uniform(0, 6), rng.uniform(0.7, 1.0))


def _clothoid(scene: Scene, start: Field, heading: float, rng: np.random.Generator) -> Field:
    t = np.linspace(0, 1, 110)
    hand = rng.choice([-1, 1])
    angle = heading + rng.normal(0, 0.25) + hand * (rng.uniform(-0.9, -0.2) * t + rng.uniform(8, 12) * t**4)
    step = scene.unit * rng.uniform(420, 760) / len(t) * (1 - 0.55 * t)
    return np.asarray(start + np.cumsum(np.stack([np.cos(angle), np.sin(angle)], -1) * step[:, None], 0))


def _leaves(pixels: Pixels, scene: Scene, spine: Field, tone: Field, rng: np.random.Generator) -> None:
    at = np.arange(6, 70, 8)
    along = spine[at + 1] - spine[at]
    hand = np.where(np.arange(len(at)) % 2, 1.0, -1.0)
    angle = np.arctan2(along[:, 1], along[:, 0]) + hand * 0.9
    size = scene.unit * rng.uniform(9, 17, len(at))
    centres = spine[at] + np.stack([np.cos(angle), np.sin(angle)], -1) * size[:, None]
    colours = scene.lit(np.broadcast_to(tone, (len(at), 3)), rng.uniform(0.3, 0.95, len(at)))
    dabs(pixels, centres, size, size * 0.42, angle, colours, leaf=True)
