"""A visitor's photo: bounded before it is decoded, upright, in memory only."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from garden.errors import GardenError

FORMATS = ("JPEG", "PNG", "WEBP")


class UnreadablePhotoError(GardenError):
    """Not a JPEG, PNG or WebP picture, or one that breaks off."""

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
    """An upright photo: `pixels` is uint8, height × width × RGB; `data` the bytes it came from."""

    pixels: NDArray[np.uint8]
    data: bytes

    def __repr__(self) -> str:
        """Say the size, never the content: a repr ends up in logs and error pages."""
        height, width, _ = self.pixels.shape
        return f"<Photo {width}×{height}>"


def decode_photo(data: bytes, limits: PhotoLimits) -> Photo:
    """Decode JPEG, PNG or WebP bytes to an upright RGB photo, refusing what exceeds `limits`."""
    if len(data) > limits.max_bytes:
        raise PhotoTooLargeError(f"The photo has more than {limits.max_bytes} bytes.", max_bytes=limits.max_bytes)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _refuse_too_many_pixels(image, limits)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnreadablePhotoError("The photo is not a whole JPEG, PNG or WebP picture.") from error
    return Photo(pixels=np.asarray(upright), data=data)


def _refuse_too_many_pixels(image: Image.Image, limits: PhotoLimits) -> None:
    if image.width * image.height > limits.max_pixels:
        raise PhotoTooLargeError(f"The photo has more than {limits.max_pixels} pixels.", max_pixels=limits.max_pixels)
