"""Templates that every garden starts with; their words are in own_templates.toml."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from garden.vocabulary import Emotion
from generation.prompts.templates import Template

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


def own_templates_by_emotion() -> dict[Emotion, list[Template]]:
    """The same, ready for a sweep without a database."""
    found: dict[Emotion, list[Template]] = {emotion: [] for emotion in Emotion}
    for own in own_templates():
        found[own.emotion].append(Template(own.text, own.negative))
    return found


def never_shown() -> str:
    """A negative prompt that fits every mood."""
    return str(_words()["never"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
