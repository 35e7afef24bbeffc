"""Compositions of open ground under a sky."""

import numpy as np

from generation.engines.painter import land
from generation.engines.painter.animals import paint_subject
from generation.engines.painter.painting import Painting, Steps, spline
from generation.engines.painter.palette import Field, mix
from generation.engines.painter.plants import Spot, field, grow, paint_blossoms, paint_drifts, paint_stems
from generation.engines.painter.things import paint_path, paint_thing


def raise_bed(
    canvas: Painting, spots: list[Spot], *, lead: float = 0.6, facing: float = 0.5, tall: float = 1.0
) -> Steps:
    """The stems of a bed, then its blossoms; nothing stands before the animal."""
    plants = grow(canvas, [spot for spot in spots if not canvas.hides(spot)], canvas.rng("bed"), lead, facing, tall)
    paint_stems(canvas, plants)
    yield "stems"
    paint_blossoms(canvas, plants)
    paint_subject(canvas, "air")
    yield "blossoms"


def meadow(canvas: Painting) -> Steps:
    """Open ground under a sky, with one tree, a few or none."""
    rng, level = canvas.rng("meadow"), canvas.scene.horizon
    land.paint_sky(canvas, level)
    yield "sky"
    land.paint_hills(canvas, level, int(rng.integers(1, 4)))
    crest = canvas.ridge("crest", level, canvas.height * 0.04)
    canvas.land(crest, canvas.palette.ground[1], canvas.palette.ground[2])
    for _ in range(int(rng.integers(0, 4))):
        x = rng.uniform(0.05, 0.95) * canvas.width
        tall = canvas.height * rng.uniform(0.14, 0.5)
        land.paint_tree(
            canvas,
            (x, canvas.level_at(crest, x) + tall * 0.08),
            tall,
            rng,
            float(np.clip(0.5 - tall / canvas.height, 0, 1)),
        )
    paint_drifts(canvas, level + canvas.height * 0.02, canvas.height * 0.9)
    paint_subject(canvas, "ground", canvas.across(rng.uniform(0.24, 0.4)), canvas.height * 0.9, 1.0)
    yield "ground"
    yield from raise_bed(
        canvas,
        field(canvas, "bed", level + (canvas.height - level) * 0.2, canvas.height * 1.08, int(rng.integers(45, 120))),
    )


def path(canvas: Painting) -> Steps:
    """A way that winds from the lower edge to the horizon between flowers."""
    rng, level, width, height = canvas.rng("way"), canvas.scene.horizon, canvas.width, canvas.height
    land.paint_sky(canvas, level)
    yield "sky"
    land.paint_hills(canvas, level, 2)
    canvas.land(canvas.ridge("crest", level, height * 0.03), canvas.palette.ground[1], canvas.palette.ground[2])
    bend = rng.uniform(0.12, 0.3) * rng.choice([-1, 1])
    end = rng.uniform(0.3, 0.7)
    deep = height - level
    spine = spline(
        [(width * (0.5 - bend * 0.3), height * 1.05), (width * (0.5 + bend), level + deep * 0.55),
         (width * (end - bend * 0.4), level + deep * 0.22), (width * end, level + deep * 0.03)], 60,
    )  # fmt: skip
    wide = np.interp(spine[:, 1], [level, height * 1.05], [8 * canvas.unit, 330 * canvas.unit * rng.uniform(0.7, 1.1)])
    paint_path(canvas, spine, wide)
    for side in (-1, 1):
        x = width * (end + side * rng.uniform(0.15, 0.42))
        land.paint_tree(
            canvas, (x, level + deep * rng.uniform(0.04, 0.12)), height * rng.uniform(0.25, 0.55), rng, 0.25
        )
    paint_drifts(canvas, level + deep * 0.05, level + deep * 0.4, 500)
    if rng.random() < 0.5:
        at = spine[44]
        paint_thing(canvas, "lantern", (float(at[0] + wide[44]), float(at[1])), 150 * canvas.unit)
        canvas.glow(
            float(at[0] + wide[44]), float(at[1] - 105 * canvas.unit), 130 * canvas.unit, canvas.palette.sun, 0.6
        )
    paint_subject(canvas, "ground", float(spine[14, 0]), float(spine[14, 1]), 0.95)
    yield "ground"
    spots = field(canvas, "bed", level + deep * 0.2, height * 1.08, 190, largest=0.8)
    spots = [spot for spot in spots if _beside(spot, spine, wide * 0.56)]
    yield from raise_bed(canvas, spots)


def _beside(spot: Spot, spine: Field, half: Field) -> bool:
    """Whether a root is beside a way; the way's points run up the picture."""
    x, y, _ = spot
    return bool(abs(x - np.interp(-y, -spine[:, 1], spine[:, 0])) > np.interp(-y, -spine[:, 1], half))


def hill(canvas: Painting) -> Steps:
    """One round hill against the sky, with a lone tree."""
    rng, width, height = canvas.rng("hill"), canvas.width, canvas.height
    level = canvas.scene.horizon
    land.paint_sky(canvas, height)
    yield "sky"
    land.paint_hills(canvas, level + height * 0.14, 2, 0.1)
    top, reach = canvas.across(rng.uniform(0.35, 0.72)), width * rng.uniform(0.45, 0.75)
    xs = np.linspace(-0.02, 1.02, 80) * width
    crest = np.stack([xs, level + (height - level) * 0.75 * (1 - np.exp(-(((xs - top) / reach) ** 2)))], -1)
    canvas.land(crest, canvas.palette.ground[1], canvas.palette.ground[2])
    tall = min(level * 0.95, height * rng.uniform(0.35, 0.6))
    land.paint_tree(canvas, (top, level + tall * 0.02), tall, rng)
    if rng.random() < 0.35:
        at = top + tall * 0.5
        paint_thing(canvas, "bench", (at, canvas.level_at(crest, at) + 8 * canvas.unit), 90 * canvas.unit)
    paint_drifts(canvas, level + (height - level) * 0.25, height, 700)
    paint_subject(canvas, "ground", top - canvas.width * 0.2 * (1 if top > width / 2 else -1), height * 0.86, 0.9)
    yield "ground"
    yield from raise_bed(canvas, field(canvas, "bed", level + (height - level) * 0.55, height * 1.08, 70, smallest=0.3))


def sky(canvas: Painting) -> Steps:
    """Almost nothing but sky; the garden is a dark line at the lower edge."""
    rng, level, width, height = canvas.rng("sky"), canvas.scene.horizon, canvas.width, canvas.height
    land.paint_sky(canvas, height)
    yield "sky"
    land.paint_hills(canvas, level, int(rng.integers(1, 4)), 0.1)
    crest = canvas.ridge("crest", level, height * 0.05)
    canvas.land(crest, canvas.palette.ground[2], mix(canvas.palette.ground[2], canvas.palette.dark, 0.6))
    for _ in range(int(rng.integers(0, 3))):
        x = rng.uniform(0.05, 0.95) * width
        land.paint_tree(canvas, (x, canvas.level_at(crest, x) + 4), height * rng.uniform(0.12, 0.3), rng, 0.1)
    paint_subject(
        canvas, "ground", canvas.across(0.3), canvas.level_at(crest, canvas.across(0.3)) + 14 * canvas.unit, 0.85
    )
    yield "ground"
    spots = [
        (x, canvas.level_at(crest, x) + height * rng.uniform(0.02, 0.2), rng.uniform(0.3, 0.75))
        for x in rng.uniform(0, width, 46)
    ]
    yield from raise_bed(canvas, sorted(spots, key=lambda spot: spot[1]))


def rows(canvas: Painting) -> Steps:
    """A field of flowers in rows that run together at the horizon."""
    rng, level, width, height = canvas.rng("rows"), canvas.scene.horizon, canvas.width, canvas.height
    palette, scene = canvas.palette, canvas.scene
    land.paint_sky(canvas, level)
    yield "sky"
    land.paint_hills(canvas, level, int(rng.integers(0, 3)))
    canvas.land(np.array([[-20.0, level], [width + 20.0, level]]), palette.ground[1], palette.ground[2])
    vanish = width * rng.uniform(0.1, 0.9)
    bands = int(rng.integers(8, 14))
    edges = np.linspace(-1.6, 2.6, bands * 2 + 1) * width
    choice = (*scene.flowers, *scene.chorus[:1])
    for i in range(bands):
        left, right = edges[2 * i], edges[2 * i + 1]
        colour = palette.lit(choice[i % len(choice)][1])
        colour = mix(colour, palette.ground[1], 0.86 if palette.snow else 0.25)
        canvas.fill(
            [(vanish, level), (left, height + 5), (right, height + 5)], mix(palette.leaf, palette.ground[2], 0.4)
        )
        canvas.fill([(vanish, level), (left, height + 5), (left + (right - left) * 0.86, height + 5)], colour)
    if rng.random() < 0.6:
        x = canvas.across(0.8)
        land.paint_tree(canvas, (x, level + 6 * canvas.unit), height * 0.24, rng, 0.4)
    paint_subject(canvas, "ground", canvas.across(0.3), height * 0.84, 0.95)
    yield "ground"
    spots: list[Spot] = []
    for near in np.linspace(0.16, 1.06, 15) ** 1.25:
        y = level + near * (height - level)
        for i in range(bands):
            middle = (edges[2 * i] + edges[2 * i + 1]) / 2
            for shift in (-0.25, 0.05, 0.3):
                x = (
                    vanish
                    + (middle + shift * (edges[1] - edges[0]) - vanish) * near
                    + rng.normal(0, 8) * canvas.unit * near
                )
                if -0.05 < x / width < 1.05:
                    spots.append((float(x), float(y), float(0.06 + 0.56 * near)))
    yield from raise_bed(canvas, spots[:420], lead=0.92, facing=0.35, tall=0.55)
