"""Where flowers grow: drifts in a meadow, rows, beds beside a path, a near bank; from far dots to near plants."""

from collections.abc import Sequence

import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.flowers.plants import DEFAULT_COLOURS, SPECIES, Nursery, paint_plant
from generation.engines.painter.ground import path_centre, path_half_width
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import blades, dabs

_DOTS_BELOW = 0.10
_BANK = 0.74


def hero_of(scene: Scene) -> tuple[str, Sequence[str]]:
    """The leading species and its colours: the one the prompt names, or the mood's."""
    flower = scene.brief.flower
    if flower is None or flower == scene.mood.hero:
        return scene.mood.hero, scene.mood.hero_colours
    return flower, DEFAULT_COLOURS[flower]


def land_hero(scene: Scene) -> tuple[str, Sequence[str]]:
    """As `hero_of`, but lotus grows only on water: on land its chorus leads."""
    species, colours = hero_of(scene)
    if species == "lotus":
        species, code = scene.mood.chorus[0] if scene.mood.hero == "lotus" else ("daisy", "#FFFFFF")
        return species, (code,)
    return species, colours


def paint_far_flowers(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Distant flowers as dabs of pure colour, gathered in drifts."""
    rng = dice.stream("far flowers")
    count = int(1500 * scene.season.bloom)
    near = rng.uniform(0.012, 0.42, count) ** 1.0
    x = rng.uniform(0, 1, count)
    keep = _drift(x, near * 2.2, rng) > rng.uniform(0.44, 0.60, count)
    keep &= _on_land(scene, dice, x, near)
    near, x = np.sort(near[keep]), x[keep]
    palette = _field_colours(scene)
    pick = (
        noise.sample(np.asarray(x[None] * 0.5, np.float32), np.asarray(near[None] * 2, np.float32), 2.4)[0]
        * 2.6
        * len(palette)
    ).astype(int)
    pick = np.where(rng.random(len(x)) < 0.3, rng.integers(0, 99, len(x)), pick) % len(palette)
    light = np.clip(rng.normal(0.7, 0.25, len(x)), 0, 1)
    colours = scene.lit(palette[pick], light, (1 - near) ** 5 * (0.5 + 0.3 * scene.mist))
    size = scene.unit * (1.4 + 17 * near) * rng.uniform(0.6, 1.3, len(x))
    y = scene.horizon + near * (scene.height - scene.horizon) - size * 1.5
    dabs(pixels, np.stack([x * scene.width, y], -1), size, size * 0.7, rng.uniform(-0.4, 0.4, len(x)), colours)


def near_spots(scene: Scene, dice: Dice) -> list[tuple[float, float]]:
    """(x, nearness) of plants to draw one by one, from far to near; x in [0, 1]."""
    rng = dice.stream("near flowers")
    count = int(250 * scene.season.bloom)
    if scene.layout == "rows":
        return _rows(scene, rng)
    near = _DOTS_BELOW + (1.06 - _DOTS_BELOW) * rng.random(count) ** 1.15
    x = rng.uniform(-0.02, 1.02, count)
    keep = (_drift(x, near, rng) > rng.uniform(0.36, 0.56, count)) & _on_land(scene, dice, x, near)
    order = np.argsort(near[keep])
    return list(zip(x[keep][order].tolist(), near[keep][order].tolist(), strict=True))


def paint_near_flower(
    pixels: Pixels, scene: Scene, nursery: Nursery, spot: tuple[float, float], rng: np.random.Generator
) -> None:
    """One plant of the chorus or a hero, with grass at its foot."""
    x, near = spot
    hero, hero_colours = land_hero(scene)
    if rng.random() < (0.62 if near > 0.3 else 0.5):
        name, code = hero, str(rng.choice(hero_colours))
    else:
        name, code = scene.mood.chorus[int(rng.integers(0, len(scene.mood.chorus)))]
    species = SPECIES[name]
    root = (x * scene.width, scene.horizon + near * (scene.height - scene.horizon))
    haze = float((1 - near) ** 5 * (0.4 + 0.3 * scene.mist))
    scale = near * (0.86 if scene.portrait else 0.72)
    if name not in {"moss", "fern"}:
        paint_tuft(pixels, scene, root, scale, rng, haze, 5)
    paint_plant(pixels, scene, nursery.pick(name, code, rng, name == hero), species, root, scale, rng, haze)
    paint_tuft(pixels, scene, root, scale, rng, haze, 3)


def paint_giants(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery) -> None:
    """Mushrooms as tall as trees, at the edges of the middle distance."""
    rng = dice.stream("giants")
    side = rng.choice([-1, 1])
    for i, near in enumerate(np.sort(rng.uniform(0.10, 0.36, 4))):
        x = 0.5 + side * (-1) ** i * rng.uniform(0.24, 0.46)
        root = (x * scene.width, scene.horizon + near * (scene.height - scene.horizon))
        code = str(rng.choice(scene.mood.hero_colours))
        sprite = nursery.pick("moss", code, rng, True)
        scale = (0.75 + 2.2 * near) * rng.uniform(0.8, 1.3)
        paint_plant(pixels, scene, sprite, SPECIES["moss"], root, scale, rng, haze=0.55 * (1 - near * 1.6))


def paint_tuft(
    pixels: Pixels,
    scene: Scene,
    root: tuple[float, float],
    scale: float,
    rng: np.random.Generator,
    haze: float,
    count: int,
) -> None:
    height = scene.unit * scale * rng.uniform(45, 135, count)
    base = mix(scene.season.ground_near, scene.season.leaves[0], 0.5)
    tone = np.clip(base * rng.normal(0.95, 0.14, (count, 1)), 0, 1).astype(np.float32)
    roots = np.array(root) + np.stack(
        [rng.normal(0, 26 * scale * scene.unit, count), rng.uniform(-2, 5, count) * scale], -1
    )
    lean = height * (rng.normal(0, 0.30, count) + scene.wind * 0.7)
    width = scene.unit * scale * rng.uniform(4, 9, count) + 0.5
    blades(pixels, roots, height, lean, width, scene.lit(tone, rng.uniform(0, 0.9, count), haze))


def _drift(x: np.ndarray, near: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    u = np.asarray((x - 0.5)[None] * 0.5 + rng.random(), np.float32)
    v = np.asarray(np.log(near + 0.05)[None] * 0.22 + rng.random(), np.float32)
    return np.asarray(noise.sample(u, v, 2.2)[0])


def _on_land(scene: Scene, dice: Dice, x: np.ndarray, near: np.ndarray) -> np.ndarray:
    if scene.watery:
        return np.asarray(near > _BANK + 0.12 * np.cos(x * 2 * np.pi) * -1)
    if scene.layout == "path":
        gap = np.abs(x * scene.width - path_centre(scene, dice, near))
        return np.asarray(gap > path_half_width(scene, near) * 1.1 + 8 * scene.unit)
    return np.ones(len(x), bool)


def _rows(scene: Scene, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Planted rows meeting at the light's foot on the horizon."""
    vanish = scene.sun[0] / scene.width
    spots = [
        (vanish + (lane * 0.17 + rng.normal(0, 0.008)) * (0.10 + near * 1.15), float(near))
        for near in _DOTS_BELOW + 0.94 * np.linspace(0, 1, 22) ** 1.5
        for lane in range(-11, 12)
    ]
    return [spot for spot in spots if -0.05 < spot[0] < 1.05]


def _field_colours(scene: Scene) -> np.ndarray:
    codes = [*land_hero(scene)[1], *land_hero(scene)[1], *(code for _, code in scene.mood.chorus)]
    return np.stack([rgb(code) for code in codes])
