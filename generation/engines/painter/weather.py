"""What is in the air: rain, snow, fog, and what drifts in a mood; and the light that fills it."""

import cv2
import numpy as np

from generation.engines.painter.painting import Painting
from generation.engines.painter.palette import WHITE, mix
from generation.engines.painter.variety import LAYOUTS


def paint_air(canvas: Painting) -> None:
    """The weather of a picture, the drift of its mood, and light."""
    scene = canvas.scene
    if not LAYOUTS[scene.design.layout].indoors:
        if scene.weather in {"rain", "storm"}:
            _rain(canvas)
        if scene.weather == "snow":
            _snow(canvas)
        if scene.weather == "fog":
            _fog(canvas)
        if scene.weather in {"windy", "storm"}:
            _leaves(canvas)
    if scene.weather not in {"rain", "snow", "storm"}:
        _drift(canvas)
    _bloom(canvas)


def _rain(canvas: Painting) -> None:
    rng, unit = canvas.rng("rain"), canvas.unit
    count, lean = 230, canvas.scene.wind * 0.35 + 0.06
    layer = np.zeros((canvas.height, canvas.width), np.uint8)
    for x, y, near in zip(rng.uniform(-0.1, 1.1, count), rng.uniform(-0.1, 1, count), rng.random(count), strict=True):
        long = unit * (24 + 70 * near)
        start = (int(x * canvas.width), int(y * canvas.height))
        end = (int(start[0] + lean * long), int(start[1] + long))
        cv2.line(layer, start, end, int(60 + 80 * near), max(1, round(unit * (0.9 + 1.3 * near))), cv2.LINE_AA)
    canvas.veil(canvas.everywhere, mix(canvas.palette.low, WHITE, 0.5), layer.astype(np.float32) / 255 * 0.8)


def _snow(canvas: Painting) -> None:
    rng, unit = canvas.rng("snow"), canvas.unit
    count = 330
    near = np.sort(rng.random(count) ** 2.2)
    at = rng.uniform(0, 1, (count, 2)) * (canvas.width, canvas.height)
    flakes = mix(np.broadcast_to(WHITE, (count, 3)), np.broadcast_to(canvas.palette.low, (count, 3)), 0.35 * (1 - near))
    canvas.dabs(at, unit * (1.4 + 8 * near), flakes, 0.95)


def _fog(canvas: Painting) -> None:
    rows = np.linspace(0, 1, canvas.height, dtype=np.float32)
    level = canvas.scene.design.horizon
    share = 0.62 * np.exp(-(((rows - level) / 0.26) ** 2)) + 0.2
    canvas.veil(canvas.everywhere, mix(canvas.palette.low, WHITE, 0.1), np.repeat(share[:, None], canvas.width, 1))


def _leaves(canvas: Painting) -> None:
    """Torn loose by the wind."""
    rng, palette = canvas.rng("leaves"), canvas.palette
    for _ in range(26):
        at = (rng.uniform(0, canvas.width), rng.uniform(0.05, 0.95) * canvas.height)
        size, turn = canvas.unit * rng.uniform(7, 20), rng.uniform(-0.6, 0.6)
        tone = mix(palette.leaf, palette.blooms[int(rng.integers(0, len(palette.blooms)))], rng.uniform(0, 0.8))
        along, across = (
            np.array([np.cos(turn), np.sin(turn)]) * size,
            np.array([-np.sin(turn), np.cos(turn)]) * size * 0.4,
        )
        canvas.fill([at - along, at + across, at + along, at - across], palette.lit(tone))


_DRIFTS = {
    "pollen": (46, 3.2),
    "petals": (34, 10),
    "embers": (60, 3.4),
    "fireflies": (30, 4.2),
    "bubbles": (16, 22),
    "spores": (54, 3.4),
}
"""How many, and how large in units."""


def _drift(canvas: Painting) -> None:
    kind = canvas.scene.mood.drift
    if kind not in _DRIFTS or LAYOUTS[canvas.scene.design.layout].form[3] > 0.95:
        return
    count, largest = _DRIFTS[kind]
    rng, palette, unit = canvas.rng("drift"), canvas.palette, canvas.unit
    colour = palette.blooms[1] if kind == "petals" else mix(palette.sun, palette.blooms[0], 0.3)
    for x, y, near in zip(rng.random(count), rng.random(count), rng.random(count) ** 2, strict=True):
        at, size = (float(x * canvas.width), float(y * canvas.height)), unit * largest * (0.35 + 0.65 * near)
        if kind in {"embers", "fireflies", "spores"}:
            canvas.glow(*at, size * 6, colour, 0.5)
        if kind == "bubbles":
            canvas.oval(*at, size, size, WHITE, 0.14)
            canvas.oval(at[0] - size * 0.35, at[1] - size * 0.4, size * 0.2, size * 0.16, WHITE, 0.7)
        elif kind == "petals":
            canvas.oval(*at, size, size * rng.uniform(0.4, 0.8), mix(colour, WHITE, 0.3 * near), 0.9)
        else:
            canvas.oval(*at, size, size, mix(colour, WHITE, 0.3), 0.85)


def _bloom(canvas: Painting) -> None:
    """Light around what is bright, and a little shade in the corners."""
    small = cv2.resize(canvas.pixels, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA).astype(np.float32)
    bright = small * np.clip(small.max(-1, keepdims=True) / 255 - 0.72, 0, 1) * 1.2
    light = cv2.GaussianBlur(bright, (0, 0), canvas.unit * 4 + 0.5) * 0.45
    height, width = small.shape[:2]
    x, y = (
        np.linspace(-0.5, 0.5, width, dtype=np.float32)[None],
        np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None],
    )
    shade = (30 * np.clip((x * x + y * y) * 1.9 - 0.18, 0, 1))[..., None]
    size = (canvas.width, canvas.height)
    cv2.add(canvas.pixels, cv2.resize(np.clip(light, 0, 255).astype(np.uint8), size), canvas.pixels)
    dark = cv2.resize(np.repeat(shade, 3, 2).astype(np.uint8), size)
    cv2.subtract(canvas.pixels, dark, canvas.pixels)
