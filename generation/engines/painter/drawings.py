"""The drawings of the folder `drawings`: SVG files, coloured by the scene, rendered by resvg and pressed on a canvas.

A drawing names its colours as `var(--a,#C9793A)`, so that it also shows by itself in a browser.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import resvg_py

from generation.engines.painter.palette import WHITE, Colour, Pixels, as_pixel, code_of

_FOLDER = Path(__file__).parent / "drawings"
_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_VARIABLE = re.compile(r"var\(--([\w-]+),([^)]*)\)")
_SIDES = (48, 96, 192, 384, 576, 768, 1024, 1280)
"""Rendered sizes in pixels."""
_ENLARGED = 1.25
"""How far a rendered drawing is enlarged at most, unless it is larger than all of `_SIDES`."""
Colours = Mapping[str, Colour | None]
"""By the name of the variable; None leaves out what has this colour."""


@dataclass(frozen=True, slots=True)
class Flower:
    """`size` of a blossom (or of a whole plant) and length of its stem at the lower edge, in units."""

    size: float
    bloom: tuple[str, ...]
    colours: tuple[str, ...]
    face: tuple[str, ...] = ()
    profile: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    stem: float = 0.0
    leaf: str = "none"


@dataclass(frozen=True, slots=True)
class Animal:
    """Its poses by where it is, its coats (coat, light, dark, shade), and how many of its kind may be with it."""

    size: float
    coats: tuple[tuple[str, str, str, str], ...]
    ground: tuple[str, ...] = ()
    air: tuple[str, ...] = ()
    water: tuple[str, ...] = ()
    small: bool = False
    others: int = 0

    def poses(self, home: str) -> tuple[str, ...]:
        return {"ground": self.ground, "air": self.air, "water": self.water}[home]


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    deep = {"coats": lambda coats: tuple(map(tuple, coats))}
    return {key: deep.get(key, tuple)(value) if isinstance(value, list) else value for key, value in row.items()}


FLOWERS: Mapping[str, Flower] = {name: Flower(**_frozen(row)) for name, row in _TABLES["flowers"].items()}
ANIMALS: Mapping[str, Animal] = {name: Animal(**_frozen(row)) for name, row in _TABLES["animals"].items()}


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


class Sprites:
    """Renders each drawing once a picture in each of its colours and sizes, when first used; premultiplied RGBA."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Pixels] = {}

    def get(self, name: str, colours: Colours, size: float) -> Pixels:
        side = next((one for one in _SIDES if one * _ENLARGED >= size), _SIDES[-1])
        codes = {role: "none" if colour is None else code_of(colour) for role, colour in colours.items()}
        key = (name, side, *codes.items())
        if key not in self._kept:
            self._kept[key] = _render(name, codes, side)
        return self._kept[key]


def _render(name: str, codes: Mapping[str, str], side: int) -> Pixels:
    """RGBA, `side` pixels on the longer side."""
    svg = _VARIABLE.sub(lambda found: codes.get(found[1], found[2]), _source(name))
    width, height = (float(number) for number in re.findall(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)[0])
    wide, tall = (side, None) if width >= height else (None, side)
    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, width=wide, height=tall)
    rgba = cv2.cvtColor(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    rgba[..., :3] = cv2.multiply(rgba[..., :3], cv2.merge([rgba[..., 3]] * 3), scale=1 / 255)
    return np.asarray(rgba, np.uint8)


def stamp(
    pixels: Pixels,
    sprite: Pixels,
    centre: tuple[float, float],
    size: float,
    turn: float = 0.0,
    squash: float = 1.0,
    flip: bool = False,
    shade: float = 1.0,
    haze: tuple[Colour, float] | None = None,
    opacity: float = 1.0,
) -> None:
    """Press a sprite whose longer side is `size` pixels onto RGB pixels, turned (radians) and squashed in height."""
    height, width = sprite.shape[:2]
    scale, reach = size / max(height, width), size * 0.72 + 2
    x0, y0 = max(0, int(centre[0] - reach)), max(0, int(centre[1] - reach))
    x1, y1 = min(pixels.shape[1], int(centre[0] + reach) + 1), min(pixels.shape[0], int(centre[1] + reach) + 1)
    if x1 <= x0 or y1 <= y0 or size < 1:
        return
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    matrix = np.array([[-cos if flip else cos, -sin * squash], [-sin if flip else sin, cos * squash]])
    shift = np.array(centre) - (x0, y0) - matrix @ np.array([width / 2, height / 2])
    if scale < 0.45:  # Few pixels of the source would be seen.
        sprite = cv2.GaussianBlur(sprite, (0, 0), 0.3 / scale)
    placed = cv2.warpAffine(sprite, np.column_stack([matrix, shift]), (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    left, top, wide, tall = cv2.boundingRect(np.ascontiguousarray(placed[..., 3]))
    if not wide:
        return
    seen = slice(top, top + tall), slice(left, left + wide)
    colour = cv2.cvtColor(placed[seen], cv2.COLOR_RGBA2RGB)
    alpha = cv2.convertScaleAbs(placed[seen][..., 3], alpha=opacity)
    tint, share = haze or (WHITE, 0.0)
    if (kept := shade * (1 - share) * opacity) != 1:
        colour = cv2.convertScaleAbs(colour, alpha=kept)
    if share > 0:
        veil = [cv2.convertScaleAbs(alpha, alpha=value / 255 * share) for value in as_pixel(tint)]
        colour = cv2.add(colour, cv2.merge(veil))
    region = pixels[y0:y1, x0:x1][seen]
    behind = cv2.multiply(region, cv2.merge([cv2.bitwise_not(alpha)] * 3), scale=1 / 255)
    region[:] = cv2.add(behind, colour)
