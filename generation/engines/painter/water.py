"""Water: a reflection with ripples, lily pads and lotus on it, a footbridge at its shore."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.flowers.beds import hero_of
from generation.engines.painter.flowers.plants import SPECIES, Nursery
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, Field, Pixels, jitter, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.staging import Place
from generation.engines.painter.strokes import arc, dabs, ribbon, stamp

_POSTS = 13


def paint_bridge(pixels: Pixels, scene: Scene, dice: Dice, shore: float) -> None:
    """A bridge standing on row `shore`, before the water is painted so that it is mirrored too."""
    rng = dice.stream("bridge")
    span = scene.unit * rng.uniform(400, 520) * (0.85 if scene.portrait else 1.0)
    middle = scene.width * rng.choice([0.36, 0.5, 0.64])
    rise = span * rng.uniform(0.24, 0.30)
    wood = mix(rgb("#A8624A"), rgb(scene.mood.accent), 0.25)
    t = np.linspace(-1, 1, 41)
    x = middle + t * span / 2
    deck = shore - rise * (1 - t**2) - 8 * scene.unit
    rail = deck - scene.unit * (44 + 8 * np.cos(t * np.pi / 2))
    _beam(pixels, scene, x, deck + 15 * scene.unit, 13, wood * 0.6, 0.15)
    _beam(pixels, scene, x, deck + 4 * scene.unit, 14, wood, 0.45)
    _beam(pixels, scene, x, deck - 2 * scene.unit, 5, wood, 0.95)
    for i in np.linspace(1, 39, _POSTS).astype(int):
        post = np.array([[x[i], deck[i] + 2 * scene.unit], [x[i], rail[i] - 7 * scene.unit]])
        ribbon(pixels, post, np.full(2, 5 * scene.unit), _tone(scene, wood * 0.85, 0.35))
        side = np.sign(scene.sun[0] - x[i]) * 1.3 * scene.unit
        ribbon(pixels, post + np.array([side, 0]), np.full(2, 1.8 * scene.unit), _tone(scene, wood, 0.95))
    _beam(pixels, scene, x, (rail + deck) / 2, 3, wood * 0.85, 0.4)
    _beam(pixels, scene, x, rail, 6, wood, 0.5)
    _beam(pixels, scene, x, rail - 1.8 * scene.unit, 2.2, wood, 1.0)


def _beam(pixels: Pixels, scene: Scene, x: np.ndarray, y: np.ndarray, width: float, wood: Colour, light: float) -> None:
    ribbon(pixels, np.stack([x, y], -1), np.full(len(x), width * scene.unit), _tone(scene, wood, light))


def _tone(scene: Scene, wood: Colour, light: float) -> Colour:
    return scene.lit(np.clip(wood, 0, 1), light, 0.16 + 0.14 * scene.mist)


_SHORE = 0.035
_DEPTH = {"mirror": 0.95, "lake": 0.80, "bridge": 0.86, "pond": 0.86, "marsh": 0.84}


def shore_of(scene: Scene) -> float:
    """The row where the water begins."""
    return scene.horizon + _SHORE * (scene.height - scene.horizon)


def water_mask(scene: Scene, dice: Dice) -> Field:
    """How much each pixel is water, of shape (height, width): a pool with a wandering near bank."""
    rng = dice.stream("shore")
    xs = np.linspace(-1, 1, scene.width, dtype=np.float32)
    wander = noise.line(rng, scene.width, 0.35, 2.6)
    tilt = rng.uniform(-0.06, 0.06)
    bank = _DEPTH[scene.layout] + 0.055 * wander - 0.05 * np.abs(xs) ** 1.5 + tilt * xs
    near_bank = scene.horizon + bank * (scene.height - scene.horizon)
    far_bank = shore_of(scene) + noise.line(rng, scene.width, 0.5, 2.4) * scene.unit * 9
    y = np.arange(scene.height, dtype=np.float32)[:, None]
    soft = 2.5 * scene.unit
    inside = noise.smoothstep(-soft, soft, y - far_bank[None]) * noise.smoothstep(-soft, soft, near_bank[None] - y)
    return np.asarray(inside, np.float32)


def paint_water(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Mirror everything painted so far into the pool."""
    rng = dice.stream("water")
    shore, mask = shore_of(scene), water_mask(scene, dice)
    top = max(0, int(shore) - int(10 * scene.unit))
    x, y = noise.grid(scene.height - top, scene.width)
    y = y + top
    near = np.clip((y - shore) / (scene.height - shore), 0, 1)
    away = 1 / (near * 3 + 0.08)
    u = np.asarray((x / scene.unit / 1000) * 0.35 * np.sqrt(away) + rng.random(), np.float32)
    ripple = noise.sample(u, np.asarray(away * 0.8 + rng.random(), np.float32), 1.9) - 0.5
    calm = 0.35 if scene.emotion in {"calm", "confused"} else 0.6
    reach = scene.unit * (10 + 110 * near) * calm
    source_y = 2 * shore - y * 1.0 + (y - shore) * 0.12 + ripple * reach * 1.5
    source_x = x + ripple * reach * 0.5 + _tilt(scene) * (y - shore)
    source_y = np.maximum(source_y, -source_y * 0.6).astype(np.float32)
    mirrored = cv2.remap(pixels, source_x, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mirrored = cv2.GaussianBlur(mirrored, (0, 0), 0.8 * scene.unit + 0.3, sigmaY=2.6 * scene.unit + 0.3)
    colour = _tint(mirrored.astype(np.float32), scene, near, ripple)
    region = pixels[top:].astype(np.float32)
    pixels[top:] = np.clip(region + (colour - region) * mask[top:, :, None], 0, 255).astype(np.uint8)
    _lines(pixels, scene, mask, dice.stream("water lines"))


def _tilt(scene: Scene) -> float:
    return 0.16 * (1 if scene.sun[0] > scene.width / 2 else -1) if scene.layout == "mirror" else 0.0


def _tint(mirrored: Field, scene: Scene, near: Field, ripple: Field) -> Field:
    deep = mix(scene.rig.zenith * scene.rig.ambient, scene.season.ground_near * scene.rig.ambient, 0.35) * 255
    if scene.layout == "marsh":
        deep = scene.lit(rgb("#4F5A1E"), 0.25) * 255
    share = np.clip(0.12 + 0.42 * near**1.4 + ripple * 0.25, 0, 0.75)[..., None]
    shine = noise.smoothstep(0.14, 0.30, ripple)[..., None] * 0.20 * (1 - near[..., None] * 0.5)
    colour = mirrored * (1 - share) + deep * share
    return np.asarray(colour + (scene.rig.horizon * 255 - colour) * shine, np.float32)


def _lines(pixels: Pixels, scene: Scene, mask: Field, rng: np.random.Generator) -> None:
    """Long thin strokes of sky light along the ripples."""
    count = 170
    near = rng.random(count) ** 1.4
    y = shore_of(scene) + near * (scene.height - shore_of(scene)) * 0.97
    pull = rng.random(count) < 0.45
    x = np.where(
        pull, scene.sun[0] + rng.normal(0, 60 + 90 * near, count) * scene.unit, rng.uniform(0, scene.width, count)
    )
    xi, yi = np.clip(x, 0, scene.width - 1).astype(int), np.clip(y, 0, scene.height - 1).astype(int)
    keep = (mask[yi, xi] > 0.95) & (x > 0) & (x < scene.width)
    light = np.where(pull, 1.0, 0.45)[:, None]
    under = pixels[yi, xi].astype(np.float32) / 255
    bright = np.where(pull[:, None], scene.rig.light, scene.rig.horizon)
    colours = under + (bright - under) * rng.uniform(0.15, 0.6, (count, 1)) * light
    length = scene.unit * (10 + 46 * near) * rng.uniform(0.5, 1.4, count)
    width = scene.unit * (0.8 + 1.6 * near[keep])
    dabs(pixels, np.stack([x, y], -1)[keep], length[keep], width, 0.0, colours[keep].astype(np.float32))


def paint_lilies(pixels: Pixels, scene: Scene, dice: Dice, nursery: Nursery, kept_open: Place | None) -> None:
    """Rafts of pads, with lotus opening among them; the water over a swimming animal stays open."""
    rng = dice.stream("lilies")
    mask = water_mask(scene, dice)
    hero, codes = hero_of(scene)
    flowers = hero == "lotus"
    many = 120 if flowers else 34
    heart = rng.uniform(0.15, 0.85, 5)
    near = np.sort(0.10 + 0.80 * rng.random(many) ** 0.9)
    x = heart[rng.integers(0, 5, many)] + rng.normal(0, 0.10, many)
    for px, pn in zip(x, near, strict=True):
        cx, cy = px * scene.width, shore_of(scene) + pn * (scene.height - shore_of(scene))
        if not (0 <= cx < scene.width and 0 <= cy < scene.height) or mask[int(cy), int(cx)] < 0.98:
            continue
        if kept_open is not None and _over(kept_open, cx, cy):
            continue
        radius = scene.unit * (6 + 62 * pn) * rng.uniform(0.7, 1.2)
        _pad(pixels, scene, cx, cy, radius, 1 - pn, rng)
        if flowers and rng.random() < 0.42:
            _lotus(pixels, scene, nursery, str(rng.choice(codes)), (cx, cy), pn, rng)


def _over(place: Place, x: float, y: float) -> bool:
    return abs(x - place.x) < place.size * 0.62 and abs(y - place.y) < place.size * 0.30


def _pad(pixels: Pixels, scene: Scene, x: float, y: float, radius: float, far: float, rng: np.random.Generator) -> None:
    green = mix(scene.season.leaves[int(rng.integers(0, len(scene.season.leaves)))], rgb("#4E9A72"), 0.35)
    notch = rng.uniform(0, 2 * np.pi)
    a = np.linspace(notch + 0.22, notch + 2 * np.pi - 0.22, 20)
    haze = far**2 * 0.5 * scene.mist
    shadow = np.array([x, y + radius * 0.10])
    for scale, light, drop in ((1.06, 0.0, 0.10), (1.0, 0.25, 0.0), (0.93, 0.6, -0.01), (0.62, 0.78, -0.03)):
        rim = np.stack([np.cos(a) * radius * scale, np.sin(a) * radius * 0.34 * scale + drop * radius], -1)
        tone = scene.lit(green * (0.45 if drop > 0 else rng.uniform(0.9, 1.05)), light, haze)
        outline = np.concatenate([rim, [[0, drop * radius]]]) + (shadow if drop > 0 else [x, y])
        cv2.fillPoly(
            pixels, [np.rint(outline * 16).astype(np.int32)], (tone * 255).clip(0, 255).tolist(), cv2.LINE_AA, 4
        )
    ribs = np.linspace(notch + 0.5, notch + 2 * np.pi - 0.5, 7)
    vein = (scene.lit(green * 0.8, 0.3, haze) * 255).tolist()
    for rib in ribs if radius > 14 else ():
        tip = (int((x + np.cos(rib) * radius * 0.85) * 16), int((y + np.sin(rib) * radius * 0.29) * 16))
        cv2.line(pixels, (int(x * 16), int(y * 16)), tip, vein, 1, cv2.LINE_AA, 4)


def _lotus(
    pixels: Pixels,
    scene: Scene,
    nursery: Nursery,
    code: str,
    at: tuple[float, float],
    near: float,
    rng: np.random.Generator,
) -> None:
    size = SPECIES["lotus"].size * scene.unit * (0.10 + 0.82 * near) * rng.uniform(0.65, 1.1)
    sprite = nursery.pick("lotus", code, rng, True)
    flip = bool(rng.random() < 0.5)
    dim = np.full(3, 0.72, np.float32)
    stamp(pixels, sprite, (at[0], at[1] + size * 0.42), size, 0, -0.55, flip, dim, opacity=0.38)
    veil = (scene.rig.haze, float((1 - near) ** 2 * 0.5 * scene.mist))
    stamp(pixels, sprite, (at[0], at[1] - size * 0.22), size, rng.normal(0, 0.08), 1.0, flip, haze=veil)


def paint_rings(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    rng = dice.stream("rings")
    mask = water_mask(scene, dice)
    for near in np.sort(rng.random(70)):
        x, y = rng.uniform(0, scene.width - 1), shore_of(scene) + near * (scene.height - shore_of(scene)) * 0.98
        if y >= scene.height or mask[int(y), int(x)] < 0.9:
            continue
        under = pixels[int(y), int(x)].astype(np.float32) / 255
        for turn, radius in enumerate(scene.unit * (4 + 34 * near) * rng.uniform(0.5, 1.2) * np.array([1, 0.55])):
            tone = mix(under, scene.rig.light, 0.35 - 0.1 * turn) * 255
            arc(pixels, (x, y), (radius, radius * 0.3), tone.tolist(), max(1, int(scene.unit * (0.5 + near))))


def paint_reeds(pixels: Pixels, scene: Scene, dice: Dice) -> None:
    """Stones and reeds where water meets the far bank."""
    rng = dice.stream("reeds")
    count = 150
    x = rng.choice(rng.random(6), count) + rng.normal(0, 0.05, count)
    y = shore_of(scene) + rng.normal(2, 5, count) * scene.unit
    stones = jitter(rgb("#8E8A80"), rng, count, 0.15, 0.01)
    size = scene.unit * rng.uniform(2, 7, count)
    colours = scene.lit(stones, rng.random(count) * 0.8, 0.35)
    dabs(pixels, np.stack([x * scene.width, y], -1), size, size * 0.55, 0.0, colours)
