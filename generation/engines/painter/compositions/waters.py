"""Compositions of water: a lake, a brook, a pond from above."""

import numpy as np

from generation.engines.painter import land, water
from generation.engines.painter.animals import paint_subject
from generation.engines.painter.compositions.open_ground import raise_bed
from generation.engines.painter.drawings import FLOWERS
from generation.engines.painter.painting import Painting, Steps, spline
from generation.engines.painter.palette import WHITE, Field, mix
from generation.engines.painter.plants import blossom_colours, field
from generation.engines.painter.things import paint_thing


def lake(canvas: Painting) -> Steps:
    """Still water that mirrors the far shore; a bank with flowers in front."""
    rng, level, width, height = canvas.rng("lake"), canvas.scene.horizon, canvas.width, canvas.height
    land.paint_sky(canvas, level)
    yield "sky"
    land.paint_hills(canvas, level, 3)
    shore = level + height * 0.02
    canvas.fill(
        [(-5, level - height * 0.006), (width + 5, level - height * 0.01), (width + 5, shore), (-5, shore)],
        canvas.palette.ground[1],
    )
    for _ in range(int(rng.integers(1, 5))):
        tall = height * rng.uniform(0.12, 0.34)
        land.paint_tree(canvas, (rng.uniform(0, 1) * width, shore - 2), tall, rng, 0.4)
    bridge = rng.random() < 0.3
    if bridge:
        paint_thing(canvas, "bridge", (canvas.across(0.5), shore + height * 0.01), width * rng.uniform(0.3, 0.5))
    water.reflect(canvas, shore, height)
    if canvas.scene.weather in {"rain", "storm"}:
        water.rain_rings(canvas, shore + height * 0.04, height)
    if not bridge and rng.random() < 0.4 and not canvas.scene.brief.animal:
        paint_thing(canvas, "boat", (canvas.across(0.62), shore + (height - shore) * 0.34), 260 * canvas.unit)
    _pads(canvas, shore + (height - shore) * 0.3, height, 16, rng)
    paint_subject(
        canvas, "water", canvas.across(rng.uniform(0.3, 0.5)), shore + (height - shore) * 0.5, 0.9, squash=0.6
    )
    yield "ground"
    lotus = canvas.scene.flowers[0][0] == "lotus"
    top = 0.4 if lotus else 0.88
    spots = field(
        canvas, "bed", shore + (height - shore) * top, height * (1.0 if lotus else 1.14), 44, smallest=0.45, largest=0.8
    )
    yield from raise_bed(canvas, spots, lead=0.8, facing=0.15, tall=0.35 if lotus else 0.8)


def _pads(canvas: Painting, top: float, bottom: float, count: int, rng: np.random.Generator) -> None:
    """Lily pads on a lake."""
    colours = canvas.tones(mix(canvas.palette.leaf, canvas.palette.ground[2], 0.2))
    cluster = rng.uniform(0.1, 0.9, 3)
    for share in np.sort(rng.random(0 if canvas.palette.snow else count)):
        at = (cluster[int(rng.integers(0, 3))] + rng.normal(0, 0.12)) * canvas.width, top + share * (bottom - top)
        size = canvas.unit * (60 + 80 * share) * rng.uniform(0.6, 1.2)
        canvas.draw("lily-pad", at, size, colours, squash=0.34, flip=bool(rng.random() < 0.5))


def stream(canvas: Painting) -> Steps:
    """A brook that crosses the picture, seen from a rise, with stones and perhaps a bridge."""
    rng, width, height = canvas.rng("stream"), canvas.width, canvas.height
    palette, level = canvas.palette, max(canvas.scene.horizon, canvas.height * 0.08)
    land.paint_sky(canvas, level, clouds=False)
    yield "sky"
    canvas.land(canvas.ridge("crest", level, height * 0.03), palette.ground[0], palette.ground[2])
    for x in rng.uniform(0, 1, 3):
        land.paint_tree(
            canvas, (x * width, level + height * rng.uniform(0.02, 0.12)), height * rng.uniform(0.18, 0.34), rng, 0.4
        )
    deep = height - level
    spine = spline(
        [
            (canvas.across(x), level + deep * y)
            for x, y in ((0.86, 0.04), (0.6, 0.22), (0.72, 0.46), (0.34, 0.7), (0.1, 1.1))
        ],
        70,
    )
    wide = np.interp(spine[:, 1], [level, height], [20 * canvas.unit, 420 * canvas.unit * rng.uniform(0.8, 1.1)])
    far, near = water.water_colours(canvas)
    canvas.line(spine, wide * 1.14, mix(palette.ground[2], palette.dark, 0.3))
    canvas.line(spine, wide, near)
    for shift, light in ((-0.28, 0.5), (0.05, 0.75), (0.3, 0.4)):
        along = spine + np.stack([wide * shift, np.zeros(len(spine))], -1)
        for i in range(4, len(spine) - 8, 9):
            canvas.line(
                along[i : i + int(rng.integers(4, 8))],
                max(1.0, wide[i] * 0.02),
                mix(far, palette.sun, light * 0.6),
                0.7,
            )
    _stones(canvas, spine, wide, rng)
    if rng.random() < 0.4:
        at = spine[24]
        paint_thing(canvas, "bridge", (float(at[0]), float(at[1] + wide[24] * 0.2)), float(wide[24] * 2.1))
    paint_subject(canvas, "water", float(spine[50, 0]), float(spine[50, 1]), 0.9, squash=0.7)
    paint_subject(canvas, "ground", canvas.across(0.84), height * 0.9, 0.9)
    yield "ground"
    spots = [
        spot for spot in field(canvas, "bed", level + deep * 0.1, height * 1.06, 190, smallest=0.2, largest=0.72)
        if abs(spot[0] - np.interp(spot[1], spine[:, 1], spine[:, 0])) > np.interp(spot[1], spine[:, 1], wide) * 0.62
    ]  # fmt: skip
    yield from raise_bed(canvas, spots)


def _stones(canvas: Painting, spine: Field, wide: Field, rng: np.random.Generator) -> None:
    palette = canvas.palette
    stone = mix(mix(palette.low, palette.dark, 0.45), np.array([0.6, 0.6, 0.6], np.float32), 0.3)
    for i in np.sort(rng.integers(8, len(spine), 26)):
        hand, size = rng.choice([-1, 1]), wide[i] * rng.uniform(0.05, 0.14)
        x, y = spine[i, 0] + hand * wide[i] * rng.uniform(0.3, 0.56), spine[i, 1]
        canvas.oval(x, y + size * 0.2, size * 1.05, size * 0.6, mix(stone, palette.dark, 0.5))
        canvas.oval(x, y, size, size * 0.58, stone)
        canvas.oval(
            x - size * 0.2,
            y - size * 0.14,
            size * 0.6,
            size * 0.3,
            WHITE if palette.snow else mix(stone, palette.sun, 0.4),
        )


def pond(canvas: Painting) -> Steps:
    """Water from above: pads, blossoms and reflections, a bank in one corner; floes in winter."""
    rng, width, height, palette = canvas.rng("pond"), canvas.width, canvas.height, canvas.palette
    far, near = water.water_colours(canvas)
    canvas.wash(0, height, mix(far, near, 0.25), near)
    for _ in range(14):
        reach = width * rng.uniform(0.1, 0.4)
        at = rng.uniform(0, width), rng.uniform(0, height)
        canvas.oval(*at, reach, reach * rng.uniform(0.03, 0.09), mix(far, palette.low, 0.4), 0.28)
    yield "sky"
    if rng.random() < 0.6:
        _bank(canvas)
    paint_subject(canvas, "water", width * rng.uniform(0.4, 0.6), height * rng.uniform(0.42, 0.6), 1.1)
    pads = [] if palette.snow else _floating(canvas, rng)
    if palette.snow:
        for _ in range(16):
            floe = _floe(rng.uniform(0, width), rng.uniform(0, height), canvas.unit * rng.uniform(60, 240), rng)
            canvas.fill(floe, mix(palette.ground[0], WHITE, 0.5), 0.8)
    if canvas.scene.weather in {"rain", "storm"}:
        water.rain_rings(canvas, 0, height)
    yield "ground"
    yield "stems"
    species = canvas.scene.flowers[0][0]
    name = species if FLOWERS[species].face else "lotus"
    for x, y, size in pads[:: 2 if len(pads) > 24 else 1]:
        if rng.random() < 0.55 and not canvas.covers(x, y):
            colour = canvas.scene.flowers[int(rng.integers(0, len(canvas.scene.flowers)))][1]
            view = "side" if name == "lotus" and rng.random() < 0.5 else "front"
            turn = float(rng.uniform(-0.4, 0.4))
            petals = blossom_colours(canvas, name, colour)
            canvas.draw(f"{name}-{view}", (x, y - size * 0.1), size * rng.uniform(0.6, 1.0), petals, turn=turn)
    paint_subject(canvas, "air")
    yield "blossoms"


def _bank(canvas: Painting) -> None:
    """Land in a lower corner."""
    corner, width, height = canvas.across(0.0), canvas.width, canvas.height
    hand = 1 if corner == 0 else -1
    edge = [(-0.02, 0.45), (0.2, 0.62), (0.34, 0.86), (0.5, 1.05)]
    shore = spline([(corner + hand * width * x, height * y) for x, y in edge], 40)
    last = (corner - hand * width * 0.02, height * 1.1)
    canvas.fill([*shore, last], mix(canvas.palette.ground[2], canvas.palette.dark, 0.3))
    canvas.fill([*(shore - np.array([hand * 16, -10]) * canvas.unit), last], canvas.palette.ground[2])


def _floating(canvas: Painting, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Pads in a few groups: their places and sizes."""
    size_of, colours = canvas.unit * canvas.scene.design.scale, canvas.tones(mix(*canvas.palette.ground[1:], 0.2))
    middles = rng.uniform(0.08, 0.92, (int(rng.integers(2, 5)), 2)) * (canvas.width, canvas.height)
    pads = []
    for _ in range(int(34 / canvas.scene.design.scale)):
        x, y = middles[int(rng.integers(0, len(middles)))] + rng.normal(0, 0.16, 2) * (canvas.width, canvas.height)
        size = float(size_of * rng.uniform(50, 190))
        if canvas.covers(x, y):
            continue
        pads.append((float(x), float(y), size))
        canvas.oval(x + size * 0.03, y + size * 0.06, size * 0.48, size * 0.4, canvas.palette.dark, 0.25)
        canvas.draw("lily-pad", (float(x), float(y)), size, colours, squash=0.82, turn=float(rng.uniform(0, 6)))
    return pads


def _floe(x: float, y: float, reach: float, rng: np.random.Generator) -> Field:
    turn = np.sort(rng.uniform(0, 2 * np.pi, 9))
    far = reach * rng.uniform(0.6, 1.0, 9)
    return np.stack([x + np.cos(turn) * far, y + np.sin(turn) * far * 0.6], -1)
