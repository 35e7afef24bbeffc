"""A visitor's photo: bounded before it is decoded, upright, in memory only."""

import contextlib
import io
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from garden.emotion.jpeg import count_scans
from garden.emotion.slots import decoding_slot
from garden.errors import GardenError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
register_heif_opener(thumbnails=False)
FINE = 1280
"""Pixels that both sides of a photo keep when it is decoded smaller: a face too small for that is not found anyway."""
MOST_KEPT = 8 * FINE * FINE
"""Pixels of a decoded photo, whatever its shape."""
MOST_SCANS = 64
"""A progressive JPEG has about ten; a hundred thousand, in 5 MB, would keep a core busy for half an hour."""


class UnreadablePhotoError(GardenError):
    """Not a JPEG, PNG, WebP, GIF or HEIC picture, or one that breaks off."""

    code = "unreadable_photo"
    status = 400


class PhotoTooLargeError(GardenError):
    """More bytes or more pixels than the limits allow."""

    code = "photo_too_large"
    status = 413


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """Bounds on an upload, checked before anything is allocated for it."""

    max_bytes: int = 5_000_000
    max_pixels: int = 25_000_000


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright photo: `pixels` is uint8, height × width × RGB; `data` the bytes it came from.

    `pixels` may be a half, a quarter or an eighth of the size that `data` says (see `decode_photo`).
    """

    pixels: NDArray[np.uint8]
    data: bytes

    def __repr__(self) -> str:
        """Say the size, never the content: a repr ends up in logs and error pages."""
        height, width, _ = self.pixels.shape
        return f"<Photo {width}×{height}>"


def decode_photo(data: bytes, limits: PhotoLimits) -> Photo:
    """Decode JPEG, PNG, WebP, GIF or HEIC bytes to an upright RGB photo, refusing what exceeds `limits`.

    Of an animation, the first frame; what is transparent becomes white; 16-bit greys keep their range. A photo far
    larger than FINE comes out at half, a quarter or an eighth of its size; a JPEG is decoded so, other formats are
    reduced once decoded. How many are decoded at once is bounded for the machine.
    Raises UnreadablePhotoError, PhotoTooLargeError or PhotosBusyError.
    """
    if len(data) > limits.max_bytes:
        raise PhotoTooLargeError(f"The photo has more than {limits.max_bytes} bytes.", max_bytes=limits.max_bytes)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _refuse_too_many_pixels(image, limits)
            _refuse_too_many_scans(image, data)
            image.draft(None, (FINE, FINE))
            with decoding_slot(image.width * image.height):
                upright = _reduced(_opaque(_upright(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(limits) from error
    except _BROKEN as error:
        raise UnreadablePhotoError("The photo is not a whole JPEG, PNG, WebP, GIF or HEIC picture.") from error
    return Photo(pixels=np.asarray(upright), data=data)


# What Pillow's decoders are known to raise on damaged files, besides their own UnidentifiedImageError (an OSError).
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError, OverflowError, struct.error)


_BROKEN_EXIF = (
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
)


def _refuse_too_many_pixels(image: Image.Image, limits: PhotoLimits) -> None:
    if image.width * image.height > limits.max_pixels:
        raise _too_many_pixels(limits)


def _refuse_too_many_scans(image: Image.Image, data: bytes) -> None:
    if image.format in ("JPEG", "MPO") and count_scans(data) > MOST_SCANS:
        raise UnreadablePhotoError(f"The photo has more than {MOST_SCANS} scans.", max_scans=MOST_SCANS)


def _too_many_pixels(limits: PhotoLimits) -> PhotoTooLargeError:
    return PhotoTooLargeError(f"The photo has more than {limits.max_pixels} pixels.", max_pixels=limits.max_pixels)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; damaged EXIF is no reason to refuse a whole picture."""
    image.load()
    with contextlib.suppress(*_BROKEN_EXIF):
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _opaque(image: Image.Image) -> Image.Image:
    """As RGB, 8 bits a channel."""
    if image.mode.startswith("I"):
        return _eight_bits(image).convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer)
    return white


def _eight_bits(image: Image.Image) -> Image.Image:
    """A 16-bit grey picture; Pillow's own conversion would cut off at 255."""
    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))


def _reduced(image: Image.Image) -> Image.Image:
    """At the scale that `draft` gives a JPEG: both sides keep FINE pixels, and no more than MOST_KEPT remain."""
    times = min(image.size) // FINE
    factor = next(power for power in (8, 4, 2, 1) if times >= power or power == 1)
    while image.width * image.height > MOST_KEPT * factor**2:
        factor *= 2
    return image if factor == 1 else image.reduce(factor)
