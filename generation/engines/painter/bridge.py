"""An arched footbridge at the far shore; the water completes its arch to a circle."""

import numpy as np

from generation.engines.painter.dice import Dice
from generation.engines.painter.palette import Colour, Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import ribbon

_POSTS = 13


def paint_bridge(pixels: Pixels, scene: Scene, dice: Dice, shore: float) -> None:
    """A bridge standing on row `shore`, before the water is painted so that it is mirrored too."""
    rng = dice.stream("bridge")
    span = scene.unit * rng.uniform(400, 520) * (0.85 if scene.portrait else 1.0)
    middle = scene.width * rng.choice([0.36, 0.5, 0.64])
    rise = span * rng.uniform(0.24, 0.30)
    wood = mix(rgb("#A8624A"), rgb(scene.mood.accent), 0.25)
    t = np.linspace(-1, 1, 41)
    x = middle + t * span / 2
    deck = shore - rise * (1 - t**2) - 8 * scene.unit
    rail = deck - scene.unit * (44 + 8 * np.cos(t * np.pi / 2))
    _beam(pixels, scene, x, deck + 15 * scene.unit, 13, wood * 0.6, 0.15)
    _beam(pixels, scene, x, deck + 4 * scene.unit, 14, wood, 0.45)
    _beam(pixels, scene, x, deck - 2 * scene.unit, 5, wood, 0.95)
    for i in np.linspace(1, 39, _POSTS).astype(int):
        post = np.array([[x[i], deck[i] + 2 * scene.unit], [x[i], rail[i] - 7 * scene.unit]])
        ribbon(pixels, post, np.full(2, 5 * scene.unit), _tone(scene, wood * 0.85, 0.35))
        side = np.sign(scene.sun[0] - x[i]) * 1.3 * scene.unit
        ribbon(pixels, post + np.array([side, 0]), np.full(2, 1.8 * scene.unit), _tone(scene, wood, 0.95))
    _beam(pixels, scene, x, (rail + deck) / 2, 3, wood * 0.85, 0.4)
    _beam(pixels, scene, x, rail, 6, wood, 0.5)
    _beam(pixels, scene, x, rail - 1.8 * scene.unit, 2.2, wood, 1.0)


def _beam(pixels: Pixels, scene: Scene, x: np.ndarray, y: np.ndarray, width: float, wood: Colour, light: float) -> None:
    ribbon(pixels, np.stack([x, y], -1), np.full(len(x), width * scene.unit), _tone(scene, wood, light))


def _tone(scene: Scene, wood: Colour, light: float) -> Colour:
    return scene.lit(np.clip(wood, 0, 1), light, 0.16 + 0.14 * scene.mist)
