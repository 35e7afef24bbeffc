"""Flowers and grass: where they stand, their stems and leaves, and the blossoms on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.drawings import FLOWERS
from generation.engines.painter.painting import Painting, Point, spline
from generation.engines.painter.palette import WHITE, Colour, Field, mix


@dataclass(frozen=True, slots=True)
class Plant:
    """One flower: its blossom's place, drawing and size, and the stem that leads there from the root."""

    species: str
    drawing: str
    colour: Colour
    root: Point
    head: Point
    size: float
    turn: float
    squash: float
    flip: bool
    haze: float
    shade: float

    @property
    def whole(self) -> bool:
        return bool(FLOWERS[self.species].whole)


Spot = tuple[float, float, float]
"""x and y of a root in pixels, and the scale there (1 is the usual size at the lower edge)."""


def grow(
    canvas: Painting,
    spots: Iterable[Spot],
    rng: np.random.Generator,
    lead: float = 0.6,
    facing: float = 0.5,
    tall: float = 1.0,
    haze: bool = True,
) -> list[Plant]:
    """A plant on each spot: the leading flower in a share of `lead`; `facing` is how many look at the viewer."""
    plants = []
    for x, y, scale in spots:
        scene = canvas.scene
        choice = scene.flowers if rng.random() < lead else scene.chorus
        species, colour = choice[int(rng.integers(0, len(choice)))]
        flower = FLOWERS[species]
        views = flower.whole or (flower.face if rng.random() < facing else flower.profile)
        drawing = f"{species}-{views[int(rng.integers(0, len(views)))]}"
        size = flower.size * scale * canvas.unit * rng.uniform(0.75, 1.2)
        if drawing.endswith("bud"):
            size *= 0.5
        stem = flower.stem * scale * canvas.unit * rng.uniform(0.7, 1.3) * tall
        lean = scene.wind * 0.5 + rng.normal(0, 0.13)
        head = (x + stem * lean, y - stem * (1 - 0.3 * abs(lean)))
        turn = lean * 0.7 + (rng.uniform(-0.5, 0.5) if drawing.endswith("front") else rng.normal(0, 0.12))
        squash = float(rng.uniform(0.72, 1.0)) if drawing.endswith(("front", "back")) else 1.0
        veil = float(np.clip(0.55 - scale, 0, 0.5)) * 0.8 if haze else 0.0
        light = float(rng.uniform(0.9, 1.05))
        flip = bool(rng.random() < 0.5)
        plants.append(
            Plant(species, drawing, colour, (x, y), head, float(size), float(turn), squash, flip, veil, light)
        )
    return plants


def field(
    canvas: Painting, part: str, top: float, bottom: float, count: int, *, smallest: float = 0.14, largest: float = 0.9
) -> list[Spot]:
    """Spots in drifts over the ground between two rows, from far to near."""
    rng = canvas.rng(part)
    near = rng.random(count) ** 0.9
    x = rng.uniform(-0.03, 1.03, count)
    order, _ = _in_drifts(rng, x, near, (0.6, 0.5), 2.4, (0.30, 0.56))
    scale = (smallest + (largest - smallest) * near) * canvas.scene.design.scale
    y = top + near * (bottom - top)
    return [(float(x[i]) * canvas.width, float(y[i]), float(scale[i])) for i in order]


def _in_drifts(
    rng: np.random.Generator,
    x: Field,
    near: Field,
    spans: tuple[float, float],
    beta: float,
    bounds: tuple[float, float],
) -> tuple[Any, Field]:
    """Indices of the places that lie in drifts, from far to near, and how dense each place is.

    Places are shares of the width and of the depth; `spans` are the tiles of noise over each.
    """
    u = np.asarray(x[None] * spans[0] + rng.random(), np.float32)
    v = np.asarray(near[None] * spans[1] + rng.random(), np.float32)
    density = noise.sample(u, v, beta)[0]
    kept = np.flatnonzero(density > rng.uniform(*bounds, len(x)))
    return kept[np.argsort(near[kept])], density


def paint_stems(canvas: Painting, plants: Sequence[Plant], *, grass: float = 1.0) -> None:
    """Stems, leaves and the grass around them; blossoms come later, over all of these."""
    palette, rng = canvas.palette, canvas.rng("stems")
    for plant in plants:
        scale = plant.size / FLOWERS[plant.species].size / canvas.unit
        if rng.random() < grass:
            paint_tuft(canvas, plant.root, scale, rng, plant.haze)
        if plant.whole or FLOWERS[plant.species].stem == 0:
            continue
        (x0, y0), (x1, y1) = plant.root, plant.head
        spine = spline([(x0, y0), (x0 + (x1 - x0) * 0.25, (y0 + y1) / 2), (x1, y1)], 14)
        green = palette.lit(mix(palette.leaf, palette.low, plant.haze), 0.6)
        width = max(1.0, (7.0 if FLOWERS[plant.species].leaf == "broad" else 4.4) * scale * canvas.unit)
        canvas.line(spine, np.linspace(width, width * 0.7, 14), green)
        if scale > 0.22:
            _leaves(canvas, plant, spine, scale, rng)


def _leaves(canvas: Painting, plant: Plant, spine: Field, scale: float, rng: np.random.Generator) -> None:
    kind, palette = FLOWERS[plant.species].leaf, canvas.palette
    if kind == "none" or len(spine) < 8:
        return
    length = float(np.hypot(*(spine[-1] - spine[0])))
    for at, hand in zip((2, 4, 6, 8) if kind == "broad" else (0, 1, 2), (1, -1, 1, -1), strict=False):
        reach = min(length * 0.45, 150 * scale * canvas.unit) * rng.uniform(0.7, 1.15)
        angle = -np.pi / 2 + hand * (rng.uniform(0.7, 1.25) if kind == "broad" else rng.uniform(0.15, 0.42))
        along = np.array([np.cos(angle), np.sin(angle)]) * reach * (1.0 if kind == "broad" else 1.5)
        side = np.array([-along[1], along[0]]) * (0.26 if kind == "broad" else 0.09)
        foot = spine[at]
        leaf = spline([foot, foot + along * 0.4 + side, foot + along * 0.8 + side * 0.5, foot + along], 12)
        back = spline([foot + along, foot + along * 0.7 - side * 0.6, foot + along * 0.3 - side * 0.8, foot], 12)
        light = mix(palette.leaf, palette.sun, 0.18 if hand > 0 else 0.02)
        canvas.fill(np.concatenate([leaf, back]), palette.lit(mix(light, palette.low, plant.haze), 0.9))
        canvas.fill(np.concatenate([back, np.linspace(foot, foot + along, 6)]), palette.lit(palette.leaf, 0.45), 0.8)


def paint_tuft(canvas: Painting, root: Point, scale: float, rng: np.random.Generator, haze: float = 0.0) -> None:
    """A tuft of grass; in snow a little drift instead, with a few dry blades."""
    palette, size = canvas.palette, canvas.unit * scale * rng.uniform(90, 170)
    tone = mix(palette.leaf, palette.ground[2], float(rng.choice((0.1, 0.4, 0.7))))
    if palette.snow:
        if rng.random() < 0.5:
            canvas.oval(
                root[0],
                root[1] + size * 0.05,
                size * 0.5,
                size * 0.12,
                mix(palette.ground[1], WHITE, 0.4),
            )
        size *= 0.6
        tone = mix(np.array([0.66, 0.58, 0.45], np.float32), palette.ground[1], 0.45)
    at = (root[0] + rng.normal(0, 18) * scale * canvas.unit, root[1] + size * 0.04)
    canvas.draw(
        f"grass-{rng.integers(1, 4)}", at, size, canvas.tones(tone, 0.75), foot=0.98,
        flip=bool(rng.random() < 0.5), turn=canvas.scene.wind * 0.35, haze=(palette.low, haze),
    )  # fmt: skip


def paint_blossoms(canvas: Painting, plants: Sequence[Plant]) -> None:
    for plant in plants:
        paint_blossom(canvas, plant)


def paint_blossom(canvas: Painting, plant: Plant) -> None:
    colours = blossom_colours(canvas, plant.species, plant.colour)
    how: dict[str, Any] = {"flip": plant.flip, "shade": plant.shade, "haze": (canvas.palette.low, plant.haze)}
    if plant.whole:
        canvas.draw(plant.drawing, plant.root, plant.size, colours, foot=0.98, turn=plant.turn * 0.6, **how)
    elif plant.drawing.endswith(("side", "bud")):
        foot = 0.9 if plant.species in {"tulip", "poppy", "lotus"} or plant.drawing.endswith("bud") else 0.55
        canvas.draw(plant.drawing, plant.head, plant.size, colours, foot=foot, turn=plant.turn, **how)
    else:
        canvas.draw(plant.drawing, plant.head, plant.size, colours, turn=plant.turn, squash=plant.squash, **how)


def blossom_colours(canvas: Painting, species: str, colour: Colour) -> dict[str, Colour | None]:
    """Petals in the colour, and a dark or golden middle by the species."""
    palette = canvas.palette
    tones = canvas.tones(colour, 1.0)
    glowing = 0.35 if palette.night or canvas.scene.emotion == "angry" else 0.0
    tones = {
        role: mix(tone, base, glowing)
        for (role, tone), base in zip(tones.items(), (colour, colour, colour * 0.8), strict=True)
        if tone is not None
    }
    gold = mix(np.array([0.98, 0.8, 0.3], np.float32), palette.sun, 0.25)
    dark = mix(palette.dark, colour, 0.12)
    if species in {"camellia", "iris", "passion"}:
        dark = mix(colour, palette.dark, 0.55)
    if species == "daisy":
        dark = gold * 0.8
    if species in {"mushroom"}:
        dark = gold = mix(palette.low, np.array([0.93, 0.9, 0.8], np.float32), 0.6)
        return {**tones, "c": palette.lit(dark), "d": palette.lit(dark * 0.88)}
    if species in {"berries", "seedhead"}:
        return {**tones, "s": palette.lit(mix(palette.dark, np.array([0.45, 0.33, 0.22], np.float32), 0.5))}
    return {**tones, "c": palette.lit(dark), "d": palette.lit(gold)}


def paint_drifts(canvas: Painting, top: float, bottom: float, count: int = 900) -> None:
    """Distant flowers as dabs of colour; under snow there are none."""
    palette, rng = canvas.palette, canvas.rng("drifts")
    if palette.snow:
        count = count // 12
    near = rng.random(count) ** 1.3
    x = rng.uniform(0, 1, count)
    order, drift = _in_drifts(rng, x, near, (0.5, 1.0), 2.6, (0.42, 0.60))
    colours = np.stack([colour for _, colour in (*canvas.scene.flowers, *canvas.scene.chorus)])
    pick = (drift[order] * 3.1 * len(colours)).astype(int) % len(colours)
    share = np.clip(0.5 - near[order], 0, 0.5)
    shade = mix(
        np.stack([palette.lit(one) for one in colours])[pick], np.broadcast_to(palette.low, (len(order), 3)), share
    )
    size = canvas.unit * (1.6 + 9 * near[order]) * rng.uniform(0.6, 1.3, len(order))
    at = np.stack([x[order] * canvas.width, top + near[order] * (bottom - top)], -1)
    canvas.dabs(at, size, shade, 0.62)
