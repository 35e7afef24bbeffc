"""The drawings of the folder `drawings`: SVG files, coloured by the scene, rendered by resvg and pressed on a canvas.

A drawing names its colours as `var(--a,#C9793A)`, so that it also shows by itself in a browser.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
import resvg_py
from cachetools import LRUCache, cached

from generation.engines.painter.palette import WHITE, Colour, Pixels, as_pixel, code_of, rgb

_FOLDER = Path(__file__).parent / "drawings"
_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_VARIABLE = re.compile(r"var\(--([\w-]+),([^)]*)\)")
_FIXED = re.compile(r'(?:fill|stroke)="#')
_CHANNELS = ("#ff0000", "#00ff00", "#0000ff")
_SIDES = (48, 96, 192, 384, 576, 768, 1024, 1280)
"""Rendered sizes in pixels."""
_ENLARGED = 1.25
"""How far a rendered drawing is enlarged at most, unless it is larger than all of `_SIDES`."""
_KEPT_BYTES = 128 << 20
"""Of rendered drawings, kept for the next pictures."""
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


@lru_cache(maxsize=256)
def _defaults(name: str) -> Mapping[str, str]:
    """The variables of a drawing with their own colours; `none` is not seen."""
    return dict(_VARIABLE.findall(_source(name)))


class Sprites:
    """Each drawing in each of its colours and sizes, once a picture; premultiplied RGBA."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Pixels] = {}

    def get(self, name: str, colours: Colours, size: float) -> Pixels:
        side = next((one for one in _SIDES if one * _ENLARGED >= size), _SIDES[-1])
        codes = dict(_defaults(name))
        for role in codes.keys() & colours.keys():
            colour = colours[role]
            codes[role] = "none" if colour is None else code_of(colour)
        key = (name, side, *codes.values())
        if key not in self._kept:
            chosen = tuple(role for role, code in codes.items() if code != "none")
            self._kept[key] = _uncoloured(name, side, chosen).coloured(codes)
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class _Uncoloured:
    """A rendered drawing before it is coloured: a pixel is the sum of the colours, each times its share of it."""

    alpha: Pixels
    fixed: Pixels
    """RGB of the colours that cannot be chosen."""
    shares: tuple[tuple[tuple[str, ...], Pixels], ...]
    """Up to three variables, and the share of each as one channel."""

    @property
    def bytes(self) -> int:
        return self.alpha.nbytes * (4 + 3 * len(self.shares))

    def coloured(self, codes: Mapping[str, str]) -> Pixels:
        total = self.fixed
        for roles, share in self.shares:
            colours = [rgb(codes[role]) for role in roles]
            total = cv2.add(total, cv2.transform(share[..., : len(colours)], np.stack(colours, 1)))
        return np.asarray(cv2.merge([*cv2.split(total), self.alpha]), np.uint8)


@cached(LRUCache(_KEPT_BYTES, getsizeof=attrgetter("bytes")), lock=Lock())
def _uncoloured(name: str, side: int, chosen: tuple[str, ...]) -> _Uncoloured:
    """A drawing with these variables; the others are left out."""
    black = {role: "#000000" if role in chosen else "none" for role in _defaults(name)}
    groups = [chosen[start : start + 3] for start in range(0, len(chosen), 3)]
    rendered = [_render(name, {**black, **dict(zip(three, _CHANNELS, strict=False))}, side) for three in groups]
    has_fixed = _FIXED.search(_source(name)) or not groups
    fixed = _render(name, black, side) if has_fixed else np.zeros_like(rendered[0])
    shares = (np.asarray(cv2.subtract(each, fixed)[..., :3], np.uint8) for each in rendered)
    alpha = (rendered or [fixed])[0][..., 3]
    return _Uncoloured(alpha.copy(), fixed[..., :3].copy(), tuple(zip(groups, shares, strict=True)))


def _render(name: str, codes: Mapping[str, str], side: int) -> Pixels:
    """RGBA, `side` pixels on the longer side."""
    svg = _VARIABLE.sub(lambda found: codes[found[1]], _source(name))
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
