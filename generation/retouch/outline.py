"""Line art of a picture: what a model holds on to while it paints. 255 is a line."""

import cv2
import numpy as np

from generation.retouch.pixels import Mask, Pixels
from generation.retouch.settings import LineMethod

NORMAL = 768
"""Lines are as wide as in a picture of this side, whatever the size of the crop."""


def outline(pixels: Pixels, *, simplicity: float = 0.5, method: LineMethod = LineMethod.XDOG) -> Mask:
    """Lines of an RGB picture, uint8 of shape (height, width).

    `simplicity` from 0 (every blade of grass) to 1 (only the large shapes).
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = max(1.0, float(np.sqrt(grey.size)) / NORMAL)
    return _canny(grey, simplicity, scale) if method == LineMethod.CANNY else _xdog(grey, simplicity, scale)


def _canny(grey: np.ndarray, simplicity: float, scale: float) -> Mask:
    smooth = cv2.bilateralFilter(grey, 7, 20 + 60 * simplicity, 3)
    smooth = cv2.GaussianBlur(smooth, (0, 0), scale * (0.6 + 1.4 * simplicity))
    high = 50 + 50 * simplicity
    return _without_specks(np.asarray(cv2.Canny(smooth, high / 2.5, high), np.uint8), simplicity, scale)


def _xdog(grey: np.ndarray, simplicity: float, scale: float) -> Mask:
    """Difference of Gaussians, sharpened (Winnemöller 2012) and measured against the light around: pencil lines."""
    light = (grey.astype(np.float32) + 8) / 263
    sigma = scale * (0.7 + 1.5 * simplicity)
    near, far = (cv2.GaussianBlur(light, (0, 0), sigma * factor) for factor in (1.0, 1.6))
    darker = 1 - near / far
    faintest = 0.006 + 0.024 * simplicity
    lines = np.tanh(np.maximum(darker - faintest, 0) * 28) * 255
    return _without_specks(lines.astype(np.uint8), simplicity, scale)


def _without_specks(lines: Mask, simplicity: float, scale: float) -> Mask:
    """Short strokes go first as lines become simpler."""
    smallest = round((4 + 76 * simplicity) * scale)
    count, labels, facts, _centres = cv2.connectedComponentsWithStats((lines > 48).astype(np.uint8), connectivity=8)
    keep = np.zeros(count, bool)
    keep[1:] = facts[1:, cv2.CC_STAT_AREA] >= smallest
    return np.where(keep[labels], lines, 0).astype(np.uint8)
