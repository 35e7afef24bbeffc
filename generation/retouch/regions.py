"""Masks found in the pixels of a crop: faces, salient parts, connected segments."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from garden.faces.local.faces import find_outlines
from garden.faces.local.networks import Networks
from generation.prompts.weights import is_writable
from generation.retouch.masks import grow, whole_mask
from generation.retouch.pixels import Mask, Pixels, sized
from generation.retouch.settings import BadSettingError, NothingFoundError, read_number

DRAWN = "mask"
ALL = "all"
FACE = "face"
SALIENCY = "saliency"
SEGMENT = "segment"
LONGEST_WORD, LARGEST = 100, 1e9

MOST_GROWN = 200
"""Pixels by which what was found grows, and then shrinks, at most."""


def find_region(pixels: Pixels, region: Mapping[str, Any]) -> Mask:
    """The region's mask, expanded and shrunk. Raises the errors of its kind."""
    return adjust(REGIONS[region["kind"]](pixels), region)


def adjust(mask: Mask, region: Mapping[str, Any]) -> Mask:
    return grow(grow(mask, int(region.get("expand", 0))), -int(region.get("shrink", 0)))


def read_region(given: Any) -> dict[str, Any]:
    """`{"kind": …}` and the settings of that kind. Raises BadSettingError."""
    kinds = [DRAWN, *REGIONS]
    if not isinstance(given, Mapping) or given.get("kind", DRAWN) not in kinds:
        raise BadSettingError("region", f"must have a kind of {', '.join(kinds)}")
    if not all(_is_plain(name) and _is_plain(value) for name, value in given.items()):
        raise BadSettingError("region", "must hold nothing but numbers and short words")
    for name in ("expand", "shrink"):
        read_number(f"region.{name}", given.get(name, 0), 0, MOST_GROWN)
    return {"kind": DRAWN, **given}


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_WORD and is_writable(value)
    return isinstance(value, int | float) and abs(value) < LARGEST


def face_mask(pixels: Pixels) -> Mask:
    """255 within the outline of each face, brow to chin. Raises NothingFoundError, AnalyzerUnavailableError."""
    outlines = find_outlines(_networks(), pixels)
    if not outlines:
        raise NothingFoundError("There is no face in this picture.", field="region")
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for points in outlines:
        cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(points).astype(np.int32)), 255)
    return mask


def _networks() -> Networks:
    """The networks of the local analyzer, also where visitors are read by another one."""
    options = settings.FACE_ANALYZER.get("OPTIONS", {})
    return Networks(Path(options.get("models", Path(settings.DATA_DIR) / "models" / "face")))


SIDE = 64
"""Pixels of the longer side in which a picture is judged, as in the paper: what is small there draws no eye."""
LOCAL_MEAN = 3
BLUR = 2.5
LEAST_CONTRAST = 2.0
"""Of 255, the spread of a picture in which anything can stand out at all."""
CUT_SIDE = 320
CUT_ROUNDS = 3


def saliency_map(pixels: Pixels) -> NDArray[np.float32]:
    """Saliency, 0 … 1, float32 (height, width) of the picture. Raises NothingFoundError.

    The residual is taken of lightness and of both colour axes (CIE Lab) and added up, each as much as it varies, so
    that a flower as light as its meadow is seen, too; the paper takes lightness alone.
    """
    lab = _small_lab(pixels, SIDE)
    spread = lab.std(axis=(0, 1))
    if float(spread.max()) < LEAST_CONTRAST:
        raise NothingFoundError("This picture has no salient part: it is of one colour.", field="region")
    found = sum(spread[channel] * _residual(lab[..., channel]) for channel in range(3))
    smooth = cv2.GaussianBlur(np.asarray(found, np.float32), (0, 0), BLUR)
    height, width = pixels.shape[:2]
    large = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_CUBIC)
    low, high = float(large.min()), float(large.max())
    return np.asarray((large - low) / max(high - low, 1e-12), np.float32)


def saliency_mask(pixels: Pixels) -> Mask:
    """255 where the map is above Otsu's threshold."""
    grey = np.rint(saliency_map(pixels) * 255).astype(np.uint8)
    _threshold, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(mask, np.uint8)


def segment_mask(pixels: Pixels) -> Mask:
    """The salient object, segmented by GrabCut with the salient part as its seed.

    Found in a small copy, so its edge is exact to about `longer side / 320` pixels. The same picture, the same mask.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, CUT_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small, salient = sized(pixels, size), sized(saliency_mask(pixels), size)
    labels = np.where(salient > 127, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    if not (salient > 127).any() or (salient > 127).all():
        raise NothingFoundError("This picture has no salient part.", field="region")
    cv2.setRNGSeed(0)
    models = (np.zeros((1, 65)), np.zeros((1, 65)))
    cv2.grabCut(np.ascontiguousarray(small), labels, None, *models, CUT_ROUNDS, cv2.GC_INIT_WITH_MASK)
    cut = np.where((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), 255, 0).astype(np.uint8)
    if not cut.any():
        raise NothingFoundError("This picture has no salient part.", field="region")
    return np.where(sized(cut, (width, height)) > 127, 255, 0).astype(np.uint8)


def _small_lab(pixels: Pixels, side: int) -> NDArray[np.float32]:
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = (max(4, round(width * scale)), max(4, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)


def _residual(channel: NDArray[np.float32]) -> NDArray[np.float64]:
    """The power of the spectral residual (Hou and Zhang 2007)."""
    spectrum = np.fft.fft2(channel.astype(np.float64))
    strength = np.log(np.abs(spectrum) + 1e-9)
    expected = cv2.blur(strength, (LOCAL_MEAN, LOCAL_MEAN), borderType=cv2.BORDER_REFLECT_101)
    left = np.exp(strength - expected + 1j * np.angle(spectrum))
    return np.asarray(np.abs(np.fft.ifft2(left)) ** 2, np.float64)


REGIONS: dict[str, Callable[[Pixels], Mask]] = {
    ALL: lambda pixels: whole_mask(*pixels.shape[:2]),
    FACE: face_mask,
    SALIENCY: saliency_mask,
    SEGMENT: segment_mask,
}
"""From the crop (RGB) to its mask, 255 where the region is. Runs in a worker."""
