"""Water: its colours, what it mirrors, the light and the rain on it."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.painting import Painting
from generation.engines.painter.palette import Colour, mix


def water_colours(canvas: Painting) -> tuple[Colour, Colour]:
    """Of the far and the near water."""
    palette = canvas.palette
    blue = mix(
        np.array([0.25, 0.53, 0.6], np.float32),
        mix(palette.top, palette.dark, 0.3),
        0.35 if palette.night or canvas.scene.emotion == "angry" else 0.0,
    )
    if canvas.scene.emotion in {"angry", "disgusted", "confused", "surprised"}:
        blue = mix(palette.top, palette.ground[2], 0.35)
    deep = mix(mix(mix(palette.top, palette.ground[2], 0.35), blue, 0.5), palette.dark, 0.15)
    return mix(mix(palette.low, palette.top, 0.4), blue, 0.2), deep


def reflect(canvas: Painting, level: float, bottom: float) -> None:
    """Water between two rows, mirroring what is above it, broken by ripples."""
    y0, y1 = int(level), min(canvas.height, int(bottom))
    if y1 - y0 < 2:
        return
    far, near = water_colours(canvas)
    rows = np.arange(y1 - y0, dtype=np.float32)
    share = rows / max(1, y1 - y0)
    wave = noise.line(canvas.rng("ripples"), len(rows), 6.0, 1.4) * (1 + 16 * share) * canvas.unit
    map_x = np.arange(canvas.width, dtype=np.float32)[None] + wave[:, None].astype(np.float32)
    map_y = np.repeat(np.maximum(level - 1 - rows * 1.05, 0)[:, None], canvas.width, 1)
    mirrored = cv2.remap(
        canvas.pixels, map_x, map_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    canvas.wash(level, bottom, far, near)
    strength = np.asarray(0.62 - 0.4 * share, np.float32)[:, None, None]
    region = canvas.pixels[y0:y1]
    region[:] = (region + (mirrored.astype(np.float32) - region) * strength).astype(np.uint8)
    glints(canvas, level, bottom)


def glints(canvas: Painting, top: float, bottom: float) -> None:
    """Level strokes of light on water."""
    rng = canvas.rng("glints")
    count = 70
    near = rng.random(count)
    x = np.where(
        rng.random(count) < 0.5,
        rng.normal(canvas.scene.sun[0], canvas.width * 0.1, count),
        rng.uniform(0, canvas.width, count),
    )
    for at, y, share in zip(x, top + near * (bottom - top), near, strict=True):
        long, thick = canvas.unit * (8 + 46 * share), canvas.unit * (0.8 + 2 * share)
        canvas.oval(float(at), float(y), long, thick, mix(canvas.palette.sun, canvas.palette.low, 0.4), 0.5)


def rain_rings(canvas: Painting, top: float, bottom: float) -> None:
    rng = canvas.rng("rings")
    for near in np.sort(rng.random(26)):
        x, y, r = rng.uniform(0, canvas.width), top + near * (bottom - top), canvas.unit * (6 + 26 * near)
        canvas.oval(float(x), float(y), r, r * 0.3, canvas.palette.low, 0.35)
        canvas.oval(float(x), float(y) + canvas.unit, r * 0.8, r * 0.22, water_colours(canvas)[1], 0.5)
