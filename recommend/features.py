"""Features of a picture: its words, colours, texture and layout, how new it is, and an encoder's embedding.

Words: the axes of prompt templates have a number each; all others share hashed places. Hashing with signs keeps inner
products true on average (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"): there is no
vocabulary to store. The order and sizes of the numbers are what VERSION names.
"""

import io
import re
import zlib
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
import PIL.Image
from numpy.typing import ArrayLike, NDArray

from recommend.bandit.inference import Floats, Items
from recommend.encoders import ENCODED, get_encoder

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


SIDE = 64
PICTURE_DIMENSION = 24

# Mean and deviation of each number over painted gardens and photographs: the mean becomes 0, the deviation 1.
# fmt: off
_USUAL = np.array([
    0.48, 0.07, 0.06, 0.17, 0.09, 0.12, 0.27, 0.12, 0.19, 0.16,  # colour
    0.03, 0.20, 0.14, -1.16, 0.26, -0.02, 1.43, -2.05, -5.74,  # tone, texture, frequencies
    0.08, 0.04, 0.06, -0.05, 0.14,  # layout
], np.float32)
_SPREAD = np.array([
    0.16, 0.14, 0.22, 0.05, 0.08, 0.08, 0.13, 0.08, 0.50, 0.69,
    0.61, 0.25, 0.15, 0.33, 0.10, 0.16, 1.16, 0.81, 1.08,
    0.08, 0.06, 0.11, 0.10, 0.06,
], np.float32)
# fmt: on
_FARTHEST = 3.0


def describe_picture(pixels: NDArray[np.uint8]) -> Floats:
    """RGB of shape (SIDE, SIDE, 3) → shape (PICTURE_DIMENSION,), each number usually within −1 … 1, always ±3."""
    described: Floats = np.clip((measure_picture(pixels) - _USUAL) / _SPREAD, -_FARTHEST, _FARTHEST)
    return described


def measure_picture(pixels: NDArray[np.uint8]) -> Floats:
    """The same before normalisation."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2Lab) / 100
    light = np.ascontiguousarray(lab[..., 0])
    measured = [*_colour(lab), *_tone(light), *_texture(light), *_frequencies(light), *_layout(lab)]
    return np.array(measured, np.float32)


def _colour(lab: Floats) -> list[float]:
    """Moments of the colours (Stricker & Orengo 1995), and the mean hue weighted by chroma."""
    flat = lab.reshape(-1, 3)
    chroma = np.hypot(flat[:, 1], flat[:, 2])
    hue = flat[:, 1:].sum(axis=0) / (chroma.sum() + 1e-3)
    return [*flat.mean(axis=0), *flat.std(axis=0), chroma.mean(), chroma.std(), *hue]


def _tone(light: Floats) -> list[float]:
    """Skewness of the brightness, and the shares of dark and bright pixels."""
    centred = light - light.mean()
    skew = (centred**3).mean() / (centred.std() ** 3 + 1e-3)
    return [skew, (light < 0.25).mean(), (light > 0.75).mean()]


def _texture(light: Floats) -> list[float]:
    """Amount of edges, share of strong ones, and vertical against horizontal ones."""
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1)
    edge = np.hypot(across, down)
    standing, lying = np.abs(across).mean(), np.abs(down).mean()
    return [np.log(edge.mean() + 1e-3), (edge > 0.4).mean(), (standing - lying) / (standing + lying + 1e-3)]


def _frequencies(light: Floats) -> list[float]:
    """Energy of the cosine transform in three bands, coarse to fine, in logarithms."""
    energy = cv2.dct(light) ** 2
    distance = np.add.outer(np.arange(SIDE), np.arange(SIDE))
    bands = [(distance > low) & (distance <= high) for low, high in ((0, 4), (4, 16), (16, 2 * SIDE))]
    return [np.log(energy[band].mean() + 1e-6) for band in bands]


def _layout(lab: Floats) -> list[float]:
    """Brightness and colour of the middle against the rim, top against bottom; and left-right symmetry."""
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    quarter, half = SIDE // 4, SIDE // 2
    middle = (slice(quarter, -quarter), slice(quarter, -quarter))
    return [
        light[middle].mean() - light.mean(),
        chroma[middle].mean() - chroma.mean(),
        light[:half].mean() - light[half:].mean(),
        chroma[:half].mean() - chroma[half:].mean(),
        np.abs(light - light[:, ::-1]).mean(),
    ]


VERSION = 1
DIMENSION = WORDS_DIMENSION + PICTURE_DIMENSION

NEUTRAL: NDArray[np.float32] = np.zeros(DIMENSION, np.float32)
"""Of pictures without a description: the mean of all."""
NEUTRAL.setflags(write=False)

_DECODED_SIDE = 4 * SIDE


def describe_image(*, prompt: str, favorite: str, content: bytes | None) -> NDArray[np.float32]:
    """Shape (DIMENSION,), float32. Without a readable picture, its part is neutral."""
    pixels = None if content is None else _small(content)
    picture = NEUTRAL[WORDS_DIMENSION:] if pixels is None else describe_picture(pixels)
    return np.concatenate([describe_words(prompt, favorite), picture])


def _small(content: bytes) -> NDArray[np.uint8] | None:
    """RGB, SIDE × SIDE, whatever its proportions: layout is relative."""
    pixels = decode_picture(content, _DECODED_SIDE)
    if pixels is None:
        return None
    small: NDArray[np.uint8] = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return small


def decode_picture(content: bytes, side: int) -> NDArray[np.uint8] | None:
    """RGB, a JPEG as small as it may be decoded above `side` pixels (3 ms); None if it is not a picture."""
    try:
        with PIL.Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (side, side))
            pixels: NDArray[np.uint8] = np.asarray(picture.convert("RGB"))
    except (OSError, PIL.Image.DecompressionBombError, ValueError, SyntaxError):  # Errors of broken files.
        return None
    return pixels


UNKNOWN_AGE = -1
_STEPS = (1, 7, 30, 180)
_DAY = 86_400
_LOGITS_A_STAR = 0.1
_MIDDLE = 3


def newness(days: ArrayLike) -> Floats:
    """1 on the first day, ¾ in the first week, ½ in the first month, ¼ in the first half-year; then, or unknown, 0."""
    whole = np.asarray(days, np.int64)
    steps = np.searchsorted(_STEPS, whole, side="right")
    return np.where(whole < 0, 0.0, 1.0 - steps / len(_STEPS)).astype(np.float32)


def seconds_of(when: datetime | None) -> int:
    return UNKNOWN_AGE if when is None else int(when.timestamp())


def days_since(published: ArrayLike, now: datetime) -> Items:
    """Whole days since `published` (seconds); an instant just ahead of this clock counts as the first day."""
    seconds = np.asarray(published, np.int64)
    return np.where(seconds < 0, UNKNOWN_AGE, np.maximum(seconds_of(now) - seconds, 0) // _DAY)


def opinion_of(rating: int | None) -> float:
    """What curators' stars (1 … 5) promise of a picture that no visitor has answered yet, in logits: weak evidence."""
    return _LOGITS_A_STAR * ((rating or _MIDDLE) - _MIDDLE)


CONSTANT = 1.0
_FIRST_ENCODED, _ENCODED_VERSIONS = 1_000, 31_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The constant 1, then a description of `dimension` numbers, then how new the picture is.

    Descriptions of other versions are not read.
    """

    version: int
    dimension: int

    @property
    def described(self) -> slice:
        return slice(1, 1 + self.dimension)

    @property
    def newness(self) -> int:
        return 1 + self.dimension

    @property
    def width(self) -> int:
        return 2 + self.dimension


def layout() -> Layout:
    """By the current settings: it follows from the encoder's identity and is the same in every process."""
    encoder = get_encoder()
    if encoder is None:
        return Layout(VERSION, DIMENSION)
    number = zlib.crc32(f"{VERSION}/{encoder.identity}".encode()) % _ENCODED_VERSIONS
    return Layout(_FIRST_ENCODED + number, DIMENSION + ENCODED)
