"""The distance: the sky with its sun or moon, stars and clouds; ridges that pale with depth; the far line of trees."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, Field, Pixels, jitter, mix, ramp
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import dabs, disc, fill

_COARSE = 4


def paint_sky(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Cover the whole canvas with sky; the ground is painted over it."""
    height, width = (-(-side // _COARSE) for side in pixels.shape[:2])
    x, y = noise.grid(height, width)
    x, y = x * _COARSE, y * _COARSE
    sky = _gradient(scene, x, y)
    sky = _glow(sky, scene, x, y)
    cloud, lit = _clouds(scene, x, y, dice.stream("clouds"))
    large = _enlarge(sky, pixels)
    _stars(large, scene, dice.stream("stars"))
    _disc(large, scene)
    colours = _cloud_colours(scene, lit, sky, x, y)
    alpha = _enlarge(cloud, pixels)[..., None]
    large += (_enlarge(colours, pixels) - large) * alpha
    pixels[:] = np.clip(large * 255, 0, 255).astype(np.uint8)


def _enlarge(field: Field, pixels: Pixels) -> Field:
    bigger: Field = cv2.resize(field, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_CUBIC)
    return bigger


def _gradient(scene: Scene, x: Field, y: Field) -> Colour:
    rig = scene.rig
    stops = [(0.0, rig.zenith), (0.42, rig.upper), (0.78, rig.lower), (1.0, rig.horizon), (1.25, rig.haze)]
    lean = (x / scene.width - 0.5) * 0.10 * np.sign(scene.sun[0] - scene.width / 2)
    return ramp(stops, np.asarray(y / scene.horizon + lean, np.float32))


def _glow(sky: Colour, scene: Scene, x: Field, y: Field) -> Colour:
    distance = np.hypot(x - scene.sun[0], (y - scene.sun[1]) * 1.15) / (scene.unit * 1000)
    halo = 0.75 * np.exp(-((distance / 0.10) ** 1.2)) + 0.55 * np.exp(-distance / 0.24)
    share = np.clip(halo * scene.rig.glow, 0, 0.96).astype(np.float32)
    return mix(sky, np.broadcast_to(scene.rig.light, sky.shape), share)


def _clouds(scene: Scene, x: Field, y: Field, rng: np.random.Generator) -> tuple[Field, Field]:
    """Opacity and how lit each cloud point is, both in [0, 1]; layers shrink toward the horizon as real ones do."""
    height_above = np.clip((scene.horizon - y) / scene.horizon, 0.0, 1.2) + 0.16
    away = np.asarray(0.30 / height_above, np.float32)
    u: Field = (x - scene.width / 2) / (scene.unit * 1000) * (0.26 + away * 0.45) + rng.random()
    v: Field = away * 0.85 + rng.random()
    warp = noise.sample(u * 0.7 + 0.3, v * 0.7, 2.6) - 0.5
    turn = _swirl(scene)
    if scene.emotion == "disgusted":
        u, v = _vortices(u, v, rng)
    drift = (noise.sample(u * 0.6, v * 0.6 + 0.5, 2.6) - 0.5) * turn
    u, v = u + warp * turn, v + drift
    density = _density(u, v)
    toward = np.asarray((scene.sun[0] - x) / scene.width, np.float32)
    shifted = _density(u + 0.018 * toward, v + 0.012)
    cover = scene.rig.cover
    threshold = 0.70 - 0.42 * cover
    cloud = noise.smoothstep(threshold, threshold + 0.20 + 0.1 * cover, density) * (0.55 + 0.4 * cover)
    fade = noise.smoothstep(-0.02, 0.16, np.asarray((scene.horizon - y) / scene.horizon, np.float32))
    lit = np.clip(0.5 + (density - shifted) * 9.0 - (density - threshold) * 0.9, 0, 1)
    return np.asarray(cloud * (0.35 + 0.65 * fade), np.float32), np.asarray(lit, np.float32)


def _vortices(u: Field, v: Field, rng: np.random.Generator) -> tuple[Field, Field]:
    """Whirlpools: the sky turned around a few centres, most at their middle."""
    for hand in (-1, 1, 1):
        cu, cv = rng.uniform(u.min(), u.max()), rng.uniform(float(np.quantile(v, 0.02)), float(np.quantile(v, 0.35)))
        du, dv = (u - cu) / 0.10, (v - cv) / 0.06
        angle = hand * 5.0 * np.exp(-np.hypot(du, dv))
        cos, sin = np.cos(angle), np.sin(angle)
        u, v = cu + (du * cos - dv * sin) * 0.10, cv + (du * sin + dv * cos) * 0.06
    return u, v


def _swirl(scene: Scene) -> float:
    return {"disgusted": 0.75, "confused": 0.6, "angry": 0.45, "fear": 0.35}.get(str(scene.emotion), 0.22)


def _density(u: Field, v: Field) -> Field:
    return np.asarray(
        0.70 * noise.sample(u * 0.8, v * 0.8, 3.0)
        + 0.22 * noise.sample(u * 2.3, v * 2.3, 2.8)
        + 0.08 * noise.sample(u * 6.1, v * 6.1, 2.6),
        np.float32,
    )


def _cloud_colours(scene: Scene, lit: Field, sky: Colour, x: Field, y: Field) -> Colour:
    rig = scene.rig
    near_sun = np.exp(-np.hypot(x - scene.sun[0], y - scene.sun[1]) / (scene.unit * 380)).astype(np.float32)
    shade = mix(sky * 0.82, np.broadcast_to(rig.ambient * 0.75 + rig.haze * 0.25, sky.shape), 0.35)
    bright = mix(
        np.broadcast_to(np.clip(rig.horizon * 0.55 + rig.light * 0.45, 0, 1), sky.shape),
        np.broadcast_to(rig.light, sky.shape),
        near_sun,
    )
    if rig.moon:
        bright = mix(sky * 1.15, np.clip(bright, 0, 1), 0.25 + 0.5 * near_sun)
    return mix(np.clip(shade, 0, 1), np.clip(bright, 0, 1), lit)


def _disc(large: Colour, scene: Scene) -> None:
    """The sun dissolves in its own light; the moon is a clear disc with faint seas."""
    if not scene.rig.moon and (scene.rig.cover > 0.7 or scene.rig.glow < 0.3):
        return
    radius = scene.unit * (44 if scene.rig.moon else 26) * (1.25 if scene.emotion == "fear" else 1)
    left, top = int(scene.sun[0] - radius * 1.3), int(scene.sun[1] - radius * 1.3)
    x0, y0 = max(0, left), max(0, top)
    region = large[y0 : max(y0, int(top + radius * 2.6)), x0 : max(x0, int(left + radius * 2.6))]
    if not region.size:
        return
    x, y = noise.grid(*region.shape[:2])
    dx, dy = (x + x0 - scene.sun[0]) / radius, (y + y0 - scene.sun[1]) / radius
    edge = noise.smoothstep(1.03, 0.97 if scene.rig.moon else 0.5, np.hypot(dx, dy).astype(np.float32))
    face = np.broadcast_to(scene.rig.light, region.shape).copy()
    if scene.rig.moon:
        seas = noise.sample(np.asarray(dx * 0.12, np.float32), np.asarray(dy * 0.12 + 0.3, np.float32), 2.4)
        face *= (1 - 0.16 * noise.smoothstep(0.4, 0.75, seas))[..., None]
    region += (face - region) * edge[..., None]


def _stars(large: Colour, scene: Scene, rng: np.random.Generator) -> None:
    if scene.rig.stars < 0.3:
        return
    count = int(420 * scene.rig.stars)
    xs = rng.uniform(0, scene.width - 1, count)
    ys = rng.uniform(0, scene.horizon, count) * rng.uniform(0.2, 1, count)
    sizes = (0.4 + rng.pareto(2.6, count)) * scene.unit * 0.9
    layer = np.zeros(large.shape[:2], np.uint8)
    for x, y, size in zip(xs, ys, np.clip(sizes, 0.35, 2.4 * scene.unit + 0.3), strict=True):
        level = int(np.clip(90 + 90 * size / scene.unit, 0, 255) * (1 - y / scene.horizon) ** 0.5)
        disc(layer, x, y, max(0.6, size), level)
    glow = cv2.GaussianBlur(layer, (0, 0), 2.2 * scene.unit + 0.3)
    light = (layer.astype(np.float32) + 1.6 * glow.astype(np.float32)) / 255 * scene.rig.stars
    large += (1 - large) * np.clip(light, 0, 1)[..., None]


_RIDGES = ((0.20, 0.90, 1.3), (0.125, 0.76, 1.7), (0.065, 0.58, 2.4))


def paint_hills(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Ridges from far to near, each (height, distance, roughness), down to the horizon."""
    rng = dice.stream("hills")
    rise = rng.uniform(0.45, 0.8 if scene.watery else 1.2)
    for height, distance, rough in _RIDGES:
        crest = _crest(scene, rng, height * rise, rough)
        _ridge(pixels, scene, crest, distance, rng)
        _mist_band(pixels, scene, float(np.median(crest)) + scene.unit * 26, 0.16 + 0.34 * scene.mist)


def paint_treeline(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Clumps of far foliage along the horizon, lit from the light's side."""
    rng = dice.stream("treeline")
    outline = noise.line(rng, 64, 0.5, 2.0)
    for distance, tall in ((0.56, 1.0), (0.38, 0.62)):
        count = int(scene.width / scene.unit / 1000 * 460)
        x = rng.uniform(-0.03, 1.03, count)
        profile = np.interp((x + distance) % 1.0, np.linspace(0, 1, 64), outline)
        top = np.clip(0.25 + 0.9 * profile, 0.04, 1) * 95 * scene.unit * tall
        up = np.sqrt(rng.random(count))
        centres = np.stack([x * scene.width, scene.horizon + 6 * scene.unit - up * top], -1)
        order = np.argsort(centres[:, 1])[::-1] if scene.rig.moon else np.argsort(up)
        light = np.clip(0.12 + 0.55 * up + rng.normal(0, 0.14, count), 0, 1)
        leaves = np.stack(scene.season.leaves)[rng.integers(0, len(scene.season.leaves), count)]
        colours = scene.lit(leaves * 0.8, light, distance)
        size = scene.unit * rng.uniform(5, 12, count)
        turn = rng.uniform(-0.5, 0.5, count)
        dabs(pixels, centres[order], size[order], size[order] * 0.62, turn[order], colours[order])
    _mist_band(pixels, scene, scene.horizon, 0.25 + 0.5 * scene.mist)


def _crest(scene: Scene, rng: np.random.Generator, height: float, rough: float) -> Field:
    curve = noise.line(rng, scene.width // 6 + 2, 0.16 * rough * scene.width / scene.unit / 1000, 3.0)
    return np.asarray(scene.horizon - (0.5 + curve * 0.9) * height * scene.unit * 1000, np.float32)


def _ridge(pixels: Pixels, scene: Scene, crest: Field, distance: float, rng: np.random.Generator) -> None:
    base = mix(scene.season.ground_near, scene.season.leaves[0], 0.5)
    if scene.season.snow:
        base = mix(base, scene.season.ground_far, 0.6)
    foot = scene.horizon + 4 * scene.unit
    xs = np.linspace(0, scene.width, len(crest))
    for step, light in enumerate(np.linspace(0.75, 0.1, 5)):
        sink = (foot - crest) * step / 5
        colour = scene.lit(base, light, min(0.97, distance + 0.045 * step))
        line = np.stack([xs, np.minimum(crest + sink + (3 * step) * scene.unit, foot)], -1)
        fill(pixels, np.concatenate([line, [[scene.width, foot], [0, foot]]]), colour)
    _texture(pixels, scene, crest, distance, base, rng)


def _texture(
    pixels: Pixels, scene: Scene, crest: Field, distance: float, base: Colour, rng: np.random.Generator
) -> None:
    count = int(220 * scene.width / scene.unit / 1000)
    i = rng.integers(0, len(crest), count)
    down = rng.random(count) ** 1.5 * np.maximum(scene.horizon - crest[i], 0)
    centres = np.stack([i * scene.width / (len(crest) - 1), crest[i] + down], -1)
    size = scene.unit * rng.uniform(5, 15, count) * (1.1 - distance)
    colours = scene.lit(jitter(base, rng, count, 0.2, 0.02), rng.uniform(0.1, 0.9, count), min(0.95, distance + 0.06))
    dabs(pixels, centres, size, size * 0.4, rng.uniform(-0.3, 0.3, count), colours)


def _mist_band(pixels: Pixels, scene: Scene, level: float, strength: float) -> None:
    """A soft band of haze lying around one row."""
    reach = 70 * scene.unit
    top, bottom = max(0, int(level - reach)), min(scene.height, int(level + reach * 0.8))
    if bottom <= top:
        return
    y = (np.arange(top, bottom, dtype=np.float32) - level) / reach
    alpha = (np.exp(-((y * 2.2) ** 2)) * strength)[:, None, None].astype(np.float32)
    veil = mix(scene.rig.haze, scene.rig.horizon, 0.5) * 255
    region = pixels[top:bottom].astype(np.float32)
    pixels[top:bottom] = cv2.convertScaleAbs(region + (veil - region) * alpha)
