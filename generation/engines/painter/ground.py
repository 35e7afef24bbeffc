"""The ground: a meadow seen in perspective with pools of light, and a path that leads into it."""

import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, Field, Pixels, jitter, mix, ramp, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import blades, dabs


def paint_ground(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    rng = dice.stream("ground")
    top = max(0, min(scene.height - 1, int(scene.horizon)))
    x, y = noise.grid(-(-(scene.height - top) // 2), -(-scene.width // 2))
    x, y = x * 2, y * 2 + top
    near = np.asarray(scene.depth_of(y), np.float32)
    away = 1 / (near * 3.2 + 0.10)
    u = np.asarray((x - scene.width / 2) / scene.unit / 1000 * away * 0.35 + rng.random(), np.float32)
    v = np.asarray(away * 0.30 + rng.random(), np.float32)
    colour = _cover(scene, near, u, v, rng)
    if scene.layout == "path":
        colour = _path(scene, colour, x, near, u, v, dice)
    full = np.repeat(np.repeat(colour, 2, 0), 2, 1)[: scene.height - top, : scene.width]
    pixels[top:] = np.clip(full * 255, 0, 255).astype(np.uint8)


def paint_turf(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Short brush marks of grass over the ground, tiny and flat far away, upright near."""
    rng = dice.stream("turf")
    count = 2600
    near = rng.random(count) ** 1.25
    near.sort()
    x = rng.uniform(-0.02, 1.02, count) * scene.width
    y = scene.horizon + near * (scene.height - scene.horizon) * 1.04
    keep = np.ones(count, bool)
    if scene.layout == "path":
        keep = np.abs(x - path_centre(scene, dice, near)) > path_half_width(scene, near) * 1.02
    patch = noise.sample(np.asarray(x[None] / scene.width * 0.4, np.float32), np.asarray(near[None] * 0.3, np.float32))[
        0
    ]
    base = mix(np.broadcast_to(scene.season.ground_far, (count, 3)), scene.season.ground_near, near * 0.8)
    tone = np.clip(base * rng.normal(1, 0.12, (count, 1)) + rng.normal(0, 0.015, (count, 3)), 0, 1).astype(np.float32)
    light = np.clip(patch * 1.7 - 0.4 + rng.normal(0, 0.16, count), 0, 1)
    colours = scene.lit(tone, light, (1 - near) ** 2 * (0.45 + 0.25 * scene.mist))
    tall = scene.unit * (2.5 + 46 * near**1.3) * rng.uniform(0.5, 1.2, count)
    lean = tall * (scene.wind * 0.8 + rng.normal(0, 0.25, count))
    width = scene.unit * (1.6 + 4.6 * near)
    blades(pixels, np.stack([x, y], -1)[keep], tall[keep], lean[keep], width[keep], colours[keep])


def path_centre(scene: Scene, dice: Dice, near: Field | np.ndarray) -> np.ndarray:
    """The path's middle x at a nearness; it swings wider as it comes nearer and ends under the light."""
    rng = dice.stream("path")
    swing, phase = rng.uniform(0.10, 0.22) * rng.choice([-1, 1]), rng.uniform(0, 0.8)
    vanish, foot = scene.sun[0] / scene.width, rng.uniform(0.38, 0.62)
    bend = np.sin(np.asarray(near) ** 0.7 * np.pi * 1.7 + phase) - np.sin(phase)
    return np.asarray(
        scene.width * (vanish + (foot - vanish) * np.asarray(near) + swing * bend * np.asarray(near) ** 0.6)
    )


def path_half_width(scene: Scene, near: Field | np.ndarray) -> np.ndarray:
    return np.asarray(scene.unit * (5 + 150 * np.asarray(near) ** 1.25))


def _cover(scene: Scene, near: Field, u: Field, v: Field, rng: np.random.Generator) -> Colour:
    season = scene.season
    middle = mix(season.ground_far, season.ground_near, 0.5)
    base = ramp([(0, season.ground_far), (0.35, middle), (1, season.ground_near * 0.72)], near)
    pools = noise.sample(u * 0.5, v * 0.8, 2.6)
    grain = noise.sample(u * 5, v * 5, 1.6)
    light = np.clip(0.15 + noise.smoothstep(0.36, 0.66, pools) * 0.8 * (1.05 - 0.55 * near) + (grain - 0.5) * 0.5, 0, 1)
    distance = np.asarray((1 - near) ** 2.4 * (0.55 + 0.3 * scene.mist), np.float32)
    return scene.lit(base * (0.86 + 0.28 * grain[..., None]), light, distance)


def _path(scene: Scene, colour: Colour, x: Field, near: Field, u: Field, v: Field, dice: Dice) -> Colour:
    half = path_half_width(scene, near)
    ragged = (noise.sample(u * 6, v * 6, 1.8) - 0.5) * 0.7
    inside = noise.smoothstep(
        1.08, 0.78, np.asarray(np.abs(x - path_centre(scene, dice, near)) / half + ragged, np.float32)
    )
    earth = mix(rgb("#D9C29A"), scene.season.ground_far, 0.25 + 0.6 * scene.season.snow)
    worn = noise.sample(u * 3, v * 9, 2.0)
    haze = (1 - near) ** 2 * (0.4 + 0.3 * scene.mist)
    sand = scene.lit(earth * (0.75 + 0.5 * worn[..., None]), np.clip(worn * 1.5 - 0.15, 0, 1), haze)
    return mix(colour, sand, inside * 0.92)


def paint_pebbles(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Stones and tufts that break the edge of the path."""
    if scene.layout != "path":
        return
    rng = dice.stream("pebbles")
    near = np.sort(rng.random(150) ** 0.8)
    side = rng.choice([-1, 1], 150)
    x = path_centre(scene, dice, near) + side * path_half_width(scene, near) * rng.normal(0.95, 0.08, 150)
    y = scene.horizon + near * (scene.height - scene.horizon)
    size = scene.unit * (1 + 8 * near) * rng.uniform(0.6, 1.3, 150)
    colours = scene.lit(jitter(rgb("#B5A68E"), rng, 150, 0.15, 0.01), rng.uniform(0.1, 0.8, 150), (1 - near) ** 2 * 0.5)
    dabs(pixels, np.stack([x, y], -1), size, size * 0.6, 0.0, colours)
