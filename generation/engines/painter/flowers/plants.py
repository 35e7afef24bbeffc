"""Single plants: how each species is drawn and stands, its stem with leaves, and the flower's sprite on top of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from generation.engines.painter.flowers import blossoms, spikes
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import Sprite, dabs, ribbon, spline, stamp


@dataclass(frozen=True, slots=True)
class Species:
    """`size` of the sprite and `stem` length at the picture's lower edge, in units; a stem of 0 is in the sprite."""

    draw: Callable[[Scene, Colour, int, np.random.Generator], Pixels]
    size: float
    stem: float
    leaf: str
    faces: bool


SPECIES: Mapping[str, Species] = MappingProxyType(
    {
        "sunflower": Species(blossoms.sunflower, 190, 250, "broad", True),
        "daisy": Species(blossoms.daisy, 84, 110, "strap", True),
        "camellia": Species(blossoms.camellia, 150, 120, "broad", True),
        "poppy": Species(blossoms.poppy, 130, 190, "strap", True),
        "passion": Species(blossoms.passion, 160, 130, "broad", True),
        "lotus": Species(blossoms.lotus, 180, 90, "none", False),
        "tulip": Species(blossoms.tulip, 100, 140, "strap", False),
        "iris": Species(blossoms.iris, 160, 210, "strap", False),
        "bluebell": Species(spikes.bluebell, 230, 0, "strap", False),
        "lavender": Species(spikes.lavender, 190, 0, "strap", False),
        "fern": Species(spikes.fern, 240, 0, "none", False),
        "moss": Species(spikes.moss, 190, 0, "none", False),
    }
)

DEFAULT_COLOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sunflower": ("#FFC21F", "#FFB000"),
        "camellia": ("#F58FB8", "#F0447F"),
        "lotus": ("#FBE3EA", "#F7C6D6"),
        "poppy": ("#F03A22", "#FF5A36"),
        "iris": ("#8F78F5", "#6A4FE0"),
        "passion": ("#C9A7E8", "#E9D6F5"),
        "moss": ("#B4C75A", "#D9A36A"),
        "bluebell": ("#6F97F0", "#4C74D8"),
        "daisy": ("#FFFFFF", "#FFF2C9"),
        "tulip": ("#FF5E62", "#FFC53D", "#F58FB8"),
        "lavender": ("#9A86E0", "#B7A4F0"),
    }
)


_VARIANTS = 2


class Nursery:
    """Paints each (species, colour) once per picture, a few individuals of it, when first asked."""

    def __init__(self, scene: Scene, dice: Dice, hero_side: int) -> None:
        self._scene, self._dice, self._side = scene, dice, hero_side
        self._kept: dict[tuple[str, str], list[Sprite]] = {}

    def pick(self, species: str, code: str, rng: np.random.Generator, large: bool) -> Sprite:
        """One individual's sprite."""
        key = (species, code)
        if key not in self._kept:
            own = self._dice.stream(f"sprite {species} {code}")
            side = self._side if large else min(self._side, 128)
            draw = SPECIES[species].draw
            self._kept[key] = [Sprite(draw(self._scene, rgb(code), side, own)) for _ in range(_VARIANTS)]
        return self._kept[key][int(rng.integers(0, _VARIANTS))]


def paint_plant(
    pixels: Pixels,
    scene: Scene,
    sprite: Sprite,
    species: Species,
    root: tuple[float, float],
    scale: float,
    rng: np.random.Generator,
    haze: float = 0.0,
) -> None:
    """A plant rooted at `root`; `scale` 1 is the size at the picture's lower edge."""
    size = species.size * scale * scene.unit * rng.uniform(0.82, 1.14)
    veil = (scene.rig.haze, haze) if haze > 0.02 else None
    shade = np.full(3, rng.uniform(0.86, 1.06), np.float32)
    turn = rng.normal(0, 0.12) + scene.wind * 0.25
    if not species.stem:
        centre = (root[0] + turn * size * 0.3, root[1] - size * 0.47)
        stamp(pixels, sprite, centre, size, turn, 1.0, bool(rng.random() < 0.5), shade, veil)
        return
    head = _stem(pixels, scene, species, root, scale, rng, haze)
    squash = rng.uniform(0.66, 1.0) if species.faces else 1.0
    turn = turn if not species.faces else turn + rng.uniform(-0.5, 0.5)
    stamp(pixels, sprite, head, size, turn, squash, bool(rng.random() < 0.5), shade, veil)


def _stem(
    pixels: Pixels,
    scene: Scene,
    species: Species,
    root: tuple[float, float],
    scale: float,
    rng: np.random.Generator,
    haze: float,
) -> tuple[float, float]:
    """Paint stem and leaves; the place of the flower's middle."""
    length = species.stem * scale * scene.unit * rng.uniform(0.75, 1.2)
    lean = length * (scene.wind * 0.5 + rng.normal(0, 0.10))
    spine = spline(
        [(root[0], root[1]), (root[0] + lean * 0.2, root[1] - length * 0.55), (root[0] + lean, root[1] - length)], 12
    )
    green = mix(scene.season.leaves[0], rgb("#5E8F3A"), 0.35)
    width = max(0.8, (7.5 if species.leaf == "broad" else 4.2) * scale * scene.unit)
    if width > 0.9:
        ribbon(pixels, spine, np.linspace(width, width * 0.7, 12), scene.lit(green * 0.7, 0.25, haze))
        lit_side = spine + np.array([width * 0.2, 0])
        ribbon(pixels, lit_side, np.linspace(width, width * 0.7, 12) * 0.4, scene.lit(green, 0.75, haze))
    _leaves(pixels, scene, species, spine, length, green, rng, haze)
    return float(spine[-1, 0]), float(spine[-1, 1])


def _leaves(
    pixels: Pixels,
    scene: Scene,
    species: Species,
    spine: np.ndarray,
    length: float,
    green: Colour,
    rng: np.random.Generator,
    haze: float,
) -> None:
    if species.leaf == "none" or length < 14 * scene.unit:
        return
    broad = species.leaf == "broad"
    for i in (2, 4, 6, 8) if broad else (1, 2, 3):
        hand = 1 if i % 4 < 2 else -1
        reach = length * (0.2 if broad else 0.27) * rng.uniform(0.8, 1.2)
        angle = -np.pi / 2 + hand * (rng.uniform(0.9, 1.4) if broad else rng.uniform(0.25, 0.5)) + scene.wind * 0.3
        middle = spine[i] + np.array([np.cos(angle), np.sin(angle)]) * reach * 0.92
        for part, light in ((1.0, 0.18), (0.72, 0.7)):
            half = reach * part
            place = spine[i] + (middle - spine[i]) * part - np.array([0, reach * 0.04 * (1 - part)])
            shade = (green * rng.uniform(0.85, 1.1))[None].clip(0, 1).astype(np.float32)
            colour = scene.lit(shade, np.array([light]), haze)
            dabs(pixels, place[None], half, half * (0.42 if broad else 0.13), angle, colour, leaf=True)
