"""The whole description: words first, then the picture. Its order and sizes are what VERSION names."""

import io

import cv2
import numpy as np
import PIL.Image
from numpy.typing import NDArray

from recommend.features.picture import PICTURE_DIMENSION, SIDE, describe_picture
from recommend.features.words import WORDS_DIMENSION, describe_words

VERSION = 1
DIMENSION = WORDS_DIMENSION + PICTURE_DIMENSION

NEUTRAL: NDArray[np.float32] = np.zeros(DIMENSION, np.float32)
"""What nobody has looked at yet is as usual as can be."""
NEUTRAL.setflags(write=False)

_DECODED_SIDE = 4 * SIDE


def describe_image(*, prompt: str, favorite: str, content: bytes | None) -> NDArray[np.float32]:
    """Shape (DIMENSION,), float32. Without a file, or with one that is no picture, the picture's part is neutral."""
    pixels = None if content is None else _small(content)
    picture = NEUTRAL[WORDS_DIMENSION:] if pixels is None else describe_picture(pixels)
    return np.concatenate([describe_words(prompt, favorite), picture])


def _small(content: bytes) -> NDArray[np.uint8] | None:
    """RGB, SIDE × SIDE, whatever its proportions: layout is told in shares of the picture."""
    try:
        with PIL.Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (_DECODED_SIDE, _DECODED_SIDE))  # JPEG is decoded at an eighth of its size: 3 ms.
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, PIL.Image.DecompressionBombError, ValueError, SyntaxError):  # Whatever a broken file makes of it.
        return None
    small: NDArray[np.uint8] = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return small
