"""Compositions among trees and hedges."""

import numpy as np

from generation.engines.painter import land
from generation.engines.painter.animals import paint_subject
from generation.engines.painter.compositions.open_ground import raise_bed
from generation.engines.painter.painting import Painting, Steps, spline
from generation.engines.painter.palette import WHITE, mix
from generation.engines.painter.plants import field, paint_drifts
from generation.engines.painter.things import paint_hedge, paint_path, paint_thing


def grove(canvas: Painting) -> Steps:
    """Trunks from edge to edge, flowers at their feet, light between them."""
    rng, level, width, height = canvas.rng("grove"), canvas.scene.horizon, canvas.width, canvas.height
    palette = canvas.palette
    land.paint_sky(canvas, level + height * 0.06)
    yield "sky"
    canvas.land(
        canvas.ridge("crest", level, height * 0.02), mix(palette.ground[0], palette.ground[1], 0.5), palette.ground[2]
    )
    count = int(rng.integers(5, 9))
    for depth in (0.75, 0.4, 0.0):
        for i in range(count if depth else count - 2):
            x = width * ((i + rng.uniform(0.1, 0.9)) / count)
            thick = canvas.unit * (14 + 50 * (1 - depth)) * rng.uniform(0.6, 1.2)
            _trunk(
                canvas,
                x,
                level + (height - level) * (0.06 + 0.4 * (1 - depth) * rng.uniform(0.5, 1)),
                thick,
                depth,
                rng,
            )
    if not palette.snow:
        _canopy(canvas, rng)
    paint_drifts(canvas, level + height * 0.04, height, 800)
    paint_subject(canvas, "ground", canvas.across(rng.uniform(0.3, 0.6)), height * 0.88, 0.95)
    yield "ground"
    yield from raise_bed(
        canvas, field(canvas, "bed", level + (height - level) * 0.25, height * 1.08, 110, largest=0.75)
    )


def _trunk(canvas: Painting, x: float, foot: float, thick: float, depth: float, rng: np.random.Generator) -> None:
    palette = canvas.palette
    bark = mix(np.array([0.33, 0.26, 0.21], np.float32), palette.dark, 0.6)
    bark = mix(bark, palette.low, 0.85 * depth)
    sway = rng.normal(0, 0.04) * canvas.height
    spine = spline([(x, foot), (x + sway, foot * 0.5), (x + sway * 0.4, -20)], 30)
    width = thick * (1 + 0.8 * np.exp(-np.linspace(0, 14, 30)))
    canvas.cast_shadow((x, foot), thick * 3, 0.3 * (1 - depth))
    canvas.line(spine, width, bark)
    lit = np.sign(canvas.scene.sun[0] - x) or 1
    canvas.line(spine + np.array([lit * thick * 0.28, 0]), width * 0.28, mix(bark, palette.sun, 0.28))
    if palette.snow:
        canvas.line(spine - np.array([lit * thick * 0.4, 0]), width * 0.2, palette.lit(WHITE))
    for _ in range(3):
        y = rng.uniform(0.15, 0.8) * foot
        hand = rng.choice([-1, 1])
        limb = [
            (x + sway * 0.5, y),
            (x + hand * thick * 1.6, y - thick * 1.4),
            (x + hand * thick * 2.8, y - thick * 3.4),
        ]
        canvas.line(spline(limb, 12), np.linspace(thick * 0.34, thick * 0.08, 12), bark)


def _canopy(canvas: Painting, rng: np.random.Generator) -> None:
    palette, count = canvas.palette, 520
    at = np.stack([rng.uniform(0, canvas.width, count), np.abs(rng.normal(0, 0.14, count)) * canvas.height], -1)
    order = np.argsort(-at[:, 1])
    light = rng.uniform(0, 0.5, count)
    tone = mix(np.broadcast_to(palette.leaf, (count, 3)), np.broadcast_to(palette.sun, (count, 3)), light * 0.5)
    dark = np.broadcast_to(palette.dark, (count, 3))
    colours = mix(tone, dark, rng.uniform(0, 0.5, count))
    canvas.dabs(at[order], canvas.unit * rng.uniform(9, 26, count), colours[order], 0.6)


def gate(canvas: Painting) -> Steps:
    """A clipped hedge with a gate in it, and what lies behind."""
    rng, level, width, height = canvas.rng("gate"), canvas.scene.horizon, canvas.width, canvas.height
    palette = canvas.palette
    land.paint_sky(canvas, level)
    yield "sky"
    land.paint_hills(canvas, level, 2)
    canvas.land(canvas.ridge("crest", level, height * 0.02), palette.ground[1], palette.ground[2])
    middle = width * rng.choice([0.32, 0.5, 0.66])
    land.paint_tree(canvas, (middle + width * 0.2, level), height * rng.uniform(0.3, 0.5), rng, 0.35)
    foot = level + (height - level) * 0.5
    wide = 240 * canvas.unit * rng.uniform(0.8, 1.15)
    deep = height - foot
    spine = np.stack(
        [
            np.linspace(middle, middle + rng.uniform(-0.08, 0.08) * width, 30),
            np.linspace(height * 1.05, level + 10, 30),
        ],
        -1,
    )
    paint_path(canvas, spine, np.interp(spine[:, 1], [level, foot, height], [12 * canvas.unit, wide * 0.8, wide * 1.5]))
    top = foot - height * rng.uniform(0.2, 0.32)
    paint_hedge(canvas, -10, middle - wide / 2, top, foot, rng)
    paint_hedge(canvas, middle + wide / 2, width + 10, top, foot, rng)
    paint_thing(canvas, "gate", (middle, foot + 4 * canvas.unit), wide * 1.42)
    if rng.random() < 0.7:
        _climbers(canvas, middle, foot, wide, rng)
    paint_subject(canvas, "ground", middle + rng.choice([-1, 1]) * wide * 0.1, foot + deep * 0.66, 0.9)
    yield "ground"
    spots = [
        spot for spot in field(canvas, "bed", foot + deep * 0.02, height * 1.1, 120, smallest=0.4, largest=0.85)
        if abs(spot[0] - middle) > np.interp(spot[1], [foot, height], [wide * 0.55, wide * 0.9])
    ]  # fmt: skip
    yield from raise_bed(canvas, spots)


def _climbers(canvas: Painting, x: float, foot: float, wide: float, rng: np.random.Generator) -> None:
    """Blossoms over the gate's arch; only leaves where nothing blooms."""
    for turn in np.linspace(np.pi * 1.02, -0.02 * np.pi, 26):
        at = (
            x + np.cos(turn) * wide * 0.42 + rng.normal(0, 7) * canvas.unit,
            foot - wide * 0.75 - np.sin(turn) * wide * 0.42,
        )
        size = canvas.unit * rng.uniform(24, 46)
        canvas.rosette(at, size * 1.4, canvas.palette.leaf, rng)
        species, colour = canvas.scene.flowers[int(rng.integers(0, len(canvas.scene.flowers)))]
        if not canvas.palette.snow and rng.random() < 0.6:
            name = f"{species}-front" if species in {"camellia", "daisy", "passion", "poppy"} else "camellia-front"
            canvas.draw(name, at, size, canvas.tones(colour), turn=float(rng.uniform(0, 6)))
