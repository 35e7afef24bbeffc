"""Compositions seen from above: a meadow, and a formal garden."""

import cv2
import numpy as np

from generation.engines.painter import water
from generation.engines.painter.animals import paint_subject
from generation.engines.painter.drawings import FLOWERS
from generation.engines.painter.painting import Painting, Point, Steps, spline
from generation.engines.painter.palette import WHITE, Colour, Field, mix
from generation.engines.painter.plants import blossom_colours
from generation.engines.painter.things import paint_path, path_colour


def above(canvas: Painting) -> Steps:
    """A meadow seen straight from above: leaves and open blossoms, edge to edge."""
    rng, width, height, palette = canvas.rng("above"), canvas.width, canvas.height, canvas.palette
    near = canvas.scene.design.scale
    canvas.wash(0, height, mix(palette.ground[2], palette.dark, 0.25), mix(palette.ground[2], palette.dark, 0.4))
    yield "sky"
    leaf = mix(palette.leaf, palette.ground[2], 0.3)
    for _ in range(int(150 / near**1.4)):
        at = (rng.uniform(-0.05, 1.05) * width, rng.uniform(-0.05, 1.05) * height)
        tone = mix(leaf, (palette.dark, palette.low)[int(rng.integers(0, 2))], float(rng.choice((0.0, 0.12, 0.25))))
        canvas.rosette(at, canvas.unit * near * rng.uniform(110, 210), tone, rng)
    if palette.snow:
        _cushions(canvas, rng)
    yield "ground"
    ends = [(canvas.across(-0.05), height * rng.uniform(0, 0.5)), (canvas.across(1.05), height * rng.uniform(0.5, 1))]
    way = spline([ends[0], (width * 0.5, height * 0.5), ends[1]], 50)
    crossed = rng.random() < 0.4
    if crossed:
        paint_path(canvas, way, np.full(50, canvas.unit * rng.uniform(90, 150)))
    yield "stems"
    _strew(canvas, rng, way if crossed else np.full((1, 2), -1e5))
    paint_subject(canvas, "small", width * 0.5, height * 0.7, 1.3)
    paint_subject(canvas, "air", scale=1.6)
    yield "blossoms"


def _cushions(canvas: Painting, rng: np.random.Generator) -> None:
    """Snow on what grows."""
    for _ in range(60):
        x, y, reach = rng.uniform(0, canvas.width), rng.uniform(0, canvas.height), canvas.unit * rng.uniform(20, 80)
        for dx, dy, size in ((0, 0, 1), (0.7, 0.2, 0.7), (-0.6, 0.3, 0.6), (0.1, -0.5, 0.6)):
            canvas.oval(x + dx * reach, y + dy * reach, reach * size, reach * size * 0.85, canvas.palette.lit(WHITE))


def _strew(canvas: Painting, rng: np.random.Generator, way: Field) -> None:
    """Open blossoms, not over each other and not on the way; berries where nothing opens."""
    palette, near = canvas.palette, canvas.scene.design.scale
    flowers = [one for one in (*canvas.scene.flowers, *canvas.scene.chorus) if FLOWERS[one[0]].face]
    weights = 0.62 ** np.arange(max(1, len(flowers)))
    placed: list[Point] = []
    for _ in range(int(120 / near**1.3)):
        at = (rng.uniform(0, canvas.width), rng.uniform(0, canvas.height))
        species, colour = ("", palette.blooms[0])
        if flowers:
            species, colour = flowers[int(rng.choice(len(flowers), p=weights / weights.sum()))]
        size = (FLOWERS[species].size if species else 40) * near * canvas.unit * rng.uniform(0.55, 1.25)
        taken = any(np.hypot(at[0] - x, at[1] - y) < size * 0.55 for x, y in placed)
        if taken or np.hypot(*(way - at).T).min() < canvas.unit * 110:
            continue
        placed.append(at)
        canvas.oval(at[0] + size * 0.04, at[1] + size * 0.08, size * 0.42, size * 0.42, palette.dark, 0.3)
        if species:
            turn = float(rng.uniform(0, 6))
            canvas.draw(f"{species}-front", at, size, blossom_colours(canvas, species, colour), turn=turn)
        else:
            berries = np.array(at) + rng.normal(0, size * 0.25, (6, 2))
            canvas.dabs(berries, np.full(6, size * 0.12), palette.lit(colour), 1.0)


def beds(canvas: Painting) -> Steps:
    """A formal garden from the height of a bird: beds, ways, round trees and a basin."""
    rng, width, height, palette = canvas.rng("beds"), canvas.width, canvas.height, canvas.palette
    way = path_colour(canvas)
    canvas.wash(0, height, way, mix(way, palette.dark, 0.08))
    yield "sky"
    middle = (width * rng.uniform(0.36, 0.64), height * rng.uniform(0.4, 0.6))
    reach = canvas.unit * rng.uniform(110, 190)
    plots = _plots(canvas, middle, reach, rng)
    for outline, _ in plots:
        canvas.fill(outline + canvas.unit * 5, mix(way, palette.dark, 0.4))
        canvas.fill(outline, mix(palette.leaf, palette.dark, 0.25))
        lawn = palette.ground[1] if palette.snow else mix(palette.leaf, palette.ground[1], 0.5)
        canvas.fill(middle + (outline - middle) * 0.985, lawn)
    canvas.oval(*middle, reach * 0.95, reach * 0.95, mix(way, palette.dark, 0.3))
    canvas.oval(*middle, reach * 0.86, reach * 0.86, water.water_colours(canvas)[0])
    shine = (middle[0] - reach * 0.1, middle[1] - reach * 0.12)
    canvas.oval(*shine, reach * 0.5, reach * 0.42, mix(palette.low, WHITE, 0.3), 0.35)
    yield "ground"
    for outline, _ in plots:
        for x, y in outline[:: len(outline) // 4]:
            _round_tree(canvas, float(x), float(y), canvas.unit * rng.uniform(12, 19))
    yield "stems"
    for outline, colour in plots:
        _plant_plot(canvas, outline, colour, rng)
    paint_subject(canvas, "air", scale=1.4)
    yield "blossoms"


def _plots(canvas: Painting, middle: Point, reach: float, rng: np.random.Generator) -> list[tuple[Field, Colour]]:
    """Outlines and colours of beds in rings or squares around a basin."""
    colours = [colour for _, colour in (*canvas.scene.flowers, *canvas.scene.chorus)]
    tilt, gap = rng.choice([0.0, 0.0, 0.12, -0.2, 0.785]), canvas.unit * rng.uniform(22, 40)
    spokes, rounded = int(rng.choice([4, 6, 8])), rng.random() < 0.45
    plots = []
    for ring in range(1, 9):
        inner, outer = reach * (0.2 + ring) + gap * 0.5, reach * (1.2 + ring) - gap * 0.5
        for i in range(spokes):
            shrink = gap / (inner + outer)
            turn = np.linspace(2 * np.pi * i / spokes + shrink, 2 * np.pi * (i + 1) / spokes - shrink, 18) + tilt
            square = 1 / np.maximum(np.abs(np.cos(turn - tilt)), np.abs(np.sin(turn - tilt)))
            ray = np.stack([np.cos(turn), np.sin(turn)], -1) * (np.ones(18) if rounded else square)[:, None]
            outline = np.asarray(middle) + np.concatenate([ray * inner, ray[::-1] * outer])
            if (outline.max(0) > 0).all() and (outline.min(0) < (canvas.width, canvas.height)).all():
                plots.append((outline, colours[(ring + i * (ring % 2)) % len(colours)]))
    return plots


def _plant_plot(canvas: Painting, outline: Field, colour: Colour, rng: np.random.Generator) -> None:
    palette, low, high = canvas.palette, outline.min(0), outline.max(0)
    seen = np.minimum(high, (canvas.width, canvas.height)) - np.maximum(low, 0)
    count = int(min(170, np.prod(seen) / canvas.unit**2 / 130)) // (7 if palette.snow else 1)
    at = rng.uniform(low, high, (max(0, count), 2))
    inside = [cv2.pointPolygonTest(outline.astype(np.float32), (float(x), float(y)), True) > 6 for x, y in at]
    at = at[np.array(inside, bool)]
    tone = mix(
        palette.lit(colour) * np.ones((len(at), 1)), palette.leaf * np.ones((len(at), 1)), rng.uniform(0, 0.3, len(at))
    )
    canvas.dabs(at, canvas.unit * rng.uniform(4.5, 9.5, len(at)), tone, 1.0)


def _round_tree(canvas: Painting, x: float, y: float, r: float) -> None:
    palette = canvas.palette
    crown = WHITE if palette.snow else mix(palette.leaf, palette.sun, 0.3)
    canvas.oval(x + r * 0.4, y + r * 0.5, r, r, palette.dark, 0.35)
    canvas.oval(x, y, r, r, palette.lit(mix(palette.leaf, palette.dark, 0.25)))
    canvas.oval(x - r * 0.2, y - r * 0.25, r * 0.65, r * 0.6, palette.lit(crown))
