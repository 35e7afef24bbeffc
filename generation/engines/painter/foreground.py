"""Nearest to the eye: large flowers of a close-up, leaves that frame the view, and what confusion hangs before it."""

from dataclasses import replace

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.flowers.beds import hero_of, land_hero, paint_tuft
from generation.engines.painter.flowers.plants import SPECIES, Nursery, Species, paint_plant
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Field, Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import dabs, ribbon, spline, stamp
from generation.engines.painter.trees import leaf_colours


def soften(pixels: Pixels, scene: Scene) -> None:
    """The blurred background of a close-up."""
    pixels[:] = cv2.GaussianBlur(pixels, (0, 0), 5.5 * scene.unit + 0.3)


def paint_closeup(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery) -> None:
    """A handful of hero flowers filling the front, the smaller ones behind."""
    rng = dice.stream("closeup")
    hero, codes = hero_of(scene)
    species = SPECIES[hero]
    places = np.linspace(0.1, 0.9, 4 if scene.portrait else 6) + rng.normal(0, 0.04, 4 if scene.portrait else 6)
    scales = rng.permutation(np.linspace(1.15, 2.3, len(places)))
    for i in np.argsort(scales):
        scale = scales[i] * (1.05 if scene.portrait else 0.92)
        grown, scale = _reaching(scene, species, scale, scene.height * rng.uniform(0.42, 0.72))
        root = (places[i] * scene.width, scene.height * 1.04)
        paint_tuft(pixels, scene, root, min(scale, 2.2), rng, 0, 9)
        sprite = nursery.pick(hero, str(rng.choice(codes)), rng, True)
        paint_plant(pixels, scene, sprite, grown, root, scale, rng)
    for x in rng.uniform(0, 1, 26):
        name, code = scene.mood.chorus[int(rng.integers(0, len(scene.mood.chorus)))]
        root = (x * scene.width, scene.height * rng.uniform(1.0, 1.1))
        scale = rng.uniform(0.55, 0.95)
        paint_tuft(pixels, scene, root, scale * 1.3, rng, 0, 5)
        paint_plant(pixels, scene, nursery.pick(name, code, rng, False), SPECIES[name], root, scale, rng)


def _reaching(scene: Scene, species: Species, scale: float, head: float) -> tuple[Species, float]:
    """The plant grown so tall that its flower comes to row `head`: a longer stem, or the whole plant larger."""
    height = (scene.height * 1.04 - head) / scene.unit
    if species.stem:
        return replace(species, stem=height / scale), scale
    return species, float(np.clip(height / species.size * 1.2, 0.9, 2.9))


def paint_frame(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery) -> None:
    """A leafy bough from an upper corner and blurred flowers in a lower one, seen against the light."""
    rng = dice.stream("frame")
    if rng.random() < 0.6 and scene.season.leafiness > 0.3:
        _bough(pixels, scene, rng)
    if rng.random() < 0.55:
        _blurred(pixels, scene, nursery, rng)


def _bough(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> None:
    """Hangs in on the side away from the light."""
    left = scene.sun[0] > scene.width / 2
    side = -1 if left else 1
    edge = 0.0 if left else scene.width
    for _ in range(int(rng.integers(2, 5))):
        y = scene.height * rng.uniform(-0.02, 0.10)
        reach = scene.unit * rng.uniform(170, 400)
        middle = (edge - side * reach * 0.5, y + reach * rng.uniform(0.06, 0.16))
        tip = (edge - side * reach, y + reach * rng.uniform(0.2, 0.5))
        spine = spline([(edge + side * 20, y), middle, tip], 30)
        tone = rgb("#5A4636") * 0.6
        ribbon(pixels, spine, np.linspace(6, 1, 30) * scene.unit, scene.lit(tone, 0.25))
        count = 120
        at = rng.integers(2, 30, count)
        size = scene.unit * rng.uniform(6, 14, count)
        local = rng.normal(0, 1, (count, 2))
        centres = spine[at] + local * 15 * scene.unit + [0, 7 * scene.unit]
        light = np.clip(0.42 - 0.22 * local[:, 1] + rng.normal(0, 0.15, count), 0, 1)
        order = np.argsort(light)
        leaves = leaf_colours(scene, str(scene.mood.trees[0]))
        shade = scene.lit(np.stack(leaves)[rng.integers(0, len(leaves), count)] * (0.55 + 0.45 * light[:, None]), light)
        turn = rng.normal(0.9 * -side + (np.pi if left else 0), 0.6, count)
        dabs(pixels, centres[order], size[order], size[order] * 0.45, turn[order], shade[order], leaf=True)


def _blurred(pixels: Pixels, scene: Scene, nursery: Nursery, rng: np.random.Generator) -> None:
    hero, codes = land_hero(scene)
    corner = 0.06 if rng.random() < 0.5 else 0.94
    reach = int(440 * scene.unit)
    left = int(np.clip(corner * scene.width - reach / 2, 0, max(0, scene.width - reach)))
    top = max(0, scene.height - int(reach * 0.75))
    patch = pixels[top:, left : left + reach]
    layer = patch.copy()
    for _ in range(4):
        at = (rng.uniform(0.30, 0.70) * layer.shape[1], layer.shape[0] * rng.uniform(0.80, 1.04))
        size = scene.unit * rng.uniform(140, 200)
        shade = np.full(3, 0.82, np.float32)
        sprite = nursery.pick(hero, str(rng.choice(codes)), rng, True)
        stamp(layer, sprite, at, size, rng.normal(0, 0.3), 0.9, False, shade)
    blurred = cv2.GaussianBlur(layer, (0, 0), 5 * scene.unit + 0.3)
    changed = cv2.GaussianBlur(
        (np.abs(layer.astype(np.int16) - patch).max(-1) > 3).astype(np.float32), (0, 0), 4 * scene.unit + 0.3
    )
    patch[:] = (patch + (blurred.astype(np.float32) - patch) * np.clip(changed[..., None] * 1.1, 0, 1)).astype(np.uint8)


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
