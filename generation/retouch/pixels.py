"""Pictures as arrays: uint8 RGB of shape (height, width, 3), masks uint8 of shape (height, width)."""

import io
from typing import TypeAlias

import numpy as np
import PIL.Image
from numpy.typing import NDArray
from PIL import ImageOps

from generation.retouch.errors import BadLayerError

Pixels: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.uint8]

MOST_PIXELS = 36_000_000
"""Twice 4096×4096; the largest screens have 33 million."""
MOST_BYTES = 64_000_000
FAST = 1
"""PNG compression: the file is a fifth larger than at its best, and written ten times as fast."""
_FORMATS = ("JPEG", "PNG", "WEBP")


def read_picture(content: bytes, field: str = "file") -> Pixels:
    """What a JPEG, PNG or WebP shows, its EXIF orientation applied. Raises BadLayerError naming the field."""
    image = ImageOps.exif_transpose(_open(content, field))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        on_white = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(on_white, image.convert("RGBA"))
    return np.asarray(image.convert("RGB"), np.uint8)


def read_mask(content: bytes, size: tuple[int, int], field: str) -> Mask:
    """How much of each pixel is meant, 0 to 255: brightness times opacity. Raises BadLayerError naming the field."""
    image = _open(content, field)
    if image.size != size:
        raise BadLayerError(f"{field} must be {size[0]}×{size[1]} as the crop is, not {_named(image)}.", field=field)
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
    """One of our own files."""
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


def _named(image: PIL.Image.Image) -> str:
    return f"{image.width}×{image.height}"


def encode_shown(pixels: Pixels, file_format: str) -> bytes:
    """For looking at: `png` is lossless, `jpeg` and `webp` are smaller."""
    if file_format == "png":
        return encode_png(pixels)
    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, file_format.upper(), quality=90)
    return stream.getvalue()
