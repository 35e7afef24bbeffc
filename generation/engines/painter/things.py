"""What people made in a garden: hedges, paths, and drawings of things, in the colours of the scene."""

import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.painting import Painting, Point
from generation.engines.painter.palette import WHITE, Colour, Field, mix

_FEET = {"gate": 1.0, "bench": 0.95, "lantern": 0.98, "boat": 0.8, "bridge": 0.93, "pot": 0.95, "vase": 0.95}
"""How far down in its drawing a thing stands on the ground."""


def paint_thing(canvas: Painting, name: str, at: Point, size: float, colour: Colour | None = None) -> None:
    """A thing that stands at a place; of wood or iron unless a colour is given."""
    palette = canvas.palette
    if colour is None:
        bright = palette.blooms[0] if name == "bridge" else palette.sun
        colour = mix(palette.dark, bright, 0.45 if name == "bridge" else 0.22)
    light = palette.sun if name == "lantern" else mix(colour, palette.sun, 0.35)
    colours = {"a": colour, "b": light, "c": mix(colour, palette.dark, 0.5)}
    canvas.draw(name, at, size, {role: palette.lit(tone) for role, tone in colours.items()}, foot=_FEET[name])
    if name == "lantern":
        canvas.glow(at[0], at[1] - size * 0.7, size * 0.9, palette.sun, 0.6)


def paint_hedge(
    canvas: Painting, left: float, right: float, top: float, bottom: float, rng: np.random.Generator
) -> None:
    """Clipped, of leaves; with snow on it in winter."""
    palette, unit = canvas.palette, canvas.unit
    canvas.fill(
        [(left, top), (right, top), (right, bottom), (left, bottom)], palette.lit(mix(palette.leaf, palette.dark, 0.45))
    )
    count = int((right - left) * (bottom - top) / (150 * unit * unit))
    count = min(count, 2600)
    at = np.stack([rng.uniform(left, right, count), rng.uniform(top - 6 * unit, bottom, count)], -1)
    light = np.clip(1 - (at[:, 1] - top) / max(1, bottom - top) + rng.normal(0, 0.25, count), 0, 1)
    dark, bright = palette.lit(mix(palette.leaf, palette.dark, 0.5)), palette.lit(mix(palette.leaf, palette.sun, 0.2))
    canvas.dabs(
        at,
        unit * rng.uniform(5, 12, count),
        mix(np.broadcast_to(dark, (count, 3)), np.broadcast_to(bright, (count, 3)), light),
        0.6,
    )
    if palette.snow:
        xs = np.linspace(left, right, 30)
        cap = np.stack([xs, top - unit * (12 + 10 * noise.line(rng, 30, 0.5))], -1)
        canvas.fill([*cap, (right, top + 10 * unit), (left, top + 10 * unit)], palette.lit(WHITE))


def path_colour(canvas: Painting) -> Colour:
    palette = canvas.palette
    earth = mix(mix(palette.ground[2], palette.low, 0.6), np.array([0.86, 0.76, 0.62], np.float32), 0.35)
    if palette.snow:
        earth = mix(palette.ground[2], palette.dark, 0.14)
    return mix(earth, palette.dark, 0.35) if palette.night or canvas.scene.emotion == "angry" else earth


def paint_path(canvas: Painting, spine: Field, width: Field) -> None:
    """A way seen in perspective, with stones; puddles stand on it in rain."""
    colour, rng, unit = path_colour(canvas), canvas.rng("path"), canvas.unit
    canvas.line(spine, width * 1.12, mix(colour, canvas.palette.dark, 0.25))
    canvas.line(spine, width, colour)
    pick = rng.integers(1, len(spine), 110)
    wide = np.asarray(width)[pick]
    at = spine[pick] + np.stack([rng.uniform(-0.45, 0.45, 110) * wide, rng.normal(0, 6, 110) * unit], -1)
    tone = mix(
        np.broadcast_to(colour, (110, 3)), np.broadcast_to(canvas.palette.dark, (110, 3)), rng.uniform(0, 0.22, 110)
    )
    canvas.dabs(at, np.maximum(wide * rng.uniform(0.02, 0.07, 110), 0.6), tone, 0.4)
    if canvas.scene.weather in {"rain", "storm"}:
        for _ in range(5):
            i = int(rng.integers(len(spine) // 2, len(spine)))
            canvas.oval(spine[i, 0], spine[i, 1], width[i] * 0.22, width[i] * 0.05, canvas.palette.low, 0.7)
