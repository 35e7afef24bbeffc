"""A reading as plain data and as lines of text, for people at a terminal."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from garden.emotion.base import Attribute, FaceReading
from garden.emotion.quality import Quality

ATTRIBUTES = ("smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyes_open", "mouth_open")


def as_data(reading: FaceReading) -> dict[str, Any]:
    """JSON-ready; probabilities rounded to four places."""
    return {
        "emotion": reading.emotion.value,
        "scores": {emotion.value: round(score, 4) for emotion, score in reading.scores.items()},
        "age": [reading.age_low, reading.age_high],
        "generation": reading.generation.value,
        "gender": reading.gender.value,
        "faces": reading.faces,
        "confidence": round(reading.confidence, 4),
        **{name: _as_data(getattr(reading, name)) for name in ATTRIBUTES},
        "quality": quality_as_data(reading.quality),
    }


def quality_as_data(quality: Quality | None) -> dict[str, float] | None:
    """What was measured, by its name."""
    if quality is None:
        return None
    return {name: round(value, 4) for name, value in asdict(quality).items() if value is not None}


def _as_data(attribute: Attribute) -> dict[str, Any]:
    return {"value": attribute.value, "confidence": round(attribute.confidence, 4)}


def as_lines(reading: FaceReading) -> Iterator[str]:
    """A table of two columns, the emotions first, the strongest on top."""
    for emotion, score in sorted(reading.scores.items(), key=lambda pair: pair[1], reverse=True):
        yield f"  {emotion.value:<12}{score:6.1%}"
    yield f"  {'age':<12}{reading.age_low}-{reading.age_high} ({reading.generation.value})"
    yield f"  {'gender':<12}{reading.gender.value}"
    for name in ATTRIBUTES:
        attribute: Attribute = getattr(reading, name)
        yield f"  {name.replace('_', ' '):<12}{_as_words(attribute)}"
    yield f"  {'faces':<12}{reading.faces} (confidence {reading.confidence:.0%})"
    for name, value in (quality_as_data(reading.quality) or {}).items():
        yield f"  {name.replace('_', ' '):<12} {value:.4g}"


def _as_words(attribute: Attribute) -> str:
    if attribute.value is None:
        return "not judged"
    return f"{'yes' if attribute.value else 'no'} ({attribute.confidence:.0%})"
