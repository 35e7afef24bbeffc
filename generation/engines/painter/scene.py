"""The plan of one picture, read from its prompt and decided before any paint: where things are, what light falls."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter.drawings import ANIMALS as DRAWN
from generation.engines.painter.drawings import FLOWERS as GROWN
from generation.engines.painter.moods import MOODS, Mood, Palette, palette_for
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, mix, rgb
from generation.engines.painter.variety import LAYOUTS, Design, designs
from generation.prompts.weights import strip_weights

_TABLES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
_WORDS = {kind: table for kind, table in _TABLES.items() if kind != "always"}
_MEANINGS = {
    kind: {word: meaning for meaning, words in table.items() for word in words.split()}
    for kind, table in _WORDS.items()
}
"""For each kind of thing, the meaning of each word."""
ANIMALS, FLOWERS, SEASONS, WEATHERS, TIMES = (
    tuple(_WORDS[kind]) for kind in ("animal", "flower", "season", "weather", "time")
)
KNOWN_WORDS = tuple(dict.fromkeys(meaning for table in _WORDS.values() for meaning in table))
"""One word for each thing that it draws."""
_ALWAYS = frozenset(_TABLES["always"]["words"].split())
"""Words of grammar, and of what every picture shows."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The settings of a prompt; None where it has none and the painter chooses."""

    mood: Emotion | None = None
    animal: str | None = None
    pose: str | None = None
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


def ignored_words(prompt: str, *, only_moods: bool = False, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Words that change nothing but the dice: unknown ones, those after another of their kind, poses no drawing has.

    `only_moods` is for repainting that keeps things as they are; `without` are kinds that find no room.
    """
    tables = {kind: table for kind, table in _MEANINGS.items() if kind == "mood" or not only_moods}
    tables = {kind: table for kind, table in tables.items() if kind not in without}
    brief = read_prompt(prompt)
    if "pose" in tables and not posed(brief):
        del tables["pose"]
    heeded: dict[str, str] = {}
    ignored = {}
    for word in re.findall(r"[^\W\d_]+", strip_weights(prompt).lower()):
        kind, meaning = next(((kind, table[word]) for kind, table in tables.items() if word in table), ("", ""))
        if word not in _ALWAYS and (not meaning or heeded.setdefault(kind, meaning) != meaning):
            ignored[word] = True
    return tuple(ignored)


def posed(brief: Brief) -> dict[str, tuple[str, ...]]:
    """The poses of the animal by its homes; only those of the requested pose, all where there is no request."""
    if brief.animal is None:
        return {}
    animal, words = DRAWN[brief.animal], _WORDS["pose"][brief.pose].split() if brief.pose else []
    homes = {home: animal.poses(home) for home in ("ground", "air", "water")}
    return {
        home: kept
        for home, poses in homes.items()
        if (kept := tuple(pose for pose in poses if not words or pose.split("-")[0] in words))
    }


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the brushes agree on. Lengths in pixels; `unit` is a thousandth of the picture's mean side."""

    width: int
    height: int
    brief: Brief
    emotion: Emotion
    mood: Mood
    palette: Palette
    design: Design
    flowers: tuple[tuple[str, Colour], ...]
    """Species and colours, the leading ones first."""
    chorus: tuple[tuple[str, Colour], ...]
    season: str
    weather: str
    wind: float
    homes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Poses of the animal by where it may be."""

    @property
    def unit(self) -> float:
        return float(np.sqrt(self.width * self.height)) / 1000

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    @property
    def horizon(self) -> float:
        return self.design.horizon * self.height

    @property
    def sun(self) -> tuple[float, float]:
        return self.design.sun * self.width, self.horizon * self.design.elevation


def plan(brief: Brief, dice: Dice, width: int, height: int) -> Scene:
    rng = dice.stream("plan")
    emotion = brief.mood or Emotion(rng.choice([Emotion.CALM, Emotion.HAPPY, Emotion.CALM]))
    mood = MOODS[emotion]
    weather = brief.weather or {Emotion.SAD: "rain" if rng.random() < 0.5 else "", Emotion.ANGRY: ""}.get(emotion, "")
    snowy = brief.season == "winter" or brief.weather == "snow"
    season = "winter" if snowy else brief.season or ""
    homes = posed(brief) or posed(Brief(animal=brief.animal))
    layouts = _layouts(brief, emotion, season, homes)
    design = designs(f"{brief}{dice.run}", portrait=height > width, layouts=layouts)[dice.place]
    if brief.season == "winter" and brief.weather is None and rng.random() < 0.6:
        weather = "snow"
    palette = palette_for(mood, design.palette, brief.time, brief.weather, season or None)
    indoors = LAYOUTS[design.layout].indoors
    flowers, chorus = _flowers(brief, mood, palette, design, "" if indoors else season)
    wind = max(mood.wind, {"windy": 0.8, "storm": 0.9}.get(weather, 0.0)) * rng.choice([-1, 1]) * rng.uniform(0.8, 1.2)
    return Scene(
        width=width,
        height=height,
        brief=brief,
        emotion=emotion,
        mood=mood,
        palette=palette,
        design=design,
        flowers=flowers,
        chorus=chorus,
        season=season,
        weather=weather,
        wind=0.0 if indoors else float(wind),
        homes=homes,
    )


def _layouts(brief: Brief, emotion: Emotion, season: str, homes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Compositions that can show what the prompt names."""
    fitting = {name: layout for name, layout in LAYOUTS.items() if not layout.moods or emotion in layout.moods}
    if brief.animal is not None:
        small = {"small"} if DRAWN[brief.animal].small else set()
        fitting = {name: one for name, one in fitting.items() if one.homes & ({*homes} | small)}
    if brief.flower == "lotus":
        fitting = {name: one for name, one in fitting.items() if one.lotus} or fitting
    if brief.flower is not None and not _blooms(brief.flower, season):
        fitting = {name: one for name, one in fitting.items() if one.indoors} or fitting
    if brief.weather is not None or brief.time is not None:
        fitting = {name: one for name, one in fitting.items() if one.sky or one.indoors} or fitting
    return tuple(fitting)


def _blooms(species: str, season: str) -> bool:
    return not season or not GROWN[species].bloom or season in GROWN[species].bloom


_FALLBACK = {"spring": "tulip", "summer": "daisy", "autumn": "seedhead", "winter": "snowdrop"}
_WINTER = ("berries", "seedhead", "snowdrop")


def _flowers(
    brief: Brief, mood: Mood, palette: Palette, design: Design, season: str
) -> tuple[tuple[tuple[str, Colour], ...], tuple[tuple[str, Colour], ...]]:
    """What leads and what accompanies it; only what flowers in the season, unless the prompt names it."""
    blooms = palette.blooms
    chorus = [name for name in mood.chorus if _blooms(name, season)] or [_FALLBACK[season]]
    if season == "winter":
        chorus = list(_WINTER)
    hero = mood.hero if _blooms(mood.hero, season) else chorus[design.lead % len(chorus)]
    if hero == "lotus" and not LAYOUTS[design.layout].lotus:
        hero = chorus[0]
    second, third = mix(blooms[0], blooms[1], 0.5), blooms[1]
    colours: tuple[Colour, ...] = ((blooms[0], second, third), (third, second, blooms[0]))[design.lead % 2]
    if brief.flower is not None:
        own = brief.flower == mood.hero
        hero, colours = brief.flower, colours if own else tuple(rgb(code) for code in GROWN[brief.flower].colours)
    leading = tuple((hero, colour) for colour in colours)
    return leading, tuple((chorus[i % len(chorus)], blooms[(2, 3, 2, 1)[i]]) for i in range(4))
