"""Compositions from close by: a few blossoms, one flower, a bough."""

from dataclasses import replace

import numpy as np

from generation.engines.painter import land
from generation.engines.painter.animals import paint_subject
from generation.engines.painter.painting import Painting, Steps, spline
from generation.engines.painter.palette import WHITE, luminance, mix
from generation.engines.painter.plants import Plant, Spot, blossom_colours, grow, paint_blossoms, paint_stems

_CONTRAST = 0.2
"""How much lighter or darker than its blossoms the ground of a study is at least (luma)."""


def closeup(canvas: Painting) -> Steps:
    """A few blossoms so near that the frame cuts them."""
    rng, width, height, palette = canvas.rng("closeup"), canvas.width, canvas.height, canvas.palette
    land.paint_sky(canvas, height, clouds=rng.random() < 0.4)
    if rng.random() < 0.5:
        land.paint_hills(canvas, canvas.scene.horizon, 2)
    yield "sky"
    for _ in range(26):
        colour = (palette.ground[1], palette.leaf, palette.ground[2])[int(rng.integers(0, 3))]
        reach = canvas.unit * rng.uniform(60, 200)
        canvas.oval(
            rng.uniform(0, width),
            height * rng.uniform(0.72, 1.1),
            reach,
            reach * 0.8,
            mix(colour, palette.low, 0.25),
            0.5,
        )
    yield "ground"
    count = int(rng.integers(3, 7))
    xs = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count * width
    spots: list[Spot] = []
    for x, tall in zip(xs, rng.permutation(np.linspace(0.9, 2.5, count)), strict=True):
        spots.append((float(x), height * rng.uniform(1.05, 1.2), float(tall * 1.05)))
    spots += [(float(x), height * 1.08, float(rng.uniform(0.7, 1.1))) for x in rng.uniform(0, width, 9)]
    spots.sort(key=lambda spot: spot[2])
    plants = [
        _lifted(canvas, one, height * rng.uniform(0.16, 0.66))
        for one in grow(canvas, spots, rng, lead=0.85, facing=0.62, haze=False)
    ]
    paint_stems(canvas, plants, grass=0.6)
    yield "stems"
    paint_blossoms(canvas, plants)
    paint_subject(canvas, "small", width * rng.uniform(0.3, 0.7), height * 0.9, 1.3)
    paint_subject(canvas, "air", scale=1.5)
    yield "blossoms"


def _lifted(canvas: Painting, plant: Plant, row: float) -> Plant:
    """The plant with its blossom at a row, its stem as long as that takes; whole plants grow instead."""
    if plant.whole:
        return replace(plant, size=max(plant.size, (plant.root[1] - row) * 0.95))
    lean = (plant.head[0] - plant.root[0]) * 0.5
    return replace(plant, head=(plant.root[0] + lean, row))


def single(canvas: Painting) -> Steps:
    """One flower on a plain ground: a study."""
    rng, width, height, palette = canvas.rng("single"), canvas.width, canvas.height, canvas.palette
    bloom = luminance(palette.lit(canvas.scene.flowers[0][1]))
    grounds = palette.low, mix(palette.top, palette.low, 0.5), mix(palette.low, palette.ground[0], 0.35), palette.top
    contrast = [abs(float(luminance(one) - bloom)) for one in grounds]
    clear = [i for i in range(4) if contrast[i] >= _CONTRAST] or [int(np.argmax(contrast))]
    ground = grounds[clear[int(rng.integers(0, len(clear)))]]
    canvas.wash(0, height, mix(ground, WHITE, 0.12), mix(ground, palette.ground[0], 0.22))
    disc = mix(ground, palette.sun, 0.7)
    if rng.random() < 0.55 and abs(float(luminance(disc) - bloom)) >= _CONTRAST:
        radius = min(width, height) * rng.uniform(0.24, 0.4)
        canvas.oval(
            canvas.across(rng.uniform(0.4, 0.66)),
            height * rng.uniform(0.34, 0.5),
            radius,
            radius,
            disc,
        )
    yield "sky"
    if rng.random() < 0.5:
        canvas.land(canvas.ridge("floor", height * rng.uniform(0.8, 0.92), height * 0.03), palette.ground[1])
    yield "ground"
    number = int(rng.choice([1, 1, 2, 3]))
    x0 = canvas.across(rng.uniform(0.3, 0.62))
    scale = min(width, height) / canvas.unit / 1000 * rng.uniform(1.9, 2.9) / (1 + 0.22 * (number - 1))
    spots = [(x0 + (i - (number - 1) / 2) * width * 0.13, height * 1.04, scale * (1 - 0.14 * i)) for i in range(number)]
    plants = grow(canvas, spots, rng, lead=1.0, facing=0.5, haze=False)
    rows = height * (rng.uniform(0.28, 0.44) + 0.15 * np.arange(number))
    plants = [_lifted(canvas, replace(one, shade=1.0), float(row)) for one, row in zip(plants, rows, strict=True)]
    paint_stems(canvas, plants, grass=0.0)
    yield "stems"
    paint_blossoms(canvas, plants)
    paint_subject(canvas, "small", canvas.across(0.82), height * 0.95, 1.3)
    paint_subject(canvas, "air", canvas.across(0.78), height * rng.uniform(0.2, 0.5), 1.5)
    yield "blossoms"


def hanging(canvas: Painting) -> Steps:
    """A bough across the upper edge, with leaves and blossoms; the rest is air."""
    rng, width, height, palette = canvas.rng("hanging"), canvas.width, canvas.height, canvas.palette
    land.paint_sky(canvas, height, clouds=rng.random() < 0.5)
    if rng.random() < 0.6:
        land.paint_hills(canvas, height * rng.uniform(0.82, 0.98), int(rng.integers(1, 4)), 0.16)
    yield "sky"
    bark = mix(np.array([0.33, 0.25, 0.2], np.float32), palette.dark, 0.5)
    spines: list[np.ndarray] = []
    start = np.array([canvas.across(-0.04), height * rng.uniform(0.02, 0.3)])
    end = np.array([canvas.across(rng.uniform(0.72, 1.05)), height * rng.uniform(0.18, 0.52)])
    bow = spline(
        [
            start,
            start + (end - start) * 0.35 + [0, -height * 0.07],
            start + (end - start) * 0.7 + [0, height * 0.02],
            end,
        ],
        60,
    )
    spines.append(bow)
    for i in np.linspace(10, 52, int(rng.integers(6, 10))).astype(int):
        hand = 1 if end[0] > start[0] else -1
        drop = rng.choice([-0.5, 1, 1]) * height * rng.uniform(0.08, 0.26)
        spines.append(
            spline(
                [
                    bow[i],
                    bow[i] + [hand * width * 0.04, drop * 0.35],
                    bow[i] + [hand * width * rng.uniform(0.06, 0.16), drop],
                ],
                26,
            )
        )
    for k, spine in enumerate(spines):
        thick = canvas.unit * (26 if k == 0 else 9)
        canvas.line(spine, np.linspace(thick, thick * 0.2, len(spine)), bark)
        canvas.line(
            spine - [0, thick * 0.22],
            np.linspace(thick, thick * 0.2, len(spine)) * 0.3,
            palette.lit(WHITE) if palette.snow else mix(bark, palette.sun, 0.3),
        )
    yield "ground"
    at = np.concatenate([spine[int(len(spine) * 0.15) :: 3] for spine in spines])
    at = at + rng.normal(0, 14, at.shape) * canvas.unit
    if not palette.snow:
        for x, y in at:
            tone = mix(
                palette.leaf, (palette.dark, palette.sun)[int(rng.integers(0, 2))], float(rng.choice((0.0, 0.15, 0.3)))
            )
            canvas.rosette((float(x), float(y)), canvas.unit * rng.uniform(34, 70), tone, rng, squash=0.7)
    yield "stems"
    species, colours = canvas.scene.flowers[0][0], [colour for _, colour in canvas.scene.flowers]
    name = species if species in {"camellia", "passion", "daisy", "poppy"} else "camellia"
    bloom = not palette.snow or species == "camellia"
    for x, y in at[rng.permutation(len(at))[: int(len(at) * (0.5 if bloom else 0.8))]]:
        colour = colours[int(rng.integers(0, len(colours)))]
        if bloom:
            canvas.draw(
                f"{name}-{('front', 'side')[int(rng.integers(0, 2))]}",
                (float(x), float(y)),
                canvas.unit * rng.uniform(40, 96),
                blossom_colours(canvas, name, colour),
                turn=float(rng.uniform(-0.8, 0.8)),
            )
        else:
            canvas.oval(float(x), float(y), 9 * canvas.unit, 9 * canvas.unit, palette.lit(palette.blooms[0]))
            canvas.oval(float(x), float(y) - 6 * canvas.unit, 8 * canvas.unit, 4 * canvas.unit, palette.lit(WHITE))
    tip = bow[34]
    paint_subject(canvas, "small", float(tip[0]), float(tip[1]), 1.3)
    paint_subject(canvas, "air", canvas.across(0.6), height * 0.68, 1.4)
    yield "blossoms"
