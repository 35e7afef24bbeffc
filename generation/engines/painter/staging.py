"""Setting an animal into the garden: its place, its shadow, its reflection, the grass before its feet."""

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.animals import ANIMALS, Animal, Figure
from generation.engines.painter.flowers.beds import paint_tuft
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Pixels, mix
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import Sprite, arc, stamp

_SIDE = 400
_FEET = {"ground": 0.44, "air": 0.5, "afloat": 0.37, "below": 0.0}
"""How far below the middle of a sprite its place is, in sizes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the first animal stands: its feet (x, y) and the sprite's size, in pixels."""

    x: float
    y: float
    size: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) of the sprite in pixels; may reach over the canvas."""
        half = self.size / 2
        return int(self.x - half), int(self.y - self.size), int(self.x + half), int(self.y)


def place_for(scene: Scene, dice: Dice) -> Place | None:
    """Place of the requested animal; None when the prompt names none."""
    if scene.brief.animal is None:
        return None
    animal, rng = ANIMALS[scene.brief.animal], dice.stream("animal place")
    if scene.spot is not None:
        x, y, radius = scene.spot
        return Place(x, y + _FEET[animal.home] * 2 * radius, 2 * radius)
    side = rng.choice([0.33, 0.62]) if not scene.portrait else rng.choice([0.42, 0.58])
    x = scene.width * (side + rng.uniform(-0.05, 0.05))
    near = _nearness(scene, animal, rng)
    size = animal.size * scene.unit * (0.30 + 0.62 * near) * (1.08 if scene.portrait else 0.96)
    size = min(size, scene.height * 0.8, scene.width * 0.9)
    y = scene.horizon + near * (scene.height - scene.horizon)
    if animal.home == "air":
        y = scene.height * rng.uniform(0.50, 0.62)
        size = animal.size * scene.unit * rng.uniform(0.8, 0.95)
    return Place(float(x), float(y), float(size))


def _nearness(scene: Scene, animal: Animal, rng: np.random.Generator) -> float:
    if animal.home in {"afloat", "below"}:
        return float(rng.uniform(0.5, 0.62))
    if scene.watery:
        return float(rng.uniform(0.90, 0.95))
    return float(rng.uniform(0.66, 0.80))


def swims(scene: Scene) -> bool:
    """Whether the requested animal lives under the water, below the lily pads."""
    return scene.brief.animal is not None and ANIMALS[scene.brief.animal].home == "below"


def paint_animal(pixels: Pixels, scene: Scene, dice: Dice, place: Place) -> None:
    animal = ANIMALS[scene.brief.animal or ""]
    rng = dice.stream("animal")
    for x, y, size in _companions(scene, animal, place, rng):
        _one(pixels, scene, animal, Place(x, y, size), rng)
    _one(pixels, scene, animal, place, rng)


def _one(pixels: Pixels, scene: Scene, animal: Animal, place: Place, rng: np.random.Generator) -> None:
    flip = bool(rng.random() < 0.5) if animal.home != "ground" else place.x > scene.width / 2
    side = float(np.clip((scene.sun[0] - place.x) / (scene.width * 0.25), -1, 1))
    side = (-side if flip else side) or 0.5
    figure = Figure(scene, _SIDE, side, coat := str(rng.choice(animal.coats)), rng)
    animal.draw(figure, coat)
    sprite = Sprite(figure.rgba)
    {"ground": _standing, "air": _flying, "afloat": _floating, "below": _swimming}[animal.home](
        pixels, scene, sprite, place, flip, rng
    )


def _standing(pixels: Pixels, scene: Scene, sprite: Sprite, place: Place, flip: bool, rng: np.random.Generator) -> None:
    _clearing(pixels, scene, place)
    _shadow(pixels, scene, place)
    stamp(pixels, sprite, (place.x, place.y - place.size * _FEET["ground"]), place.size, flip=flip)
    scale = place.size / scene.unit / 520
    for _ in range(9):
        root = (place.x + rng.normal(0, 0.22) * place.size, place.y + rng.uniform(-0.01, 0.035) * place.size)
        paint_tuft(pixels, scene, root, scale * rng.uniform(0.5, 0.95), rng, 0.0, 5)


def _clearing(pixels: Pixels, scene: Scene, place: Place) -> None:
    """Lit haze behind the animal, which separates it from a background of similar tone."""
    left, top, right, bottom = place.box
    x0, y0 = max(0, left), max(0, top)
    region = pixels[y0 : max(y0, bottom), x0 : max(x0, right)]
    if not region.size:
        return
    x, y = noise.grid(*region.shape[:2])
    across, down = (
        (x + x0 - place.x) / (place.size * 0.40),
        (y + y0 - place.y + place.size * 0.46) / (place.size * 0.42),
    )
    share = (np.exp(-((across**2 + down**2) ** 1.5)) * 0.42)[..., None]
    veil = mix(scene.rig.haze, scene.rig.light, 0.35) * 255
    region[:] = np.clip(region + (veil - region) * share, 0, 255).astype(np.uint8)


def _shadow(pixels: Pixels, scene: Scene, place: Place) -> None:
    """Soft, under the feet, longer for a lower light."""
    away = float(np.sign(place.x - scene.sun[0]) or 1)
    reach = place.size * (0.34 + 0.30 * (1 - scene.rig.elevation))
    layer = np.zeros(pixels.shape[:2], np.uint8)
    at = (place.x + away * reach * 0.35, place.y - place.size * 0.01)
    arc(layer, at, (reach, place.size * 0.055), 255, -1)
    top, bottom = max(0, int(place.y - place.size * 0.2)), min(scene.height, int(place.y + place.size * 0.2))
    share = (
        cv2.GaussianBlur(layer[top:bottom], (0, 0), place.size * 0.025 + 0.3).astype(np.float32)[..., None] / 255 * 0.5
    )
    region = pixels[top:bottom].astype(np.float32)
    pixels[top:bottom] = (region * (1 - share * (1 - scene.rig.ambient * 0.35))).astype(np.uint8)


def _flying(pixels: Pixels, scene: Scene, sprite: Sprite, place: Place, flip: bool, rng: np.random.Generator) -> None:
    turn = rng.uniform(-0.5, 0.5)
    middle = (place.x, place.y - place.size * _FEET["air"])
    stamp(pixels, sprite, middle, place.size, turn, rng.uniform(0.78, 1.0), flip)


def _floating(pixels: Pixels, scene: Scene, sprite: Sprite, place: Place, flip: bool, rng: np.random.Generator) -> None:
    dim = np.full(3, 0.75, np.float32)
    stamp(pixels, sprite, (place.x, place.y + place.size * 0.30), place.size, 0, -0.85, flip, dim, opacity=0.34)
    stamp(pixels, sprite, (place.x, place.y - place.size * _FEET["afloat"]), place.size, flip=flip)
    _wake(pixels, scene, place)


def _swimming(pixels: Pixels, scene: Scene, sprite: Sprite, place: Place, flip: bool, rng: np.random.Generator) -> None:
    turn = rng.uniform(-0.45, 0.45)
    shade = np.full(3, 0.10, np.float32)
    stamp(pixels, sprite, (place.x, place.y + place.size * 0.05), place.size, turn, 0.62, flip, shade, opacity=0.30)
    veil = (scene.rig.zenith * 0.6 + scene.rig.horizon * 0.4, 0.14)
    stamp(pixels, sprite, (place.x, place.y), place.size, turn, 0.62, flip, haze=veil, opacity=0.93)


def _wake(pixels: Pixels, scene: Scene, place: Place) -> None:
    tone = (np.clip(scene.rig.light, 0, 1) * 255).tolist()
    for i in range(3):
        reach = place.size * (0.34 + 0.10 * i)
        at, width = (place.x, place.y - place.size * 0.005), max(1, round(scene.unit * (1.6 - 0.4 * i)))
        arc(pixels, at, (reach, reach * 0.1625), tone, width, 20 + 8 * i, 160 - 8 * i)


def _companions(
    scene: Scene, animal: Animal, place: Place, rng: np.random.Generator
) -> list[tuple[float, float, float]]:
    others = []
    for _ in range(animal.others):
        share = rng.uniform(0.35, 0.75)
        x = place.x + rng.choice([-1, 1]) * place.size * rng.uniform(0.6, 1.5)
        y = place.y + place.size * (rng.uniform(-0.8, 0.4) if animal.home == "air" else rng.uniform(-0.28, 0.14))
        others.append((float(x), float(y), float(place.size * share)))
    return sorted(others, key=lambda one: one[1])
