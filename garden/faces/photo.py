"""A visitor's photo: bounded before it is decoded, upright, in memory only.

How many are decoded at once is bounded for the machine by lock files: the kernel releases the lock of a process that
ends, however it ends.
"""

import contextlib
import fcntl
import io
import logging
import os
import re
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from garden.errors import GardenError, UnavailableError

logger = logging.getLogger(__name__)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
register_heif_opener(thumbnails=False)
FINE = 1280
"""Pixels that both sides of a photo keep when it is decoded smaller: a face too small for that is not found anyway."""
MOST_KEPT = 8 * FINE * FINE
"""Pixels of a decoded photo, whatever its shape."""
MOST_SCANS = 64
"""A progressive JPEG has about ten; a hundred thousand, in 5 MB, would keep a core busy for half an hour."""
SLOT_WAIT_SECONDS = 5.0
"""Seconds that a photo waits for a slot; less than FACE_READING_SECONDS, so that waiting is not taken for hanging."""
LARGE_PIXELS = 6_500_000
"""Decoding takes up to ten bytes a pixel. Of photos with more pixels one is decoded at a time."""
BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, OverflowError, struct.error)
"""What Pillow's decoders are known to raise on damaged files, besides their own UnidentifiedImageError (an OSError)."""
_POLL_SECONDS = 0.02
_JPEG_END, _JPEG_SCAN = 0xD9, 0xDA
_STANDS_ALONE = {0x01, 0xD8}
_next_marker = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])").search


class UnreadablePhotoError(GardenError):
    """Not a JPEG, PNG, WebP, GIF or HEIC picture, or one that breaks off."""

    code = "unreadable_photo"
    status = 400


class PhotoTooLargeError(GardenError):
    """More bytes or more pixels than the limits allow."""

    code = "photo_too_large"
    status = 413


class PhotosBusyError(UnavailableError):
    """Other photos are being decoded, and no slot became free in time."""

    code = "analyzer_unavailable"


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
            if image.width * image.height > limits.max_pixels:
                raise _too_many_pixels(limits)
            if image.format in ("JPEG", "MPO") and count_scans(data) > MOST_SCANS:
                raise UnreadablePhotoError(f"The photo has more than {MOST_SCANS} scans.", max_scans=MOST_SCANS)
            image.draft(None, (FINE, FINE))
            with decoding_slot(image.width * image.height):
                decoded = _reduced(opaque(upright(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(limits) from error
    except BROKEN as error:
        raise UnreadablePhotoError("The photo is not a whole JPEG, PNG, WebP, GIF or HEIC picture.") from error
    return Photo(pixels=np.asarray(decoded), data=data)


def _too_many_pixels(limits: PhotoLimits) -> PhotoTooLargeError:
    return PhotoTooLargeError(f"The photo has more than {limits.max_pixels} pixels.", max_pixels=limits.max_pixels)


def upright(image: Image.Image) -> Image.Image:
    """Rotated by its EXIF orientation; damaged EXIF is ignored."""
    image.load()
    with contextlib.suppress(*BROKEN, ZeroDivisionError):
        ImageOps.exif_transpose(image, in_place=True)
    return image


def opaque(image: Image.Image) -> Image.Image:
    """As RGB, 8 bits a channel."""
    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion would cut off at 255.
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)).convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer)
    return white


def _reduced(image: Image.Image) -> Image.Image:
    """At the scale that `draft` gives a JPEG: both sides keep FINE pixels, and no more than MOST_KEPT remain."""
    times = min(image.size) // FINE
    factor = next(power for power in (8, 4, 2, 1) if times >= power or power == 1)
    while image.width * image.height > MOST_KEPT * factor**2:
        factor *= 2
    return image if factor == 1 else image.reduce(factor)


@contextmanager
def decoding_slot(pixels: int) -> Iterator[None]:
    """Hold a slot while a photo of so many pixels is decoded: one a core, or the only one for large photos.

    Raises PhotosBusyError after SLOT_WAIT_SECONDS seconds, or where lock files cannot be made.
    """
    name, count = ("large", 1) if pixels > LARGE_PIXELS else ("usual", os.cpu_count() or 1)
    held = _locked(name, count)
    try:
        yield
    finally:
        os.close(held)


def _locked(name: str, count: int) -> int:
    """The descriptor of a locked file."""
    ends = time.monotonic() + SLOT_WAIT_SECONDS
    try:
        folder = _lock_folder()
        while (held := _try_lock(folder, name, count)) is None and time.monotonic() < ends:
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        logger.error("The lock files for decoding photos cannot be used: %s", error)
        held = None
    if held is None:
        raise PhotosBusyError("Too many photos are being read at the moment.")
    return held


def _try_lock(folder: Path, name: str, count: int) -> int | None:
    for number in range(count):
        file = _lock_file(folder / f"{name}-{number}")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    return None


def _lock_file(path: Path) -> int:
    """For reading: nothing is ever written while a photo is read, and a lock needs no more."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _lock_folder() -> Path:
    """Of this user and this machine (of this container, where /tmp is its own). Refuses what another user made."""
    folder = Path(tempfile.gettempdir()) / f"emotion-garden-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user.")
    return folder


def count_scans(data: bytes) -> int:
    """How many scans a decoder goes through. Each may cost a pass over the whole picture and take forty bytes."""
    scans, at = 0, 0
    while (marker := _next_marker(data, at)) and marker[1][0] != _JPEG_END:
        kind, at = marker[1][0], marker.end()
        scans += kind == _JPEG_SCAN
        if kind not in _STANDS_ALONE:
            at += int.from_bytes(data[at : at + 2], "big")
    return scans
