"""The herbarium: how each species is drawn, how large it is and how it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from generation.engines.painter.flowers import cups, discs, spikes
from generation.engines.painter.palette import Colour, Pixels
from generation.engines.painter.scene import Scene


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
        "sunflower": Species(discs.sunflower, 190, 250, "broad", True),
        "daisy": Species(discs.daisy, 84, 110, "strap", True),
        "camellia": Species(discs.camellia, 150, 120, "broad", True),
        "poppy": Species(discs.poppy, 130, 190, "strap", True),
        "passion": Species(discs.passion, 160, 130, "broad", True),
        "lotus": Species(cups.lotus, 180, 90, "none", False),
        "tulip": Species(cups.tulip, 100, 140, "strap", False),
        "iris": Species(cups.iris, 160, 210, "strap", False),
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
        "fern": ("#6FA04A",),
    }
)
