"""The order of work: from the sky forward, each plane over the last, the animal at its place among the flowers."""

import numpy as np

from generation.engines.painter import foreground, ground, sky, trees, water, weather
from generation.engines.painter.finish import finish, paint_light
from generation.engines.painter.flowers import beds
from generation.engines.painter.flowers.plants import SPECIES, Nursery
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Pixels
from generation.engines.painter.scene import Scene
from generation.engines.painter.staging import Place, paint_animal, place_for, swims


def paint(scene: Scene, dice: Dice, *, framed: bool = True) -> Pixels:
    """The finished picture of a plan, RGB of shape (height, width, 3)."""
    pixels = np.zeros((scene.height, scene.width, 3), np.uint8)
    nursery = _nursery(scene, dice)
    _distance(pixels, scene, dice)
    _land(pixels, scene, dice)
    if scene.watery:
        _pool(pixels, scene, dice, nursery)
    if scene.layout == "closeup":
        foreground.soften(pixels, scene)
        foreground.paint_closeup(pixels, scene, dice, nursery)
        _closeup_guest(pixels, scene, dice)
    else:
        _garden(pixels, scene, dice, nursery)
        foreground.paint_frame(pixels, scene, dice, nursery)
    if scene.emotion == "confused":
        foreground.paint_sky_garden(pixels, scene, dice)
        foreground.paint_tendrils(pixels, scene, dice, nursery)
    weather.paint_drift(pixels, scene, dice)
    weather.paint_weather(pixels, scene, dice)
    paint_light(pixels, scene)
    return finish(pixels, scene, dice, framed=framed)


def plant(ground: Pixels, scene: Scene, dice: Dice) -> Pixels:
    """Flowers, the animal and the weather of a plan over a picture that stays what it is behind them."""
    pixels = np.ascontiguousarray(ground).copy()
    _garden(pixels, scene, dice, _nursery(scene, dice))
    weather.paint_drift(pixels, scene, dice)
    weather.paint_weather(pixels, scene, dice)
    return finish(pixels, scene, dice, framed=False)


def _nursery(scene: Scene, dice: Dice) -> Nursery:
    detail = min(2.5, max(1.0, scene.unit))
    return Nursery(scene, dice, int((320 if scene.layout == "closeup" else 224) * detail))


def _distance(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    sky.paint_sky(pixels, scene, dice)
    if scene.weather == "storm":
        weather.paint_lightning(pixels, scene, dice)
    sky.paint_hills(pixels, scene, dice)
    sky.paint_treeline(pixels, scene, dice)


def _land(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    ground.paint_ground(pixels, scene, dice)
    ground.paint_turf(pixels, scene, dice)
    ground.paint_pebbles(pixels, scene, dice)
    _trees(pixels, scene, dice)
    if not scene.watery:
        beds.paint_far_flowers(pixels, scene, dice)


def _trees(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    stands = trees.stands(scene, dice.stream("trees"))
    if not scene.watery:
        trees.paint_shadows(pixels, scene, stands)
    for stand in stands:
        trees.paint_tree(pixels, scene, stand, dice.stream(f"tree {stand.foot}"))


def _pool(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery) -> None:
    if scene.layout == "bridge":
        water.paint_bridge(pixels, scene, dice, water.shore_of(scene))
    water.paint_water(pixels, scene, dice)
    water.paint_reeds(pixels, scene, dice)
    if scene.emotion == "sad" or scene.weather == "rain":
        water.paint_rings(pixels, scene, dice)
    if scene.layout != "mirror":
        place = place_for(scene, dice) if swims(scene) else None
        if place is not None:
            paint_animal(pixels, scene, dice, place)
        water.paint_lilies(pixels, scene, dice, nursery, place)


def _garden(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery) -> None:
    """Flowers from far to near, the animal among them with the ground before it left open."""
    rng = dice.stream("planting")
    if scene.emotion == "disgusted":
        beds.paint_giants(pixels, scene, dice, nursery)
    place = place_for(scene, dice)
    waiting = None if swims(scene) and scene.layout != "mirror" else place
    for spot in beds.near_spots(scene, dice):
        own = np.random.Generator(np.random.PCG64(int(rng.integers(0, 2**62))))
        if waiting is not None and scene.horizon + spot[1] * (scene.height - scene.horizon) > waiting.y:
            paint_animal(pixels, scene, dice, waiting)
            waiting = None
        if place is None or not _hides(scene, spot, place):
            beds.paint_near_flower(pixels, scene, nursery, spot, own)
    if waiting is not None:
        paint_animal(pixels, scene, dice, waiting)


def _hides(scene: Scene, spot: tuple[float, float], place: Place) -> bool:
    """Whether a plant would stand in front of the animal."""
    y = scene.horizon + spot[1] * (scene.height - scene.horizon)
    beside = (
        abs(spot[0] * scene.width - place.x)
        > place.size * 0.5 + SPECIES[beds.hero_of(scene)[0]].size * scene.unit * spot[1] * 0.3
    )
    return not beside and y > place.y - 0.10 * place.size and y < place.y + 0.85 * place.size


def _closeup_guest(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    place = place_for(scene, dice)
    if place is not None:
        paint_animal(pixels, scene, dice, place)
