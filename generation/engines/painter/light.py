"""Light that fills the air: rays from the sun, bloom around what is bright, a vignette toward the edges."""

import cv2
import numpy as np

from generation.engines.painter import noise
from generation.engines.painter.palette import Field, Pixels, luminance
from generation.engines.painter.scene import Scene

_COARSE = 4


def paint_light(pixels: Pixels, scene: Scene) -> None:
    """Add rays and bloom to a finished scene."""
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
