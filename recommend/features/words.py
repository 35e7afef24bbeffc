"""The words of a picture: the axes of prompt templates, each word of its own; all others share hashed places.

Hashing with signs keeps inner products true on average (Weinberger et al. 2009, "Feature hashing for large
scale multitask learning"): no vocabulary to keep, none to grow.
"""

import re
import zlib

import numpy as np
from numpy.typing import NDArray

AXES = (
    "spring",
    "summer",
    "autumn",
    "winter",
    "sunny",
    "cloudy",
    "rainy",
    "snowy",
    "morning",
    "day",
    "evening",
    "night",
)
PLACES = 11
WORDS_DIMENSION = len(AXES) + PLACES
_WORD = re.compile(r"[^\W\d_]{3,}")
_WEIGHTED = re.compile(r"[():\d.]+")
_FAVORITE_WEIGHT = 2.0


def describe_words(prompt: str, favorite: str) -> NDArray[np.float32]:
    """Shape (WORDS_DIMENSION,): 1 for each axis word it names, then hashed words of unit length (or none: zeros).

    The favorite is what the picture is of: it weighs as much as two words of the prompt.
    """
    words = set(_WORD.findall(_WEIGHTED.sub(" ", prompt).lower()))
    topic = set(_WORD.findall(favorite.lower()))
    axes = np.array([axis in words | topic for axis in AXES], np.float32)
    places = np.zeros(PLACES, np.float32)
    for word in sorted((words | topic) - set(AXES)):
        code = zlib.crc32(word.encode())
        places[code % PLACES] += (1 if code & 0x8000_0000 else -1) * (_FAVORITE_WEIGHT if word in topic else 1.0)
    length = np.linalg.norm(places)
    return np.concatenate([axes, places / length if length else places])
