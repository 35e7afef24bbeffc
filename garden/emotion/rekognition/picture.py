"""The photo as it is sent: upright pixels as a new JPEG, without what cameras write beside them."""

import io

from PIL import Image

from garden.emotion.photo import Photo, UnreadablePhotoError

LEAST_SIDE = 80
MOST_SIDE = 1920
"""Pixels: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html says how small a face may be in so large a
picture; in a larger one it must be larger, too."""
_QUALITY = 92
"""The worst picture of MOST_SIDE squared then has 4.4 MB; 5 MB (5,242,880 bytes) is what Amazon takes."""


def as_jpeg(photo: Photo) -> bytes:
    """Place and time, the device, the thumbnail in the photo: all of that stays here.

    Raises UnreadablePhotoError for a photo that Amazon would not look at.
    """
    height, width, _ = photo.pixels.shape
    if min(height, width) < LEAST_SIDE:
        detail = f"The photo has {width}×{height} pixels; it needs {LEAST_SIDE} each way."
        raise UnreadablePhotoError(detail, min_side=LEAST_SIDE)
    picture = Image.fromarray(photo.pixels)
    picture.thumbnail((MOST_SIDE, MOST_SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
