"""Animals drawn from the strokes in animals.json, facing right, feet near y = 0.95.

A body is built from limbs: each is swept along a curve, rounded like clay, and shaded by the scene's light.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter import noise
from generation.engines.painter.palette import Colour, Field, Pixels, as_pixel, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import blank, disc, fill, fixed, spline

Points = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Animal:
    """`size` of its sprite at the lower edge in units; `home` is ground, air, afloat (on water) or below (in it).

    `strokes` name a method of Figure, its arguments ("coat" is replaced by one of the `coats`) and its options.
    """

    strokes: Sequence[Sequence[Any]]
    coats: Sequence[str]
    size: float
    home: str
    others: int

    def draw(self, figure: "Figure", coat: str) -> None:
        for name, *arguments, options in self.strokes:
            getattr(figure, name)(*(coat if one == "coat" else one for one in arguments), **options)


ANIMALS: Mapping[str, Animal] = {
    name: Animal(**described)
    for name, described in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")).items()
}
_SEEN_IN_THE_DARK = {Emotion.ANGRY: 0.45, Emotion.FEAR: 0.2}


class Figure:
    """A square RGBA sprite in which places and radii are given as shares of its side; x right, y down."""

    def __init__(self, scene: Scene, side: int, light_from: float, coat: str, rng: np.random.Generator) -> None:
        self._scene, self._side, self._from, self._rng = scene, side, light_from, rng
        self.rgba = blank(side, scene.lit(rgb(coat), 0.4))

    def limb(self, points: Points, coat: str, fur: float = 0.10, dim: float = 1.0) -> None:
        """A rounded limb through (x, y, radius) points; `dim` below 1 sets it on the far side of the body."""
        self._model(self._swept(points), rgb(coat) * dim, fur)

    def shape(self, points: Points, coat: str, fur: float = 0.06, smooth: bool = True, dim: float = 1.0) -> None:
        """A rounded form inside a closed outline of (x, y) points."""
        mask = np.zeros((self._side, self._side), np.uint8)
        outline = spline(points, 10 * len(points), closed=True) if smooth else np.asarray(points, np.float32)
        fill(mask, outline * self._side, np.ones(3, np.float32))
        self._model(mask, rgb(coat) * dim, fur)

    def patch(self, points: Points, coat: str, soft: float = 0.012, strength: float = 0.9) -> None:
        """A marking along (x, y, radius) points; it stays on the body and keeps the body's shading."""
        mask = self._swept(points)
        margin = int(3 * soft * self._side) + 2
        x, y, width, height = cv2.boundingRect(mask)
        box = slice(max(0, y - margin), y + height + margin), slice(max(0, x - margin), x + width + margin)
        share = cv2.GaussianBlur(mask[box], (0, 0), soft * self._side).astype(np.float32)[..., None] / 255 * strength
        under = self.rgba[box][..., :3].astype(np.float32) / 255
        shade = under.mean(-1, keepdims=True)
        base = self._scene.lit(rgb(coat), 0.62)
        marked = np.clip(base * (0.55 + 0.9 * shade), 0, 1)
        self.rgba[box][..., :3] = np.clip((under + (marked - under) * share) * 255, 0, 255).astype(np.uint8)

    def line(self, points: Points, ink: str, width: float, light: float = 0.5) -> None:
        curve = fixed(spline(points, 8 * len(points)) * self._side)
        colour = (*as_pixel(self._scene.lit(rgb(ink), light)), 255)
        cv2.polylines(self.rgba, [curve], False, colour, max(1, round(width * self._side)), cv2.LINE_AA, 4)

    def eye(self, x: float, y: float, radius: float, iris: str = "#2A1A12") -> None:
        """A dark eye with a catch-light from the light's side."""
        glint = mix(self._scene.rig.light, rgb("#FFFFFF"), 0.5)
        self._spot(x, y, radius * 1.25, self._scene.lit(rgb("#1A120E"), 0.3))
        self._spot(x, y, radius, self._scene.lit(rgb(iris), 0.8))
        self._spot(x, y, radius * 0.55, rgb("#0C0808"))
        self._spot(x + self._from * radius * 0.35, y - radius * 0.4, radius * 0.36, glint)

    def spot(self, x: float, y: float, radius: float, coat: str, light: float = 0.5) -> None:
        """A flat round spot: a nose, a fleck."""
        self._spot(x, y, radius, self._scene.lit(rgb(coat), light))

    def _spot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        side = self._side
        disc(self.rgba, x * side, y * side, max(0.6, radius * side), (*as_pixel(colour), 255))

    def _swept(self, points: Points) -> Pixels:
        mask = np.zeros((self._side, self._side), np.uint8)
        for x, y, radius in spline(points, 14 * len(points)) * self._side:
            disc(mask, x, y, max(0.6, radius), 255)
        return mask

    def _model(self, mask: Pixels, coat: Colour, fur: float) -> None:
        """Blow the mask up into a rounded form and paint it lit: key, ambient, and a rim against the sky."""
        x, y, width, height = cv2.boundingRect(mask)
        if not width:
            return
        box = slice(max(0, y - 2), y + height + 2), slice(max(0, x - 2), x + width + 2)
        form = mask[box]
        across, down, facing = _normals(form)
        texture = self._fur(form.shape, box, fur)
        light = np.clip(0.30 + 0.52 * (across * self._from * 0.62 - down * 0.68) + 0.16 * facing + texture, 0, 1)
        tone = np.clip(coat * (0.84 + 0.32 * light[..., None] + texture[..., None] * 0.7), 0, 1).astype(np.float32)
        own = _SEEN_IN_THE_DARK.get(self._scene.emotion, 0.0)
        painted = mix(self._scene.lit(tone, light), tone, own * light)
        rim = (
            noise.smoothstep(0.25, 0.95, np.asarray(across * self._from * 0.75 - down * 0.66, np.float32))
            * (1 - facing) ** 1.2
        )
        painted = mix(
            painted, np.broadcast_to(np.clip(self._scene.rig.light, 0, 1), painted.shape), np.clip(rim * 0.62, 0, 1)
        )
        alpha = form.astype(np.float32)[..., None] / 255
        region = self.rgba[box]
        region[..., :3] = np.clip(region[..., :3] * (1 - alpha) + painted * 255 * alpha, 0, 255).astype(np.uint8)
        region[..., 3] = np.maximum(region[..., 3], form)

    def _fur(self, shape: tuple[int, ...], box: tuple[slice, slice], amount: float) -> Field:
        x, y = noise.grid(shape[0], shape[1])
        u = (x + box[1].start) / self._side * 1.2 + float(self._rng.random())
        v = (y + box[0].start) / self._side * 0.35
        return np.asarray((noise.sample(u + v * 0.5, v, 1.0) - 0.5) * amount * 2, np.float32)


def _normals(form: Pixels) -> tuple[Field, Field, Field]:
    """Surface normals (across, down, toward the eye) of a mask blown up to a rounded relief."""
    padded = cv2.copyMakeBorder(form, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform((padded > 127).astype(np.uint8), cv2.DIST_L2, 5)
    thick = max(2.0, float(depth.max()))
    height = np.sqrt(np.clip(1 - (1 - depth / thick) ** 2, 0, 1)) * thick
    height = cv2.GaussianBlur(height.astype(np.float32), (0, 0), max(0.8, thick * 0.16))
    across = -cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)[2:-2, 2:-2]
    down = -cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)[2:-2, 2:-2]
    length = np.sqrt(across**2 + down**2 + 0.45)
    return across / length, down / length, np.asarray(np.clip(np.sqrt(0.45) / length, 0, 1), np.float32)
