"""The canvas of one picture, and the marks that all compositions are made of."""

from collections.abc import Iterator, Mapping
from typing import Any

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.drawings import Sprites, stamp
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import WHITE, Colour, Field, Pixels, as_pixel, mix
from generation.engines.painter.scene import Scene

_SHIFT = 4
Point = tuple[float, float]
Steps = Iterator[str]
"""The names of a picture's layers, each when it is painted: sky, ground, stems, blossoms."""


class Painting:
    """RGB pixels of a scene; all lengths and places in pixels unless a name says otherwise."""

    def __init__(self, scene: Scene, dice: Dice, pixels: Pixels | None = None) -> None:
        self.scene, self.palette, self.dice = scene, scene.palette, dice
        self.width, self.height, self.unit = scene.width, scene.height, scene.unit
        if pixels is None:  # Where land and sky leave a gap, the horizon shows.
            pixels = np.full((scene.height, scene.width, 3), as_pixel(self.palette.low), np.uint8)
        self.pixels = pixels
        self.sprites = Sprites()
        self.subject: tuple[float, float, float] | None = None
        """Middle of the animal and half its size, which nothing may hide."""

    @property
    def everywhere(self) -> tuple[slice, slice]:
        """All rows and columns."""
        return slice(0, self.height), slice(0, self.width)

    def rng(self, part: str) -> np.random.Generator:
        return self.dice.stream(part)

    def across(self, share: float) -> float:
        """A place in the width, from the left or, in a flipped design, from the right."""
        return self.width * (1 - share if self.scene.design.flip else share)

    def fill(self, outline: Any, colour: Colour, opacity: float = 1.0) -> None:
        """A closed shape of (x, y) points."""
        points = [np.rint(np.clip(np.asarray(outline, np.float64), -30000, 30000) * (1 << _SHIFT)).astype(np.int32)]
        if opacity >= 1:
            cv2.fillPoly(self.pixels, points, as_pixel(colour), cv2.LINE_AA, _SHIFT)
            return
        x, y, width, height = cv2.boundingRect((points[0] >> _SHIFT).astype(np.int32))
        box = slice(max(0, y - 1), max(0, y + height + 2)), slice(max(0, x - 1), max(0, x + width + 2))
        region = self.pixels[box]
        if region.size:
            mask = np.zeros(region.shape[:2], np.uint8)
            moved = [points[0] - np.array([box[1].start, box[0].start], np.int32) * (1 << _SHIFT)]
            cv2.fillPoly(mask, moved, 255, cv2.LINE_AA, _SHIFT)
            self.veil(box, colour, mask.astype(np.float32) * (opacity / 255))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, opacity: float = 1.0) -> None:
        turn = np.linspace(0, 2 * np.pi, 40)[:-1]
        self.fill(np.stack([x + np.cos(turn) * rx, y + np.sin(turn) * ry], -1), colour, opacity)

    def line(self, points: Any, width: float | Field, colour: Colour, opacity: float = 1.0) -> None:
        """A stroke along points, of one width or one for each."""
        spine = np.asarray(points, np.float64)
        along = np.gradient(spine, axis=0)
        across = np.stack([-along[:, 1], along[:, 0]], -1) / (np.hypot(*along.T) + 1e-6)[:, None]
        half = across * np.broadcast_to(width, len(spine))[:, None] / 2
        self.fill(np.concatenate([spine + half, (spine - half)[::-1]]), colour, opacity)

    def veil(self, box: tuple[slice, slice], colour: Colour, share: Field) -> None:
        """Mix a colour into a part of the picture; `share` has the part's shape."""
        region = self.pixels[box]
        share = np.ascontiguousarray(share, np.float32)
        region[:] = cv2.blendLinear(region, np.full_like(region, as_pixel(colour)), 1 - share, share)

    def wash(self, top: float, bottom: float, first: Colour, last: Colour) -> None:
        """A gradient over the rows from `top` to `bottom`."""
        y0, y1 = max(0, int(top)), min(self.height, int(np.ceil(bottom)))
        if y1 > y0:
            share = np.linspace(0, 1, y1 - y0, dtype=np.float32)
            shade = mix(np.broadcast_to(first, (len(share), 3)), np.broadcast_to(last, (len(share), 3)), share)
            self.pixels[y0:y1] = np.clip(shade * 255 + 0.5, 0, 255).astype(np.uint8)[:, None]

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light around a place."""
        y0, y1 = max(0, int(y - radius)), min(self.height, int(y + radius))
        x0, x1 = max(0, int(x - radius)), min(self.width, int(x + radius))
        if y1 > y0 and x1 > x0:
            dx = ((np.arange(x0, x1, dtype=np.float32) - x) / radius)[None]
            dy = ((np.arange(y0, y1, dtype=np.float32) - y) / radius)[:, None]
            share = np.clip(1 - np.sqrt(dx * dx + dy * dy), 0, 1) ** 2 * strength
            self.veil((slice(y0, y1), slice(x0, x1)), colour, share)

    def dabs(self, centres: Field, size: Field, colours: Colour, flat: float = 0.7) -> None:
        """Brush marks in order: places (N, 2), half lengths (N,), colours (N, 3) or one."""
        turn = np.linspace(0, 2 * np.pi, 8)[:-1]
        shape = np.stack([np.cos(turn), np.sin(turn) * flat], -1)
        outlines = np.rint((centres[:, None] + shape * np.asarray(size)[:, None, None]) * (1 << _SHIFT)).astype(
            np.int32
        )
        values = np.clip(np.broadcast_to(colours, (len(centres), 3)) * 255 + 0.5, 0, 255).astype(int).tolist()
        for outline, value in zip(outlines, values, strict=True):
            cv2.fillConvexPoly(self.pixels, outline, value, cv2.LINE_AA, _SHIFT)

    def draw(
        self,
        name: str,
        at: Point,
        size: float,
        colours: Mapping[str, Colour | None] | None = None,
        *,
        foot: float | None = None,
        **how: Any,
    ) -> None:
        """A drawing with its middle at a place, or, with `foot`, its point so far down (0 … 1) there."""
        sprite = self.sprites.get(name, {**self.common(), **(colours or {})}, size)
        if foot is not None:
            tall = size * sprite.shape[0] / max(sprite.shape[:2]) * how.get("squash", 1.0)
            turn = how.get("turn", 0.0)
            at = (at[0] + np.sin(turn) * tall * (foot - 0.5), at[1] - np.cos(turn) * tall * (foot - 0.5))
        stamp(self.pixels, sprite, at, size, **how)

    def common(self) -> dict[str, Colour | None]:
        """Colours that mean the same in every drawing."""
        palette = self.palette
        leaf = palette.lit(palette.leaf)
        snow = mix(WHITE, palette.low, 0.15) if palette.snow else None
        return {
            "leaf": leaf,
            "leaf2": palette.lit(mix(palette.leaf, palette.low, 0.25)),
            "stem": palette.lit(palette.leaf, 0.5),
            "snow": None if snow is None else palette.lit(snow),
            "w": palette.lit(WHITE),
        }

    def tones(self, colour: Colour, light: float = 0.9) -> dict[str, Colour | None]:
        """A colour, its light and its shade, as blossoms and leaves have them."""
        palette = self.palette
        pale = mix(colour, WHITE, 0.45)
        deep = mix(colour, palette.dark, 0.25) * 0.92
        return {"a": palette.lit(colour, light), "b": palette.lit(pale, light), "s": palette.lit(deep, light)}

    def rosette(self, at: Point, size: float, tone: Colour, rng: np.random.Generator, squash: float = 1.0) -> None:
        """Leaves of one plant, seen from above."""
        name, turn = f"leaves-{rng.integers(1, 3)}", float(rng.uniform(0, 6))
        self.draw(name, at, size, self.tones(tone, 0.8), turn=turn, squash=squash)

    def cast_shadow(self, foot: Point, reach: float, strength: float) -> None:
        """On the ground, away from the light."""
        away = float(np.clip((foot[0] - self.scene.sun[0]) / self.width * 2, -1, 1))
        self.oval(foot[0] + away * reach * 0.7, foot[1], reach, reach * 0.12, self.palette.dark, strength)

    def covers(self, x: float, y: float) -> bool:
        """Whether a place is in front of the animal."""
        return self.subject is not None and np.hypot(x - self.subject[0], y - self.subject[1]) < self.subject[2] * 1.05

    def hides(self, spot: tuple[float, float, float]) -> bool:
        """Whether a plant rooted at (x, y) with a scale would stand before the animal."""
        if self.subject is None:
            return False
        x, y, half = self.subject
        beside = abs(spot[0] - x) > half + 60 * spot[2] * self.unit
        return not beside and y - half < spot[1] < y + half + 330 * spot[2] * self.unit

    def ridge(self, part: str, level: float, rise: float, span: float = 1.0, bump: float = 0.0) -> Field:
        """A rolling line over the whole width: (N, 2) points around `level`, `rise` high, with one hill where asked."""
        rng = self.rng(part)
        xs = np.linspace(-0.02, 1.02, 90)
        curve = noise.line(rng, len(xs), 0.22 * span * self.width / self.unit / 1000, 3.2)
        hill = np.exp(-(((xs - rng.uniform(0.25, 0.75)) / 0.32) ** 2)) * bump
        return np.stack([xs * self.width, level - (curve * 0.9 + hill) * rise], -1)

    def land(self, crest: Field, colour: Colour, below: Colour | None = None) -> None:
        """Everything under a line, paler at its crest, with strokes that follow it."""
        bottom = float(self.height)
        self.fill([*crest, (self.width * 1.02, bottom + 2), (-self.width * 0.02, bottom + 2)], colour)
        last = mix(colour, self.palette.dark, 0.12) if below is None else below
        depth = max(1.0, bottom - float(crest[:, 1].min()))
        for i in range(1, 5):
            sunk = crest + np.array([0, depth * 0.11 * i**1.4])
            sunk[:, 1] += np.sin(sunk[:, 0] / self.width * (4 + i) + i) * 5 * self.unit * i
            self.fill(
                [*sunk, (self.width * 1.02, bottom + 2), (-self.width * 0.02, bottom + 2)], mix(colour, last, i / 4)
            )

    def level_at(self, crest: Field, x: float) -> float:
        return float(np.interp(x, crest[:, 0], crest[:, 1]))


def spline(points: Any, count: int = 40) -> Field:
    """A Catmull-Rom curve of `count` points through control points."""
    knots = np.asarray(points, np.float64)
    padded = np.concatenate([knots[:1], knots, knots[-1:]])
    t = np.linspace(0, len(knots) - 1, count)
    i = np.minimum(t.astype(int), len(knots) - 2)
    f = (t - i)[:, None]
    a, b, c, d = padded[i], padded[i + 1], padded[i + 2], padded[i + 3]
    return np.asarray(b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a))))
