"""What every reading keeps to, whoever made it: an analyzer of ours, or a kiosk in its own page."""

import math
from collections.abc import Iterator, Mapping

from garden.emotion.base import Attribute, FaceReading
from garden.emotion.report import ATTRIBUTES
from garden.vocabulary import Emotion

OLDEST = 120
MOST_FACES = 100
ROUNDING = 0.01
"""How far the eight scores may be from summing to 1: each may be rounded to three places."""


def flaws(reading: FaceReading) -> Mapping[str, str]:
    """What is wrong with a reading, by the name of the field; nothing where it is sound."""
    return dict(_flaws(reading))


def _flaws(reading: FaceReading) -> Iterator[tuple[str, str]]:
    if set(reading.scores) != set(Emotion):
        yield "scores", f"all of {', '.join(Emotion)} are needed, and nothing else"
    elif not all(_is_share(score) for score in reading.scores.values()):
        yield "scores", "each is a share from 0 to 1"
    elif abs(sum(reading.scores.values()) - 1) > ROUNDING:
        yield "scores", "they sum to 1"
    if not 0 <= reading.age_low < reading.age_high <= OLDEST:
        yield "age", f"whole years from 0 to {OLDEST}, the low below the high"
    if not 1 <= reading.faces <= MOST_FACES:
        yield "faces", f"from 1 to {MOST_FACES}"
    if not _is_share(reading.confidence):
        yield "confidence", "a share from 0 to 1"
    yield from (
        (name, "a confidence from 0.5 to 1, or not judged") for name in ATTRIBUTES if not _is_told(reading, name)
    )


def _is_share(number: float) -> bool:
    return math.isfinite(number) and 0 <= number <= 1


def _is_told(reading: FaceReading, name: str) -> bool:
    attribute: Attribute = getattr(reading, name)
    return attribute.confidence == 0 if attribute.value is None else 0.5 <= attribute.confidence <= 1
