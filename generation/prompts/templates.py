"""Prompt templates and their expansion over chosen values, counted before anything is made.

A template is a list of phrases separated by commas, with axes in capitals: `a [ANIMAL] by the pond, [SEASON] garden`.
A phrase that names an axis without a value is left out, so one template serves every choice.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from garden.errors import RefusedError
from garden.vocabulary import Emotion

_PLACEHOLDER = re.compile(r"\[([A-Z][A-Z _-]*)\]")


class Axis(StrEnum):
    """What a template may leave open."""

    EMOTION = "EMOTION"
    ANIMAL = "ANIMAL"
    WEATHER = "WEATHER"
    SEASON = "SEASON"
    TIME = "TIME"


SEASONS = ("spring", "summer", "autumn", "winter")
WEATHERS = ("sunny", "cloudy", "rainy", "snowy")
TIMES = ("morning", "day", "evening", "night")
_SCENERY = (Axis.SEASON, Axis.WEATHER, Axis.TIME)
_WORDS_OF = dict(zip(_SCENERY, (SEASONS, WEATHERS, TIMES), strict=True))


class TemplateError(RefusedError):
    code = "bad_template"


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt with open axes and the negative prompt that goes with it; `record` is its id where it is stored."""

    text: str
    negative: str = ""
    record: int | None = None

    def check(self) -> None:
        """Raise TemplateError when it is empty or names an axis that does not exist."""
        unknown = sorted({name for name in _PLACEHOLDER.findall(self.text) if name not in list(Axis)})
        if unknown:
            raise TemplateError(f"[{unknown[0]}] is not one of {', '.join(f'[{axis}]' for axis in Axis)}.")
        if not self.text.strip(" ,\n"):
            raise TemplateError("A template needs words.")

    def fill(self, values: Mapping[Axis, str]) -> str:
        """The prompt for these values; what has no value, or an empty one, takes its phrase with it."""
        phrases = (" ".join(phrase.split()) for phrase in self.text.split(","))
        return ", ".join(_fill(phrase, values) for phrase in phrases if phrase and _speaks(phrase, values))


def favorite_of(values: Mapping[Axis, str]) -> str:
    """The favorite of a combination: animal, season, weather and time, those that are chosen, joined by commas."""
    return ",".join(values[axis] for axis in (Axis.ANIMAL, *_SCENERY) if values.get(axis))


def values_of(favorite: str) -> dict[Axis, str]:
    """The inverse of `favorite_of`: `cat`, `spring,cloudy,day`, `cat,snowy`.

    Three words that begin with a season are season, weather and time. Otherwise a word of no axis is the animal.
    """
    parts = favorite.split(",") if favorite else []
    if len(parts) == len(_SCENERY) and parts[0] in SEASONS:
        return dict(zip(_SCENERY, parts, strict=True))
    known = {axis: part for part in parts for axis, words in _WORDS_OF.items() if part in words}
    animal = ",".join(part for part in parts if part not in known.values())
    return {Axis.ANIMAL: animal, **known} if animal else known


def _speaks(phrase: str, values: Mapping[Axis, str]) -> bool:
    return all(values.get(Axis(name)) for name in _PLACEHOLDER.findall(phrase))


def _fill(phrase: str, values: Mapping[Axis, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[Axis(found[1])], phrase)


STYLE = "flowers, garden, painterly light"
"""Appended to each prompt by default."""


def bulk_prompt(emotion_text: str, favorite: str = "", others: str = "") -> str:
    """`emotionText[, favorite][, others]`: parts that are empty or only spaces are left out."""
    parts = (part.strip() for part in (emotion_text, favorite, others))
    return ", ".join(part for part in parts if part)


_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A template and its turn among those of its emotion (from 0)."""

    emotion: Emotion
    text: str
    negative: str
    order: int


def own_templates() -> Iterator[OwnTemplate]:
    """Every template, emotion by emotion; a data migration writes them as records."""
    words = _words()
    for emotion in Emotion:
        own = words["emotions"][emotion]
        for order, text in enumerate(own["templates"]):
            yield OwnTemplate(emotion, text, f"{words['never']}, {own['avoid']}", order)


def never_shown() -> str:
    """A negative prompt that fits every mood."""
    return str(_words()["never"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
