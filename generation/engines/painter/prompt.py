"""Reading the prompt: which words the painter knows, and what it makes of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from garden.vocabulary import Emotion
from generation.prompts.weights import strip_weights

Meaning = TypeVar("Meaning")

_MOODS = MappingProxyType(
    {
        Emotion.HAPPY: "happy happiness joy joyful cheerful glad delighted",
        Emotion.SURPRISED: "surprised surprise surprising amazed astonished wonder",
        Emotion.CALM: "calm calmness peaceful serene tranquil relaxed quiet neutral",
        Emotion.ANGRY: "angry anger rage furious mad",
        Emotion.FEAR: "fear fearful afraid scared frightened terrified",
        Emotion.CONFUSED: "confused confusion confusing puzzled bewildered",
        Emotion.DISGUSTED: "disgusted disgust disgusting revolted",
        Emotion.SAD: "sad sadness sorrow melancholy gloomy unhappy",
    }
)
_ANIMALS = MappingProxyType(
    {
        "cat": "cat cats kitten kittens kitty",
        "dog": "dog dogs puppy puppies",
        "bird": "bird birds robin sparrow songbird",
        "rabbit": "rabbit rabbits bunny bunnies hare",
        "butterfly": "butterfly butterflies",
        "fish": "fish fishes koi goldfish carp",
        "deer": "deer fawn stag doe",
        "fox": "fox foxes",
        "owl": "owl owls",
        "turtle": "turtle turtles tortoise",
        "bee": "bee bees bumblebee honeybee",
        "horse": "horse horses pony foal",
        "duck": "duck ducks duckling swan swans",
        "squirrel": "squirrel squirrels",
        "hedgehog": "hedgehog hedgehogs",
        "elephant": "elephant elephants",
        "frog": "frog frogs toad",
        "bear": "bear bears panda",
    }
)
_FLOWERS = MappingProxyType(
    {
        "sunflower": "sunflower sunflowers",
        "camellia": "camellia camellias rose roses peony",
        "lotus": "lotus waterlily lily lilies",
        "poppy": "poppy poppies",
        "iris": "iris irises",
        "passion": "passionflower passion",
        "moss": "moss mushroom mushrooms fungus fungi fern ferns",
        "bluebell": "bluebell bluebells hyacinth",
        "daisy": "daisy daisies chamomile",
        "tulip": "tulip tulips",
        "lavender": "lavender lavenders",
    }
)
_SEASONS = MappingProxyType(
    {
        "spring": "spring springtime",
        "summer": "summer",
        "autumn": "autumn fall",
        "winter": "winter wintry",
    }
)
_WEATHERS = MappingProxyType(
    {
        "sunny": "sunny clear sunshine",
        "cloudy": "cloudy clouds overcast",
        "rain": "rain rainy raining drizzle",
        "snow": "snow snowy snowing",
        "fog": "fog foggy mist misty",
        "storm": "storm stormy thunder lightning",
        "windy": "windy wind breeze",
    }
)
_TIMES = MappingProxyType(
    {
        "dawn": "dawn morning sunrise",
        "day": "day daytime noon afternoon",
        "sunset": "sunset evening dusk twilight",
        "night": "night midnight moonlight",
    }
)

_ALWAYS = frozenset(
    {
        *("a", "an", "and", "at", "beside", "by", "for", "from", "in", "into", "near", "of", "on", "over", "the", "to"),
        *("under", "with", "flower", "flowers", "garden", "gardens", "meadow", "painted", "painting", "picture"),
    }
)
"""Words of grammar, and of what every picture shows."""


def _words_to_meaning(table: MappingProxyType[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in table.items() for word in words.split()}


_MOOD_OF = {word: mood for mood, words in _MOODS.items() for word in words.split()}
_ANIMAL_OF = _words_to_meaning(_ANIMALS)
_FLOWER_OF = _words_to_meaning(_FLOWERS)
_SEASON_OF = _words_to_meaning(_SEASONS)
_WEATHER_OF = _words_to_meaning(_WEATHERS)
_TIME_OF = _words_to_meaning(_TIMES)
_THINGS = (_ANIMAL_OF, _FLOWER_OF, _SEASON_OF, _WEATHER_OF, _TIME_OF)

ANIMALS = tuple(_ANIMALS)
FLOWERS = tuple(_FLOWERS)
SEASONS = tuple(_SEASONS)
WEATHERS = tuple(_WEATHERS)
TIMES = tuple(_TIMES)


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

    def first(table: dict[str, Meaning]) -> Meaning | None:
        return next((table[word] for word in words if word in table), None)

    return Brief(
        mood=first(_MOOD_OF),
        animal=first(_ANIMAL_OF),
        flower=first(_FLOWER_OF),
        season=first(_SEASON_OF),
        weather=first(_WEATHER_OF),
        time=first(_TIME_OF),
    )


def ignored_words(prompt: str, *, only_moods: bool = False) -> tuple[str, ...]:
    """Words that change nothing but the dice: unknown ones, and those after another of their kind.

    `only_moods` is for repainting that keeps things as they are.
    """
    tables: tuple[Mapping[str, str], ...] = (_MOOD_OF, *(() if only_moods else _THINGS))
    heeded: dict[int, str] = {}
    ignored = {}
    for word in re.findall(r"[^\W\d_]+", strip_weights(prompt).lower()):
        kind, meaning = next(((kind, table[word]) for kind, table in enumerate(tables) if word in table), (-1, ""))
        if word not in _ALWAYS and (not meaning or heeded.setdefault(kind, meaning) != meaning):
            ignored[word] = True
    return tuple(ignored)
