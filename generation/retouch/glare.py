"""Glare: bright, colourless spots without drawing in them. Edges beside them stay as they are."""

import cv2
import numpy as np

from generation.retouch.pixels import Pixels

BRIGHT, WHITE = 0.72, 0.95
"""Where glare begins and where it is whole, as shares of the largest brightness."""


def without_glare(pixels: Pixels, amount: float) -> Pixels:
    """The picture (height, width, 3) with its glare toned down, by `amount` from 0 to 1."""
    if amount == 0:
        return pixels
    light = pixels.astype(np.float32) / 255
    brightness = light.max(axis=2)
    colour = (brightness - light.min(axis=2)) / np.maximum(brightness, 1e-3)
    glare = np.clip((brightness - BRIGHT) / (WHITE - BRIGHT), 0, 1) * np.clip(1 - 1.6 * colour, 0, 1)
    radius = max(2, round(np.sqrt(brightness.size) / 60))
    share = amount * _guided(brightness, glare.astype(np.float32), radius, 1e-3)
    calm = _guided(brightness, brightness, 2 * radius, 4e-3)
    toned = np.minimum(brightness, BRIGHT + (calm - BRIGHT) * 0.35)
    wanted = brightness + (toned - brightness) * np.clip(share, 0, 1)
    ratio = np.where(glare > 0, wanted / np.maximum(brightness, 1e-3), 1)
    return np.clip(light * ratio[..., None] * 255 + 0.5, 0, 255).astype(np.uint8)


def _guided(guide: np.ndarray, source: np.ndarray, radius: int, flat: float) -> np.ndarray:
    """Smoothed, except across edges of the guide (He 2010); `flat` is the variance that counts as none."""

    def mean(field: np.ndarray) -> np.ndarray:
        side = 2 * radius + 1
        return np.asarray(cv2.blur(field, (side, side), borderType=cv2.BORDER_REFLECT_101), np.float32)

    guide_mean, source_mean = mean(guide), mean(source)
    slope = (mean(guide * source) - guide_mean * source_mean) / (mean(guide * guide) - guide_mean**2 + flat)
    smooth: np.ndarray = mean(slope) * guide + mean(source_mean - slope * guide_mean)
    return smooth
