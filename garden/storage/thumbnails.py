"""Small copies of pictures for lists: 320 px on the long side, WebP, upright, sRGB, no metadata."""

import contextlib
import io
import struct
from dataclasses import dataclass

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from garden.errors import RefusedError
from garden.storage.screens import screen_keys

FOLDER = "derived/320"
LONG_SIDE = 320
QUALITY = 80
MOST_PIXELS = 100_000_000
SRGB = ImageCms.createProfile("sRGB")
# What Pillow's decoders are known to raise on damaged files, besides their own UnidentifiedImageError (an OSError).
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
)


class UnreadablePictureError(RefusedError):
    """The file is no picture, breaks off, or is far too large; trying again cannot help."""

    code = "unreadable_picture"


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """`small` is RGB, at most 320 px on its long side; `data` the same as a WebP file."""

    small: Image.Image
    data: bytes


def thumbnail_key(key: str) -> str:
    """Where the small copy of a picture lies, whether it was made or not."""
    return f"{FOLDER}/{key}.webp"


def shrink_picture(data: bytes) -> SmallPicture:
    """Decode a picture's file once. Raises UnreadablePictureError."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            small = _small(picture)
    except _BROKEN as error:
        raise UnreadablePictureError(f"The file is not a whole picture ({error}).") from error
    return SmallPicture(small, _webp(small))


def write_thumbnail(key: str, content: bytes) -> None:
    """Store the small copy of the picture `key`, in the place of an earlier one."""
    write_derived(thumbnail_key(key), content)


def write_derived(name: str, content: bytes) -> None:
    if default_storage.save(name, ContentFile(content)) != name:
        raise OSError(f"The storage renamed {name}.")


def delete_derived(key: str) -> None:
    """For whoever deletes the picture's own file. Copies that were never made are no error."""
    for name in (thumbnail_key(key), *screen_keys(key)):
        default_storage.delete(name)


def _small(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(f"more than {MOST_PIXELS} pixels")
    picture.draft("RGB", (2 * LONG_SIDE, 2 * LONG_SIDE))
    picture.load()
    small = ImageOps.contain(_eight_bits(picture), (LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return _opaque(_srgb(_upright(small, picture), picture.info.get("icc_profile")))


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits lose their lower half, palettes become colours: both can then be resized."""
    if picture.mode.startswith("I"):
        return Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
    if picture.mode in ("P", "PA", "1", "F"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def _upright(small: Image.Image, picture: Image.Image) -> Image.Image:
    """Turned as the EXIF of its original says; damaged EXIF is no reason to refuse a whole picture."""
    with contextlib.suppress(*_BROKEN, ZeroDivisionError):
        small.info["exif"] = picture.getexif().tobytes()
        return ImageOps.exif_transpose(small)
    return small


def _srgb(small: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours that every browser shows; a profile that cannot be read is passed over."""
    if not profile or small.mode not in ("RGB", "CMYK"):
        return small
    with contextlib.suppress(ImageCms.PyCMSError, OSError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(small, source, SRGB, outputMode="RGB") or small
    return small


def _opaque(small: Image.Image) -> Image.Image:
    """As RGB; what is transparent becomes white."""
    if not small.has_transparency_data:
        return small.convert("RGB")
    layer = small.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer)
    return white


def _webp(small: Image.Image) -> bytes:
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=QUALITY, method=4)
    return stream.getvalue()
