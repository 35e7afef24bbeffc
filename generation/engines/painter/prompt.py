"""Reading the prompt: which words the painter knows, and what it makes of them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from garden.vocabulary import Emotion
from generation.prompts.weights import strip_weights

_TABLES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
_WORDS = {kind: table for kind, table in _TABLES.items() if kind != "always"}
_MEANINGS = {
    kind: {word: meaning for meaning, words in table.items() for word in words.split()}
    for kind, table in _WORDS.items()
}
"""For each kind of thing, what a word stands for."""
ANIMALS, FLOWERS, SEASONS, WEATHERS, TIMES = (
    tuple(_WORDS[kind]) for kind in ("animal", "flower", "season", "weather", "time")
)
_ALWAYS = frozenset(_TABLES["always"]["words"].split())
"""Words of grammar, and of what every picture shows."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a prompt asks for; None where it leaves the choice to the painter."""

    mood: Emotion | None = None
    animal: str | None = None
    flower: str | None = None
    season: str | None = None
    weather: str | None = None
    time: str | None = None


def read_prompt(prompt: str) -> Brief:
    """The first known word of each kind, in any order and case; all other words only change the dice."""
    words = re.findall(r"[a-z]+", prompt.lower())
    known = {kind: next((table[word] for word in words if word in table), None) for kind, table in _MEANINGS.items()}
    mood = known.pop("mood")
    return Brief(mood=Emotion(mood) if mood else None, **known)


def ignored_words(prompt: str, *, only_moods: bool = False) -> tuple[str, ...]:
    """Words that change nothing but the dice: unknown ones, and those after another of their kind.

    `only_moods` is for repainting that keeps things as they are.
    """
    tables = {"mood": _MEANINGS["mood"]} if only_moods else _MEANINGS
    heeded: dict[str, str] = {}
    ignored = {}
    for word in re.findall(r"[^\W\d_]+", strip_weights(prompt).lower()):
        kind, meaning = next(((kind, table[word]) for kind, table in tables.items() if word in table), ("", ""))
        if word not in _ALWAYS and (not meaning or heeded.setdefault(kind, meaning) != meaning):
            ignored[word] = True
    return tuple(ignored)
