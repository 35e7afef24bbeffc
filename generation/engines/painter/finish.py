"""The last hand: light that fills the air, brushwork, the mood's grade, vignette, canvas and grain."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Field, Pixels, luminance, rgb
from generation.engines.painter.scene import Scene

_COARSE = 4


def paint_light(pixels: Pixels, scene: Scene) -> None:
    small = (
        cv2.resize(pixels, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    )
    bright = small * noise.smoothstep(0.62, 0.98, luminance(small))[..., None]
    sigma = scene.unit * 26 / _COARSE
    bloom = cv2.GaussianBlur(bright, (0, 0), sigma) * 0.30 + cv2.GaussianBlur(bright, (0, 0), sigma * 0.3) * 0.16
    light = bloom + _rays(small, scene)[..., None] * scene.rig.light
    large = cv2.resize(light.astype(np.float32), (scene.width, scene.height), interpolation=cv2.INTER_LINEAR)
    large = np.clip(large, 0, 1)
    picture = pixels.astype(np.float32)
    pixels[:] = np.clip(picture + (255 - picture) * large, 0, 255).astype(np.uint8)


def _rays(small: Field, scene: Scene) -> Field:
    """Brightness smeared away from the sun by repeated zooming (light shafts, Mitchell 2007)."""
    height, width = small.shape[:2]
    x, y = noise.grid(height, width)
    cx, cy = scene.sun[0] / _COARSE, scene.sun[1] / _COARSE
    reach = np.hypot(x - cx, y - cy) / (scene.unit * 1000 / _COARSE)
    source = noise.smoothstep(0.5, 0.95, luminance(small)) * np.exp(-((reach / 0.26) ** 2))
    rays = np.asarray(source, np.float32)
    for zoom in (1.06, 1.13, 1.28, 1.6):
        matrix = np.array([[zoom, 0, cx * (1 - zoom)], [0, zoom, cy * (1 - zoom)]])
        rays = (rays + cv2.warpAffine(rays, matrix, (width, height), flags=cv2.INTER_LINEAR)) * 0.5
    angle = np.arctan2(y - cy, x - cx).astype(np.float32)
    spokes = noise.sample(angle / (2 * np.pi) * 1.0, np.full_like(angle, scene.sun[0] / scene.width), 1.2)
    strength = scene.rig.glow * (1.0 if scene.emotion == "surprised" else 0.5)
    fan = noise.smoothstep(0.42, 0.72, spokes) * np.exp(-reach / 0.42) * 0.34
    return np.asarray(np.clip(rays * 0.8 + fan, 0, 1) * strength, np.float32)


def vignette(picture: Field, scene: Scene, depth: float) -> Field:
    """Darker corners, centred a little toward the light."""
    height, width = picture.shape[:2]
    x = (np.arange(width, dtype=np.float32) / width - 0.5 - (scene.sun[0] / width - 0.5) * 0.3)[None]
    y = (np.arange(height, dtype=np.float32) / height - 0.48)[:, None]
    fall = np.clip((x * x * 1.7 + y * y * 1.9) * 1.15, 0, 1) ** 1.3
    return np.asarray(picture * (1 - depth * fall[..., None]), np.float32)


def finish(pixels: Pixels, scene: Scene, dice: Dice, *, framed: bool = True) -> Pixels:
    """The finished picture, of the same shape; one that is a part of another has no frame of shade."""
    rng = dice.stream("finish")
    brushed = _brushwork(pixels, scene, rng)
    picture: Field = brushed.astype(np.float32) / 255
    picture = _grade(picture, scene)
    if framed:
        picture = vignette(picture, scene, 0.36)
    picture = picture + _relief(brushed, scene, rng)[..., None]
    return np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8)


def brush(pixels: Pixels, scene: Scene, dice: Dice) -> Pixels:
    """A picture gone over with the same brush, its colours as they were."""
    rng = dice.stream("brush")
    brushed = _brushwork(np.ascontiguousarray(pixels), scene, rng)
    picture = brushed.astype(np.float32) / 255 + _relief(brushed, scene, rng)[..., None]
    return np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8)


def _brushwork(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> Pixels:
    """Edges wander as if laid by a brush, and small areas run together (Kuwahara 1976)."""
    height, width = pixels.shape[:2]
    x, y = noise.grid(-(-height // 4), -(-width // 4))
    scale = 4 / (scene.unit * 1000)
    u, v = x * scale * 5 + rng.random(), y * scale * 5 + rng.random()
    reach = 2.8 * scene.unit
    shift = [(noise.sample(u + k, v, 2.0) - 0.5) * 2 * reach for k in (0.0, 0.37)]
    full_x, full_y = noise.grid(height, width)
    dx, dy = (cv2.resize(one, (width, height), interpolation=cv2.INTER_LINEAR) for one in shift)
    moved: Pixels = cv2.remap(pixels, full_x + dx, full_y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return _kuwahara(moved, max(1, round(1.7 * scene.unit)))


def _kuwahara(pixels: Pixels, radius: int) -> Pixels:
    """Each pixel becomes the mean of the calmest of its four neighbouring squares."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    side = radius + 1
    mean = cv2.blur(pixels, (side, side))
    spread = cv2.blur(grey * grey, (side, side)) - cv2.blur(grey, (side, side)) ** 2
    best, calmest = mean, np.full(grey.shape, np.inf, np.float32)
    offsets = [(dy, dx) for dy in (-(side // 2), side // 2) for dx in (-(side // 2), side // 2)]
    result = pixels.copy()
    for dy, dx in offsets:
        matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
        size = (pixels.shape[1], pixels.shape[0])
        here = cv2.warpAffine(spread, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        colour = cv2.warpAffine(best, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        calmer = here < calmest
        calmest = np.minimum(here, calmest)
        cv2.copyTo(colour, calmer.astype(np.uint8), result)
    return result


def _grade(picture: Field, scene: Scene) -> Field:
    """Contrast, and the mood's colours in the shadows and the lights."""
    shadow, bright = (rgb(code) for code in scene.mood.grade)
    light = luminance(picture)[..., None]
    toned = picture + (shadow - picture) * (0.20 * (1 - light) ** 2) + (bright * light - picture) * (0.13 * light)
    toned = light + (toned - light) * 1.12
    toned = 0.5 + (toned - 0.5) * scene.mood.contrast
    return np.asarray(np.clip(toned, 0, 1), np.float32)


def _relief(pixels: Pixels, scene: Scene, rng: np.random.Generator) -> Field:
    """Bristle marks that follow the forms, and a fine weave, lit from the upper left."""
    height, width = pixels.shape[:2]
    x, y = noise.grid(height, width)
    scale = 1 / (scene.unit * 1000)
    tone = (
        cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (0, 0), 4 * scene.unit + 0.5).astype(np.float32)
        / 255
    )
    bristle = noise.sample(x * scale * 1.1 + tone * 0.10 + rng.random(), y * scale * 6.5 + tone * 0.35, 1.1)
    weave = rng.standard_normal((-(-height // 1), width), dtype=np.float32) * 0.35
    bumps = (bristle - 0.5) * 1.2 + weave * 0.06
    lit = bumps - np.roll(bumps, 1, (0, 1))
    return np.asarray(np.clip(lit, -0.5, 0.5) * 0.085 + weave * 0.012, np.float32)
