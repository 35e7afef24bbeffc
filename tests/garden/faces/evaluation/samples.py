"""Labelled photographs whose readings are known beforehand."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from garden.faces.base import Attribute, FaceReading
from garden.faces.evaluation.labels import WORDS, Labelled, LabelledSample
from garden.vocabulary import Emotion, Gender

_numbers = count(1)


def reading(emotion: str, confidence: float = 0.8, **changes: Any) -> FaceReading:
    """Sure of one emotion; the rest is shared out evenly."""
    scores = dict.fromkeys(Emotion, (1 - confidence) / 7) | {Emotion(emotion): confidence}
    no = Attribute(value=False, confidence=0.9)
    described: dict[str, Any] = {
        "scores": scores,
        "age_low": 30,
        "age_high": 40,
        "gender": Gender.MALE,
        "smile": no,
        "eyeglasses": no,
        "sunglasses": no,
        "beard": no,
        "mustache": no,
        "eyes_open": no,
        "mouth_open": no,
        "faces": 1,
        "confidence": 0.9,
    }
    return FaceReading(**(described | changes))


def sample(
    label: str,
    read: str | FaceReading | None,
    *,
    gender: str = "",
    age: float | None = None,
    attributes: Mapping[str, bool] | None = None,
    person: str = "",
    source: str | None = None,
    likely: bool = False,
) -> LabelledSample:
    """A photograph that people call `label` and an analyzer `read`, of somebody new each time."""
    number = next(_numbers)
    known = Gender(gender.capitalize()) if gender else None
    emotion = WORDS.get(label)
    named = person or f"person {number}"
    labelled = Labelled(Path(f"{number}.jpg"), named, label, emotion, known, age, attributes or {}, source, likely)
    return LabelledSample(labelled, reading(read) if isinstance(read, str) else read, 20.0)
