"""Several photos of one moment read as one: a blink or a word in the middle is outvoted."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Self

from garden.faces.base import ATTRIBUTES, NOT_JUDGED, Attribute, FaceReading, NoFaceError
from garden.faces.quality import Limits, mean_quality, unclear
from garden.vocabulary import Emotion, Gender

MOST = 3
Read = Callable[[bytes], FaceReading]


class Frames(bytes):
    """The first photo's bytes, with those taken right after it, in memory for as long as the photo."""

    others: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, photos: Sequence[bytes]) -> Self:
        frames = cls(photos[0])
        frames.others = tuple(photos[1:])
        return frames


def smoothed(read: Read, limits: Limits | None = None, most: int | None = None) -> Read:
    """The same reading for one photo; the mean of the clear readings for several, or the least unclear one. A frame
    without a face is passed over unless no frame shows one; every other problem is raised at once. Of more than
    `most` frames the first ones are read."""

    def read_all(photo: bytes) -> FaceReading:
        frames = (photo, *photo.others)[:most] if isinstance(photo, Frames) else (photo,)
        if len(frames) == 1:
            return read(photo)
        readings = []
        for frame in frames:
            with suppress(NoFaceError):
                readings.append(read(frame))
        if not readings:
            raise NoFaceError
        return mean_reading(clearest(readings, limits or Limits()))

    return read_all


def clearest(readings: Sequence[FaceReading], limits: Limits) -> list[FaceReading]:
    """All that keep to the limits; else the one that comes nearest to them."""
    clear = [reading for reading in readings if not unclear(reading.quality, limits)]
    return clear or [min(readings, key=lambda reading: unclear(reading.quality, limits))]


def mean_reading(readings: Sequence[FaceReading]) -> FaceReading:
    """Shares and probabilities are averaged; the gender is the majority's, the count of faces the middle one."""
    count = len(readings)
    genders = [reading.gender for reading in readings]
    return replace(
        readings[0],
        scores={emotion: sum(reading.scores[emotion] for reading in readings) / count for emotion in Emotion},
        age_low=round(sum(reading.age_low for reading in readings) / count),
        age_high=round(sum(reading.age_high for reading in readings) / count),
        gender=max(Gender, key=lambda gender: (genders.count(gender), gender is genders[0])),
        faces=sorted(reading.faces for reading in readings)[count // 2],
        confidence=sum(reading.confidence for reading in readings) / count,
        quality=mean_quality([reading.quality for reading in readings]),
        **{name: _mean([getattr(reading, name) for reading in readings]) for name in ATTRIBUTES},
    )


def _mean(attributes: Sequence[Attribute]) -> Attribute:
    judged = [each for each in attributes if each.value is not None]
    if not judged:
        return NOT_JUDGED
    yes = sum(each.confidence if each.value else 1 - each.confidence for each in judged) / len(judged)
    return Attribute(value=yes > 0.5, confidence=max(yes, 1 - yes))
