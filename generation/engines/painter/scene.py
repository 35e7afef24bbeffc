"""The plan of one picture, read from its prompt and decided before any paint: where things are, what light falls."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter.moods import MOODS, Mood, Rig, Season, rig_for, season_for
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Colour, mix
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


_HORIZON = {
    "meadow": 0.46,
    "path": 0.44,
    "rows": 0.42,
    "closeup": 0.58,
    "grove": 0.46,
    "pond": 0.36,
    "lake": 0.46,
    "bridge": 0.38,
    "mirror": 0.50,
    "marsh": 0.42,
}
WATERY = frozenset({"pond", "lake", "bridge", "mirror", "marsh"})


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the brushes agree on. Lengths in pixels; `unit` is a thousandth of the picture's mean side."""

    width: int
    height: int
    unit: float
    brief: Brief
    mood: Mood
    emotion: Emotion
    rig: Rig
    season: Season
    layout: str
    horizon: float
    sun: tuple[float, float]
    wind: float
    mist: float
    weather: str
    spot: tuple[float, float, float] | None = None
    """Middle and radius of the circle that the animal fills; None leaves its place to the dice."""

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    @property
    def watery(self) -> bool:
        return self.layout in WATERY

    def lit(self, colour: Colour, light: float | np.ndarray = 1.0, distance: float | np.ndarray = 0.0) -> Colour:
        """A thing's colour under this light: `light` 0 is shade and 1 full light, `distance` 0 is here and 1 far."""
        share = np.asarray(light, np.float32)[..., None]
        tinted = np.clip(colour * (self.rig.ambient * (1 - share) + self.rig.key * share), 0, 1).astype(np.float32)
        return mix(tinted, np.broadcast_to(self.rig.haze, tinted.shape), np.asarray(distance, np.float32))

    def depth_of(self, y: float | np.ndarray) -> np.ndarray:
        """How near the ground at row y is: 0 at the horizon, 1 at the lower edge."""
        return np.clip((np.asarray(y) - self.horizon) / (self.height - self.horizon), 0, 1)


def plan(brief: Brief, dice: Dice, width: int, height: int) -> Scene:
    rng = dice.stream("plan")
    emotion = brief.mood or Emotion(rng.choice([Emotion.CALM, Emotion.HAPPY, Emotion.CALM]))
    mood = MOODS[emotion]
    weather = brief.weather or {Emotion.SAD: "rain", Emotion.ANGRY: "storm"}.get(emotion, "")
    if brief.weather is None and brief.season == "winter":
        weather = "snow" if emotion is not Emotion.ANGRY else "storm"
    rig = rig_for(emotion, brief.time, brief.weather)
    layout = _layout(brief, mood, rng)
    horizon = height * (_HORIZON[layout] + rng.uniform(-0.04, 0.04) + (0.03 if height > width else 0))
    return Scene(
        width=width,
        height=height,
        unit=float(np.sqrt(width * height)) / 1000,
        brief=brief,
        mood=mood,
        emotion=emotion,
        rig=rig,
        season=season_for(brief.season, mood, rng),
        layout=layout,
        horizon=float(horizon),
        sun=_sun(rig, layout, width, horizon, rng),
        wind=_wind(mood, brief.weather, rng),
        mist=min(1.0, mood.mist + (0.5 if brief.weather == "fog" else 0.0)),
        weather=weather,
    )


def _layout(brief: Brief, mood: Mood, rng: np.random.Generator) -> str:
    layout = str(rng.choice(mood.layouts))
    wants_water = brief.animal in {"fish", "duck", "frog"} or brief.flower == "lotus"
    if wants_water and layout not in WATERY:
        return str(rng.choice(["pond", "lake"]))
    if layout == "closeup" and brief.animal not in {None, "butterfly", "bee", "bird"}:
        return str(rng.choice([one for one in mood.layouts if one != "closeup"]))
    return layout


def _sun(rig: Rig, layout: str, width: int, horizon: float, rng: np.random.Generator) -> tuple[float, float]:
    side = rng.choice([0.24, 0.32, 0.68, 0.76]) if layout not in {"path"} else rng.choice([0.4, 0.5, 0.6])
    x = width * (side + rng.uniform(-0.06, 0.06))
    return float(x), float(horizon * (1 - rig.elevation * 0.95 - 0.02))


def _wind(mood: Mood, weather: str | None, rng: np.random.Generator) -> float:
    strength = max(mood.wind, {"windy": 0.8, "storm": 0.9}.get(weather or "", 0.0))
    return float(strength * rng.choice([-1, 1]) * rng.uniform(0.8, 1.2))
