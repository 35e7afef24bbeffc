"""Compositions behind glass: a greenhouse, a vase on a sill."""

from dataclasses import replace

import numpy as np

from generation.engines.painter import land
from generation.engines.painter.animals import paint_subject
from generation.engines.painter.painting import Painting, Steps
from generation.engines.painter.palette import WHITE, Colour, mix
from generation.engines.painter.plants import Plant, grow, paint_blossoms, paint_stems
from generation.engines.painter.things import path_colour


def greenhouse(canvas: Painting) -> Steps:
    """Inside a house of glass: ribs, panes, pots on a floor; the season stays outside."""
    rng, width, height, palette = canvas.rng("greenhouse"), canvas.width, canvas.height, canvas.palette
    floor = canvas.scene.horizon
    land.paint_sky(canvas, height * 0.8, sun=rng.random() < 0.6)
    land.paint_hills(canvas, height * 0.62, 2)
    yield "sky"
    canvas.land(np.array([[-9.0, floor * 0.9], [width + 9.0, floor * 0.9]]), palette.ground[1])
    for x in rng.uniform(0, 1, 3):
        land.paint_tree(canvas, (x * width, floor * 0.93), height * rng.uniform(0.3, 0.5), rng, 0.5)
    _glass(canvas, floor, rng)
    tile = mix(path_colour(canvas) if not palette.snow else palette.low, np.array([0.8, 0.72, 0.62], np.float32), 0.4)
    tile = mix(tile, palette.dark, 0.5) if palette.night else tile
    canvas.wash(floor, height, mix(tile, palette.dark, 0.2), tile)
    vanish = width * 0.5
    for i in range(-9, 10):
        canvas.line(
            [(vanish + i * width * 0.06, floor), (vanish + i * width * 0.19, height)],
            2 * canvas.unit,
            palette.dark,
            0.25,
        )
    for near in (0.1, 0.28, 0.56):
        canvas.line(
            [(0, floor + near * (height - floor)), (width, floor + near * (height - floor))],
            2 * canvas.unit,
            palette.dark,
            0.25,
        )
    paint_subject(canvas, "ground", width * rng.uniform(0.42, 0.58), height * 0.95, 0.9)
    yield "ground"
    plants: list[Plant] = []
    for side in (-1, 1):
        for k in range(int(rng.integers(3, 6))):
            near = k / 5
            x = vanish + side * width * (0.16 + 0.33 * near) + rng.normal(0, 0.01) * width
            foot = floor + (height - floor) * (0.12 + 0.72 * near)
            size = canvas.unit * (110 + 130 * near)
            clay = mix(np.array([0.72, 0.4, 0.26], np.float32), palette.ground[1], 0.3)
            canvas.cast_shadow((x, foot), size * 0.4, 0.3)
            canvas.draw(
                "pot",
                (x, foot),
                size,
                {**canvas.tones(clay), "c": palette.lit(mix(clay, palette.dark, 0.4))},
                foot=0.95,
            )
            spots = [(x + j * size * 0.14, foot - size * 0.74, size / canvas.unit / 190) for j in (-1, 0, 1)]
            plants += grow(canvas, spots, rng, lead=0.8, facing=0.6, tall=0.8, haze=False)
    paint_stems(canvas, plants, grass=0.0)
    yield "stems"
    paint_blossoms(canvas, plants)
    paint_subject(canvas, "air", width * 0.5, height * 0.42, 1.2)
    yield "blossoms"


def _glass(canvas: Painting, floor: float, rng: np.random.Generator) -> None:
    """Ribs of a vault and panes that shine; snow lies on the glass in winter."""
    palette, width = canvas.palette, canvas.width
    iron = mix(palette.dark, palette.low, 0.82 if not palette.night else 0.3)
    iron = mix(iron, WHITE, 0.3)
    top, spring = canvas.height * 0.04, floor * 0.5
    turn = np.linspace(np.pi, 0, 50)
    for reach, thick in ((0.52, 13), (0.4, 8), (0.28, 6), (0.16, 5)):
        arch = np.stack(
            [width / 2 + np.cos(turn) * width * reach, spring - np.sin(turn) * (spring - top) * (0.35 + 1.25 * reach)],
            -1,
        )
        canvas.line([(arch[0, 0], floor), *arch, (arch[-1, 0], floor)], thick * canvas.unit, iron)
        if palette.snow and reach > 0.5:
            canvas.line(arch - [0, 9 * canvas.unit], 14 * canvas.unit, palette.lit(WHITE))
    for angle in np.linspace(0.14, 0.86, 7) * np.pi:
        inner = np.array([width / 2 + np.cos(angle) * width * 0.16, spring - np.sin(angle) * (spring - top) * 0.55])
        outer = np.array([width / 2 + np.cos(angle) * width * 0.52, spring - np.sin(angle) * (spring - top) * 1.0])
        canvas.line([inner, outer], 5 * canvas.unit, iron)
    for level in (0.62, 0.8):
        canvas.line([(0, floor * level), (width, floor * level)], 5 * canvas.unit, iron)
    for _ in range(7):
        x, y, wide = rng.uniform(0, width), rng.uniform(0.1, 0.7) * floor, canvas.unit * rng.uniform(20, 70)
        canvas.fill(
            [(x, y), (x + wide, y), (x + wide * 0.2, y + wide * 3.4), (x - wide * 0.8, y + wide * 3.4)],
            WHITE,
            0.12,
        )


def sill(canvas: Painting) -> Steps:
    """A vase before a window or a plain wall."""
    rng, width, height, palette = canvas.rng("sill"), canvas.width, canvas.height, canvas.palette
    board = canvas.scene.horizon * 0.5 + height * 0.44
    window = rng.random() < 0.6 or palette.snow
    wall = mix(mix(palette.low, palette.ground[0], 0.35), WHITE, 0.05 if palette.night else 0.2)
    if window:
        land.paint_sky(canvas, height * 0.7)
        land.paint_hills(canvas, height * 0.66, 2)
    else:
        canvas.wash(0, height, wall, mix(wall, palette.top, 0.3))
    yield "sky"
    if window:
        canvas.land(canvas.ridge("garden", height * 0.62, height * 0.04), palette.ground[1])
        land.paint_tree(canvas, (canvas.across(0.74), height * 0.66), height * rng.uniform(0.3, 0.5), rng, 0.35)
        _window(canvas, board, wall)
    wood = mix(mix(np.array([0.62, 0.46, 0.32], np.float32), palette.low, 0.3), palette.dark, 0.35 * palette.night)
    canvas.wash(board, height, mix(wood, palette.sun, 0.25), mix(wood, palette.dark, 0.25))
    canvas.line([(0, board), (width, board)], 5 * canvas.unit, mix(wood, palette.dark, 0.4))
    x, size = canvas.across(rng.uniform(0.3, 0.52)), min(height * 0.42, 400 * canvas.unit)
    foot = board + (height - board) * 0.45
    canvas.cast_shadow((x, foot), size * 0.36, 0.35)
    glaze = mix(mix(palette.top, palette.blooms[-1], 0.4), WHITE, 0.2)
    before_vase = rng.random() >= 0.5
    if not before_vase:
        paint_subject(canvas, "ground", canvas.across(0.74), foot + 10 * canvas.unit, 1.15)
    yield "ground"
    count = int(rng.integers(5, 10))
    mouth = foot - size * 0.86
    spots = [
        (x + rng.normal(0, 0.04) * size, mouth, size / canvas.unit / 330 * rng.uniform(0.85, 1.15))
        for _ in range(count)
    ]
    plants = grow(canvas, spots, rng, lead=0.75, facing=0.6, tall=1.0, haze=False)
    plants = [_spread(one, (i - (count - 1) / 2) / count, size) for i, one in enumerate(plants)]
    paint_stems(canvas, plants, grass=0.0)
    canvas.draw(
        "vase", (x, foot), size, {**canvas.tones(glaze), "c": palette.lit(mix(glaze, palette.dark, 0.4))}, foot=0.95
    )
    yield "stems"
    paint_blossoms(canvas, sorted(plants, key=lambda one: one.head[1]))
    if before_vase:
        paint_subject(canvas, "ground", canvas.across(0.74), foot + 10 * canvas.unit, 1.15)
    paint_subject(canvas, "small", canvas.across(0.78), foot, 1.2)
    yield "blossoms"


def _spread(plant: Plant, share: float, size: float) -> Plant:
    """A stem of a bunch, leaning to its side."""
    (x, y), (_, hy) = plant.root, plant.head
    if plant.whole:
        return replace(plant, turn=share * 1.2, size=plant.size * 0.9)
    tall = min(abs(hy - y), size * 0.8) * (1.1 - 0.5 * abs(share))
    return replace(plant, head=(x + share * size * 1.0, y - tall), turn=plant.turn + share * 0.7)


def _window(canvas: Painting, board: float, wall: Colour) -> None:
    width, unit = canvas.width, canvas.unit
    frame = mix(wall, WHITE, 0.35 if not canvas.palette.night else 0.05)
    left, right, top = width * 0.08, width * 0.92, canvas.height * 0.05
    for box in ((0, 0, width, top), (0, 0, left, board), (right, 0, width, board)):
        canvas.fill([(box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])], wall)
    for x in (left, width / 2, right):
        canvas.line([(x, top), (x, board)], 20 * unit, frame)
    for y in (top, board * 0.45):
        canvas.line([(left - 10 * unit, y), (right + 10 * unit, y)], 20 * unit, frame)
    if canvas.palette.snow:
        for x in (left, width / 2):
            canvas.line(
                [(x + 12 * unit, board - 8 * unit), (x + 12 * unit + width * 0.4, board - 8 * unit)],
                26 * unit,
                WHITE,
            )
