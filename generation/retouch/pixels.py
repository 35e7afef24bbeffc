"""Pictures as arrays: uint8 RGB of shape (height, width, 3), masks uint8 of shape (height, width)."""

import io
from typing import TypeAlias

import cv2
import numpy as np
import PIL.Image
from numpy.typing import NDArray

from garden.faces.photo import opaque, upright
from generation.retouch.settings import BadLayerError, LineMethod

Pixels: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.uint8]

MOST_PIXELS = 36_000_000
"""Twice 4096×4096; the largest screens have 33 million."""
MOST_BYTES = 64_000_000
FAST = 1
"""PNG compression: the file is a fifth larger than at its best, and written ten times as fast."""
_FORMATS = ("JPEG", "PNG", "WEBP")


def read_picture(content: bytes, field: str = "file") -> Pixels:
    """The pixels of a JPEG, PNG or WebP, with its EXIF orientation applied. Raises BadLayerError naming the field."""
    return np.asarray(opaque(upright(_open(content, field))), np.uint8)


def read_mask(content: bytes, size: tuple[int, int], field: str) -> Mask:
    """The weight of each pixel, 0 to 255: brightness times opacity. Raises BadLayerError naming the field."""
    image = _open(content, field)
    if image.size != size:
        reason = f"{field} must be {size[0]}×{size[1]} as the crop is, not {image.width}×{image.height}."
        raise BadLayerError(reason, field=field)
    return _light(image)


def read_light(content: bytes, field: str) -> Mask:
    """Brightness times opacity, of whatever size. Raises BadLayerError naming the field."""
    return _light(_open(content, field))


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Lossless: reading it gives the same values."""
    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "PNG", compress_level=FAST)
    return stream.getvalue()


def decode_png(content: bytes) -> NDArray[np.uint8]:
    """The array of `encode_png`."""
    with PIL.Image.open(io.BytesIO(content)) as image:
        return np.asarray(image, np.uint8)


def format_of(content: bytes) -> str:
    """JPEG, PNG or WEBP. Raises BadLayerError."""
    return str(_open(content, "file").format)


def _open(content: bytes, field: str) -> PIL.Image.Image:
    if len(content) > MOST_BYTES:
        raise BadLayerError(f"{field} has more than {MOST_BYTES:,} bytes.", field=field)
    try:
        image = PIL.Image.open(io.BytesIO(content), formats=_FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise BadLayerError(f"{field} has more than {MOST_PIXELS:,} pixels.", field=field)
        image.load()
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        raise BadLayerError(f"{field} is no JPEG, PNG or WebP that can be read.", field=field) from error
    return image


def _light(image: PIL.Image.Image) -> Mask:
    with_alpha = np.asarray(image.convert("LA"), np.uint16)
    return (with_alpha[..., 0] * with_alpha[..., 1] // 255).astype(np.uint8)


def encode_shown(pixels: Pixels, file_format: str) -> bytes:
    """For display: `png` is lossless, `jpeg` and `webp` are smaller."""
    if file_format == "png":
        return encode_png(pixels)
    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, file_format.upper(), quality=90)
    return stream.getvalue()


def sized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture or mask in this width and height: averaged when smaller, cubic (masks linear) when larger."""
    if pixels.shape[1::-1] == size:
        return pixels
    smaller = size[0] * size[1] < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC if pixels.ndim == 3 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


FEW = 0.05
"""A smaller share of a crop than this is too small a sample of its colours."""
FARTHEST = 2.0
"""Contrast is changed at most so many times."""


def match_colours(paint: Pixels, crop: Pixels, mask: Mask, amount: float) -> Pixels:
    """Paint whose mean and spread in CIE Lab are, by `amount` from 0 to 1, those of the crop around the mask.

    Where the mask leaves too little of the crop, those of all of it (Reinhard 2001).
    """
    if amount == 0:
        return paint
    under, around = mask > 127, mask == 0
    painted = cv2.cvtColor(paint.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    given = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    ours = painted[under] if under.any() else painted.reshape(-1, 3)
    theirs = given[around] if around.mean() >= FEW else given.reshape(-1, 3)
    ratio = np.clip((theirs.std(0) + 1e-3) / (ours.std(0) + 1e-3), 1 / FARTHEST, FARTHEST)
    matched = (painted - ours.mean(0)) * ratio + theirs.mean(0)
    mixed = (painted + (matched - painted) * amount).astype(np.float32)
    matched_light = np.asarray(cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB), np.float32)
    found: Pixels = np.clip(matched_light * 255 + 0.5, 0, 255).astype(np.uint8)
    return found


BRIGHT, WHITE = 0.72, 0.95
"""Where glare begins and where it is whole, as shares of the largest brightness."""


def without_glare(pixels: Pixels, amount: float) -> Pixels:
    """The picture (height, width, 3) with reduced glare, by `amount` from 0 to 1."""
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
    target = brightness + (toned - brightness) * np.clip(share, 0, 1)
    ratio = np.where(glare > 0, target / np.maximum(brightness, 1e-3), 1)
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
    """Difference of Gaussians, sharpened (Winnemöller 2012) and measured against the local brightness."""
    light = (grey.astype(np.float32) + 8) / 263
    sigma = scale * (0.7 + 1.5 * simplicity)
    near, far = (cv2.GaussianBlur(light, (0, 0), sigma * factor) for factor in (1.0, 1.6))
    darker = 1 - near / far
    faintest = 0.006 + 0.024 * simplicity
    lines = np.tanh(np.maximum(darker - faintest, 0) * 28) * 255
    return _without_specks(lines.astype(np.uint8), simplicity, scale)


def _without_specks(lines: Mask, simplicity: float, scale: float) -> Mask:
    """Simpler lines drop short strokes first."""
    smallest = round((4 + 76 * simplicity) * scale)
    count, labels, facts, _centres = cv2.connectedComponentsWithStats((lines > 48).astype(np.uint8), connectivity=8)
    keep = np.zeros(count, bool)
    keep[1:] = facts[1:, cv2.CC_STAT_AREA] >= smallest
    return np.where(keep[labels], lines, 0).astype(np.uint8)
