"""What the parts of a landscape look like: sky, sun, clouds, distant hills, trees, hedges, paths and water."""

import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.painting import Painting, Point
from generation.engines.painter.palette import WHITE, Field, mix


def paint_sky(canvas: Painting, level: float, *, sun: bool = True, clouds: bool = True) -> None:
    """From the upper edge to a row, with what stands in it."""
    palette, scene = canvas.palette, canvas.scene
    canvas.wash(0, level + 2, palette.top, palette.low)
    if palette.night:
        _stars(canvas, level)
    hidden = scene.weather in {"storm", "rain", "snow", "fog"}
    if sun and not hidden:
        _sun(canvas)
    if clouds:
        _clouds(canvas, level)
    if scene.weather == "storm":
        _lightning(canvas, level)


def _sun(canvas: Painting) -> None:
    """A disc in a few rings of its light; the moon of a night stands clear and may be a crescent."""
    palette, rng = canvas.palette, canvas.rng("sun")
    x, y = canvas.scene.sun
    radius = canvas.unit * rng.uniform(45, 125)
    canvas.glow(x, y, radius * 5, palette.sun, 0.55)
    if not palette.night and rng.random() < 0.5:
        for ring, share in ((2.5, 0.10), (1.9, 0.16), (1.4, 0.25)):
            canvas.oval(x, y, radius * ring, radius * ring, palette.sun, share)
    face = mix(palette.sun, WHITE, 0.3 if palette.night else 0.1)
    canvas.oval(x, y, radius, radius, face)
    if palette.night and rng.random() < 0.5:
        canvas.oval(
            x + radius * 0.42, y - radius * 0.14, radius * 0.9, radius * 0.9, mix(palette.top, palette.low, 0.3)
        )
    elif palette.night:
        for dx, dy, size in ((-0.3, -0.2, 0.22), (0.2, 0.3, 0.3), (0.36, -0.34, 0.14), (-0.35, 0.4, 0.12)):
            canvas.oval(x + dx * radius, y + dy * radius, radius * size, radius * size * 0.9, palette.low, 0.16)


def _stars(canvas: Painting, level: float) -> None:
    rng = canvas.rng("stars")
    count = 170
    at = np.stack([rng.uniform(0, canvas.width, count), level * rng.random(count) ** 1.3], -1)
    size = canvas.unit * np.clip(0.7 + rng.pareto(2.4, count), 0.7, 4.2)
    faint = np.clip(at[:, 1] / max(1.0, level), 0, 0.85)
    colours = mix(np.broadcast_to(WHITE, (count, 3)), np.broadcast_to(canvas.palette.low, (count, 3)), faint)
    canvas.dabs(at, size, colours, 1.0)


def _clouds(canvas: Painting, level: float) -> None:
    """Flat ones: heaps of rounds on a level base, or long streaks."""
    scene, palette, rng = canvas.scene, canvas.palette, canvas.rng("clouds")
    count = {"cloudy": 9, "rain": 9, "storm": 11, "snow": 8, "sunny": 1, "fog": 3}.get(
        scene.weather, int(rng.integers(0, 5))
    )
    dark = scene.weather in {"storm", "rain"} or scene.emotion == "angry"
    body = mix(palette.low, palette.dark if dark else WHITE, 0.28 if dark else 0.45)
    body = mix(body, palette.top, 0.35) if palette.night else body
    heaps = rng.random() < 0.5 or dark
    for _ in range(count):
        x, y = rng.uniform(-0.1, 1.1) * canvas.width, level * rng.uniform(0.08, 0.72)
        wide = canvas.unit * rng.uniform(120, 330) * (0.6 + 0.8 * (1 - y / max(level, 1)))
        if not heaps:
            tall, xs = wide * rng.uniform(0.03, 0.06), np.linspace(-1, 1, 24)
            wave = np.abs(noise.line(rng, 24, 0.4, 2.0)) * 0.6 + 0.4
            edge = tall * np.sqrt(1 - xs**2) * wave
            outline = np.concatenate(
                [np.stack([x + xs * wide, y - edge], -1), np.stack([x + xs * wide, y + edge * 0.6], -1)[::-1]]
            )
            canvas.fill(outline, body, 0.6)
            continue
        for light, lift in ((0.0, 0.0), (0.5, -0.05)):
            colour = mix(body, palette.sun, light * 0.5)
            outline = _heap(
                rng if light else np.random.default_rng(int(x) % 9973), x, y + lift * wide, wide * (1 - 0.16 * light)
            )
            canvas.fill(outline, colour, 0.85 if not light else 0.5)


def _heap(rng: np.random.Generator, x: float, y: float, wide: float) -> Field:
    """The outline of a cloud: bumps over a flat base."""
    turn = np.linspace(np.pi, 0, 60)
    bumps = np.abs(np.sin(turn * rng.integers(3, 6) + rng.uniform(0, 3)))
    radius = 0.72 + 0.28 * bumps
    return np.stack([x + np.cos(turn) * radius * wide, y - np.sin(turn) ** 0.7 * radius * wide * 0.34], -1)


def _lightning(canvas: Painting, level: float) -> None:
    rng = canvas.rng("lightning")
    x, steps = canvas.across(rng.uniform(0.2, 0.8)), 14
    xs = x + np.cumsum(rng.normal(0, 16, steps)) * canvas.unit
    bolt = np.stack([xs, np.linspace(0, level * 1.02, steps)], -1)
    canvas.glow(float(xs[5]), level * 0.4, level * 0.9, mix(canvas.palette.sun, WHITE, 0.4), 0.5)
    canvas.line(bolt, np.linspace(7, 2, steps) * canvas.unit, mix(canvas.palette.sun, WHITE, 0.8))
    branch = bolt[6] + np.stack([np.linspace(0, rng.choice([-1, 1]) * 90, 5), np.linspace(0, 110, 5)], -1) * canvas.unit
    canvas.line(
        branch + rng.normal(0, 8, (5, 2)) * canvas.unit,
        np.linspace(4, 1, 5) * canvas.unit,
        mix(canvas.palette.sun, WHITE, 0.7),
    )


def paint_hills(canvas: Painting, level: float, count: int, rise: float = 0.16) -> None:
    """Ridges behind the ground, the further the nearer to the colour of the air."""
    palette = canvas.palette
    far = palette.ground[0]
    for i in range(count):
        away = 1 - (i + 0.5) / (count + 0.5)
        lifted = level - canvas.height * rise * away * 0.8
        colour = mix(mix(far, palette.ground[1], 0.4 * (1 - away)), mix(palette.low, palette.top, 0.35), away * 0.75)
        crest = canvas.ridge(f"hill {i}", lifted, canvas.height * rise * 0.5, 1.2 + i, bump=0.4)
        canvas.land(crest, colour, mix(colour, palette.low, 0.4))
    if canvas.scene.weather == "fog" or canvas.scene.emotion in {"calm", "sad"}:
        mist(canvas, level, 0.6 if canvas.scene.weather == "fog" else 0.3)


def mist(canvas: Painting, level: float, strength: float) -> None:
    """A band of haze around a row."""
    reach = canvas.height * 0.12
    y0, y1 = max(0, int(level - reach)), min(canvas.height, int(level + reach))
    if y1 > y0:
        y = (np.arange(y0, y1, dtype=np.float32) - level) / reach
        share = np.repeat((np.cos(y * np.pi / 2) ** 2 * strength)[:, None], canvas.width, 1)
        canvas.veil((slice(y0, y1), slice(0, canvas.width)), canvas.palette.low, share)


def paint_tree(
    canvas: Painting, foot: Point, tall: float, rng: np.random.Generator, away: float = 0.0, kind: str = ""
) -> None:
    """One of the mood's trees with its shadow; `away` from 0 (near) to 1 (in the haze)."""
    palette, scene = canvas.palette, canvas.scene
    kind = kind or str(rng.choice(scene.mood.trees))
    tall *= 1.25
    number = int(rng.integers(1, 2 if kind in {"birch", "mossy", "pine"} else 3))
    haze = (mix(palette.low, palette.ground[0], 0.4), 0.6 * away)
    blossoming = kind == "blossom" or (scene.season == "spring" and kind in {"broad", "birch"})
    leaf = (
        mix(palette.blooms[1], WHITE, 0.15) if blossoming and scene.season not in {"autumn", "summer"} else palette.leaf
    )
    if scene.season == "autumn":
        leaf = mix(leaf, (palette.blooms[0], palette.blooms[-1])[int(rng.integers(0, 2))], 0.25)
    leaves = canvas.tones(leaf)
    if palette.snow and kind not in {"pine", "cypress"}:
        leaves = dict.fromkeys("abs")
    bark = mix(np.array([0.36, 0.27, 0.21], np.float32), palette.dark, 0.55)
    if kind == "birch":
        bark = mix(bark, WHITE, 0.55)
    colours = {**leaves, "c": palette.lit(bark, 0.6), "d": palette.lit(mix(bark, palette.sun, 0.3))}
    canvas.cast_shadow(foot, tall * 0.42, 0.3 * (1 - away))
    lean = scene.wind * 0.05
    flip = bool(scene.wind < 0) if kind == "windswept" else bool(rng.random() < 0.5)
    canvas.draw(
        f"tree-{kind}-{number}",
        (foot[0], foot[1] + tall * 0.01),
        tall,
        colours,
        foot=1.0,
        turn=lean,
        flip=flip,
        haze=haze,
    )
