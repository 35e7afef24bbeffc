"""Nearest to the eye: large flowers of a close-up, and soft dark leaves that frame the view."""

from dataclasses import replace

import cv2
import numpy as np

from generation.engines.painter.dice import Dice
from generation.engines.painter.flowers.beds import hero_of, land_hero, paint_tuft
from generation.engines.painter.flowers.plants import Nursery, paint_plant
from generation.engines.painter.flowers.species import SPECIES, Species
from generation.engines.painter.palette import Pixels, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.stamp import stamp
from generation.engines.painter.strokes import dabs, ribbon, spline
from generation.engines.painter.trees import leaf_colours


def soften(pixels: Pixels, scene: Scene) -> None:
    """Out of focus: what lies behind a close-up."""
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
    wanted = (scene.height * 1.04 - head) / scene.unit
    if species.stem:
        return replace(species, stem=wanted / scale), scale
    return species, float(np.clip(wanted / species.size * 1.2, 0.9, 2.9))


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
        spine = spline(
            [
                (edge + side * 20, y),
                (edge - side * reach * 0.5, y + reach * rng.uniform(0.06, 0.16)),
                (edge - side * reach, y + reach * rng.uniform(0.2, 0.5)),
            ],
            30,
        )
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
        stamp(
            layer,
            nursery.pick(hero, str(rng.choice(codes)), rng, True),
            at,
            size,
            rng.normal(0, 0.3),
            0.9,
            False,
            shade,
        )
    blurred = cv2.GaussianBlur(layer, (0, 0), 5 * scene.unit + 0.3)
    changed = cv2.GaussianBlur(
        (np.abs(layer.astype(np.int16) - patch).max(-1) > 3).astype(np.float32), (0, 0), 4 * scene.unit + 0.3
    )
    patch[:] = (patch + (blurred.astype(np.float32) - patch) * np.clip(changed[..., None] * 1.1, 0, 1)).astype(np.uint8)
