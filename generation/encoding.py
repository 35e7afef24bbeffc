"""A picture as a file that says of itself what it is and who made it, signed where the site has a key."""

import io
from datetime import datetime
from enum import StrEnum
from typing import Any

from PIL import Image
from PIL.Image import Exif
from PIL.PngImagePlugin import PngInfo

from generation.engines.base import Picture
from generation.provenance.facts import Facts, facts_of
from generation.provenance.site import site_signer
from generation.provenance.xmp import xmp_packet

QUALITY = 90
IMAGE_DESCRIPTION = 0x010E
SOFTWARE = 0x0131
LONGEST_TEXT = 4_000


class FileFormat(StrEnum):
    """Formats a picture is written in; values are Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"

    @property
    def media_type(self) -> str:
        return f"image/{self.lower()}"


_OPTIONS: dict[FileFormat, dict[str, Any]] = {
    FileFormat.JPEG: {"quality": QUALITY, "optimize": True, "progressive": True},
    FileFormat.PNG: {},
    FileFormat.WEBP: {"quality": QUALITY},
}


def encode_jpeg(picture: Picture, made_at: datetime | None = None) -> bytes:
    """JPEG bytes of a finished picture, made now unless a time is given."""
    return encode_picture(picture, FileFormat.JPEG, made_at)


def encode_picture(picture: Picture, file_format: FileFormat, made_at: datetime | None = None) -> bytes:
    """The file of a finished picture: EXIF and XMP inside, the site's signature over all of it.

    The signature comes last: whatever saves the file again through Pillow loses it.
    Raises SigningError when there is a key and it does not sign.
    """
    return encode_facts(picture.image, file_format, facts_of(picture, made_at), **_OPTIONS[file_format])


def encode_facts(image: Image.Image, file_format: FileFormat, facts: Facts, **options: Any) -> bytes:
    """Pixels as a file that says these facts of itself; `options` are Pillow's. Raises SigningError."""
    stream = io.BytesIO()
    image.save(stream, file_format, exif=_exif(facts), **_xmp(facts, file_format), **options)
    signer = site_signer()
    return signer.sign(stream.getvalue(), file_format.media_type, facts) if signer else stream.getvalue()


def _exif(facts: Facts) -> Exif:
    exif = Exif()
    exif[IMAGE_DESCRIPTION] = _ascii(facts.caption)
    exif[SOFTWARE] = _ascii(facts.maker)
    return exif


def _ascii(text: str) -> str:
    """EXIF text is ASCII, and all of it fits one JPEG segment of 64 KB."""
    return text[:LONGEST_TEXT].encode("ascii", "replace").decode()


def _xmp(facts: Facts, file_format: FileFormat) -> dict[str, Any]:
    packet = xmp_packet(facts)
    if file_format is not FileFormat.PNG:
        return {"xmp": packet}
    chunks = PngInfo()
    chunks.add_itxt("XML:com.adobe.xmp", packet.decode())
    return {"pnginfo": chunks}
