"""A picture as a JPEG file that says of itself what it is and who made it."""

import io

from PIL.Image import Exif

from generation.engines.base import Picture

QUALITY = 90
IMAGE_DESCRIPTION = 0x010E
SOFTWARE = 0x0131


def encode_jpeg(picture: Picture) -> bytes:
    """JPEG bytes; EXIF names the engine, the model and the prompt."""
    exif = Exif()
    exif[IMAGE_DESCRIPTION] = f"Made by AI: {picture.request.prompt}".encode("ascii", "replace").decode()
    exif[SOFTWARE] = f"Emotion Garden, engine {picture.engine}, model {picture.model}"
    stream = io.BytesIO()
    picture.image.save(stream, "JPEG", quality=QUALITY, optimize=True, progressive=True, exif=exif)
    return stream.getvalue()
