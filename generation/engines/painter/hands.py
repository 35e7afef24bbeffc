"""The hand that a picture is finished by: gouache, ink wash, riso print or cut paper.

Grain and edges are as large as the picture asks, so they hold at any size.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.painting import Painting
from generation.engines.painter.palette import Field, Pixels

Hand = Literal["gouache", "ink-wash", "riso", "cut-paper"]
_TILE = 512


def finish(canvas: Painting, hand: Hand) -> Pixels:
    """The finished picture, of the same shape."""
    return _HANDS[hand](canvas)


def _gouache(canvas: Painting) -> Pixels:
    """Opaque paint: edges a little unsteady, pigment that dried unevenly, the tooth of the paper."""
    pixels = _unsteady(canvas, 2.3)
    _add(pixels, canvas, "pigment", 13.0, 2.6)
    _add(pixels, canvas, "strokes", 5.5, 1.3)
    _add(pixels, canvas, "tooth", 6.0, 0.22)
    return pixels


def _ink_wash(canvas: Painting) -> Pixels:
    """Thin colour that pools in the dark, lines of ink along the edges, warm paper."""
    pixels = _unsteady(canvas, 3.2)
    reach = max(1.0, 2.0 * canvas.unit)
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = cv2.bilateralFilter(small, 5, 40, 5)
    soft = cv2.resize(soft, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    wide = cv2.GaussianBlur(grey, (0, 0), reach * 1.5)
    lines = np.clip(cv2.subtract(wide, cv2.GaussianBlur(grey, (0, 0), reach * 0.5)).astype(np.int16) * 7 - 20, 0, 190)
    paper = np.array([246, 239, 226], np.uint8)
    washed = cv2.addWeighted(soft, 0.66, np.full_like(soft, paper), 0.34, 0)
    _add(washed, canvas, "pigment", 26.0, 2.6)
    ink = cv2.merge([lines.astype(np.uint8)] * 3)
    washed = np.asarray(cv2.subtract(washed, ink), np.uint8)
    _add(washed, canvas, "tooth", 9.0, 0.3)
    return washed


def _riso(canvas: Painting) -> Pixels:
    """Three inks, each a screen of dots at its own angle, a little out of register, on the colour of the paper."""
    paper = np.array([0.97, 0.95, 0.91], np.float32)
    printed = np.empty(canvas.pixels.shape, np.uint8)
    for ink, (angle, right, down) in enumerate(((0.26, -1.4, 1.1), (1.31, 1.6, -1.2), (0.79, 0.0, 0.0))):
        density = 1 - canvas.pixels[..., ink].astype(np.float32) / 255
        dots = np.clip((density * 1.05 - _screen(canvas, angle)) * 2.2 + 0.5, 0, 1)
        dots = 0.35 * density + 0.65 * dots
        shift = np.array([[1, 0, right * canvas.unit], [0, 1, down * canvas.unit]])
        moved = cv2.warpAffine(dots, shift, (canvas.width, canvas.height), borderMode=cv2.BORDER_REPLICATE)
        printed[..., ink] = (paper[ink] * (1 - 0.94 * moved) * 255).astype(np.uint8)
    _add(printed, canvas, "tooth", 14.0, 0.25)
    return printed


def _screen(canvas: Painting, angle: float) -> Field:
    """Thresholds of a halftone screen."""
    pitch = 2 * np.pi / max(3.0, 5.5 * canvas.unit)
    x = np.arange(canvas.width, dtype=np.float32) * pitch
    y = np.arange(canvas.height, dtype=np.float32) * pitch
    cos, sin = np.cos(angle), np.sin(angle)
    u = x[None] * cos + y[:, None] * sin
    v = y[:, None] * cos - x[None] * sin
    return np.asarray(0.5 + 0.25 * (np.cos(u) + np.cos(v)), np.float32)


def _cut_paper(canvas: Painting) -> Pixels:
    """Few flat colours; every sheet throws a little shadow on the one below and has fibres of its own."""
    reach, size = max(1.0, 3.2 * canvas.unit), (canvas.width, canvas.height)
    small = cv2.resize(canvas.pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(cv2.medianBlur(small, 5), cv2.COLOR_RGB2LAB)
    lab = lab // np.array([20, 9, 9], np.uint8) * np.array([20, 9, 9], np.uint8) + np.array([10, 4, 4], np.uint8)
    flat = cv2.resize(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), size, interpolation=cv2.INTER_LINEAR)
    grey = cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY)

    def moved(dx: float, dy: float) -> Pixels:
        shift = np.array([[1, 0, dx], [0, 1, dy]])
        return np.asarray(cv2.warpAffine(grey, shift, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    edge = cv2.GaussianBlur(cv2.absdiff(grey, moved(reach, reach * 1.2)), (0, 0), reach * 0.5)
    rim = cv2.subtract(moved(-reach * 0.4, -reach * 0.4), grey)
    flat = cv2.subtract(flat, cv2.merge([cv2.multiply(edge, 1, scale=0.55)] * 3))
    flat = np.asarray(cv2.add(flat, cv2.merge([cv2.multiply(rim, 1, scale=0.12)] * 3)), np.uint8)
    _add(flat, canvas, "fibres", 10.0, 0.9)
    _add(flat, canvas, "tooth", 6.0, 0.22)
    return flat


def _unsteady(canvas: Painting, reach: float) -> Pixels:
    """Edges wander as if drawn by hand."""
    height, width = -(-canvas.height // 4), -(-canvas.width // 4)
    x, y = noise.grid(height, width)
    scale = 4 / (canvas.unit * 1000) * 4
    shifts = [(noise.sample(x * scale + k, y * scale + k, 1.6) - 0.5) * (2 * reach * canvas.unit) for k in (0.13, 0.57)]
    size = (canvas.width, canvas.height)
    map_x, map_y = (cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in shifts)
    map_x += np.arange(canvas.width, dtype=np.float32)[None]
    map_y += np.arange(canvas.height, dtype=np.float32)[:, None]
    moved = cv2.remap(canvas.pixels, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(moved, np.uint8)


def _add(pixels: Pixels, canvas: Painting, texture: str, strength: float, spacing: float) -> None:
    """Lay a texture of mean 0 over the picture: `strength` in levels of 255, `spacing` in units a texel."""
    rng = canvas.rng(texture)
    tile = np.roll(_texture(texture), tuple(rng.integers(0, _TILE, 2)), (0, 1))
    side = max(64, round(_TILE * spacing * canvas.unit))
    if side != _TILE:
        tile = cv2.resize(tile, (side, side), interpolation=cv2.INTER_AREA if side < _TILE else cv2.INTER_CUBIC)
    rows, columns = -(-canvas.height // side), -(-canvas.width // side)
    field = np.tile(tile, (rows, columns))[: canvas.height, : canvas.width]
    up = cv2.merge([np.clip(field * strength, 0, 255).astype(np.uint8)] * 3)
    down = cv2.merge([np.clip(field * -strength, 0, 255).astype(np.uint8)] * 3)
    cv2.add(pixels, up, pixels)
    cv2.subtract(pixels, down, pixels)


@lru_cache(maxsize=8)
def _texture(name: str) -> Field:
    """A periodic field of mean 0 and about ±1."""
    if name == "pigment":
        return np.asarray((noise.tile(2.0) - 0.5) * 2.4, np.float32)
    white = np.random.Generator(np.random.PCG64(7)).standard_normal((_TILE, _TILE)).astype(np.float32)
    reach = {"strokes": (41, 3), "fibres": (15, 15), "tooth": (3, 3)}[name]
    wrapped = np.pad(white, 64, mode="wrap")
    if name == "fibres":
        wrapped = cv2.GaussianBlur(wrapped, (31, 3), 0) * 1.6 + cv2.GaussianBlur(wrapped.T.copy(), (21, 3), 0).T
    else:
        wrapped = cv2.blur(wrapped, reach)
    field = wrapped[64:-64, 64:-64]
    return np.asarray(np.clip((field - field.mean()) / field.std() / 2, -1.5, 1.5), np.float32)


_HANDS: Mapping[Hand, Callable[[Painting], Pixels]] = {
    "gouache": _gouache,
    "ink-wash": _ink_wash,
    "riso": _riso,
    "cut-paper": _cut_paper,
}
