"""What moods, times of day and seasons look like: plants, colours and light. Their tables are in moods.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter.palette import Colour, mix, rgb, saturate

_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Rig:
    """Sky colours from the top down, the light's own colour, and what it does to things.

    `ambient` and `key` multiply a thing's colour in shade and in light; `haze` is what distance adds;
    `elevation` is the light's height in the sky [0, 1]; `glow`, `stars` and `cover` (clouds) are amounts in [0, 1].
    """

    zenith: Colour
    upper: Colour
    lower: Colour
    horizon: Colour
    light: Colour
    haze: Colour
    ambient: Colour
    key: Colour
    elevation: float
    glow: float
    cover: float
    stars: float = 0.0
    moon: bool = False


@dataclass(frozen=True, slots=True)
class Mood:
    """`hero` is the mood's flower, `chorus` the smaller flowers around it (species, colour); `layouts` its gardens."""

    accent: str
    hero: str
    hero_colours: Sequence[str]
    chorus: Sequence[Sequence[str]]
    meadow: Sequence[str]
    foliage: Sequence[str]
    blossom: str
    trees: Sequence[str]
    layouts: Sequence[str]
    drift: str
    wind: float
    grade: Sequence[str]
    contrast: float
    mist: float
    rig: Rig


def _rig(
    sky: Sequence[str], light: str, haze: str, ambient: Sequence[float], key: Sequence[float], **numbers: Any
) -> Rig:
    zenith, upper, lower, horizon = (rgb(code) for code in sky)
    shade, shine = (np.array(tint, np.float32) for tint in (ambient, key))
    return Rig(zenith, upper, lower, horizon, rgb(light), rgb(haze), shade, shine, **numbers)


MOODS: Mapping[Emotion, Mood] = {
    Emotion(name): Mood(**{**row, "rig": _rig(**row["rig"])}) for name, row in _TABLES["moods"].items()
}
_TIMES = {name: _rig(**row) for name, row in _TABLES["times"].items()}
_TIME_PULL = {"dawn": 0.5, "day": 0.5, "sunset": 0.6, "night": 0.86}
_CLOUD_COVER = {
    "sunny": 0.16,
    "cloudy": 0.86,
    "rain": 0.92,
    "snow": 0.8,
    "fog": 0.4,
    "storm": 1.0,
    "windy": 0.55,
}
_OVERCAST = frozenset({"cloudy", "rain", "snow", "fog", "storm"})


def rig_for(mood: Emotion, time: str | None, weather: str | None) -> Rig:
    """The mood's own light, shifted toward the requested time and weather."""
    rig = MOODS[mood].rig
    if time is not None:
        rig = _between(rig, _TIMES[time], _TIME_PULL[time])
    if weather in _OVERCAST:
        rig = _overcast(rig, 0.7 if weather == "storm" else 0.35)
    if weather == "sunny":
        rig = _clear(rig)
    if weather is not None:
        rig = replace(rig, cover=_CLOUD_COVER[weather], stars=rig.stars * (weather not in _OVERCAST))
    return rig


def _between(first: Rig, second: Rig, share: float) -> Rig:
    values: dict[str, object] = {}
    for one in fields(Rig):
        a, b = getattr(first, one.name), getattr(second, one.name)
        if isinstance(a, bool):
            values[one.name] = b
        elif isinstance(a, float):
            values[one.name] = a + (b - a) * share
        else:
            values[one.name] = mix(a, b, share)
    return Rig(**values)  # type: ignore[arg-type]


def _clear(rig: Rig) -> Rig:
    return replace(
        rig,
        zenith=saturate(rig.zenith * 1.04, 1.2),
        upper=saturate(rig.upper * 1.05, 1.2),
        key=rig.key * 1.14,
        ambient=rig.ambient * 1.08,
        glow=min(1.0, rig.glow * 1.15),
    )


def _overcast(rig: Rig, amount: float) -> Rig:
    grey = saturate(mix(rig.haze, rig.upper, 0.5), 0.5) * (1 - 0.25 * amount)
    return replace(
        rig,
        zenith=mix(rig.zenith, grey * 0.7, amount),
        upper=mix(rig.upper, grey * 0.85, amount),
        lower=mix(rig.lower, grey, amount),
        horizon=mix(rig.horizon, grey * 1.05, amount * 0.7),
        key=mix(rig.key, rig.ambient * 1.15, amount),
        glow=rig.glow * (1 - 0.6 * amount),
    )


@dataclass(frozen=True, slots=True)
class Season:
    """Ground colours (far, near), leaf colours, how dense leaves, flowers and snow are [0, 1], blossom on trees."""

    name: str
    ground_far: Colour
    ground_near: Colour
    leaves: tuple[Colour, ...]
    leafiness: float
    bloom: float
    snow: float
    blossoming: bool
    falling_leaves: bool


def season_for(name: str | None, mood: Mood, rng: np.random.Generator) -> Season:
    """The mood's own greens, shifted toward the requested season (None: the mood's own time of year)."""
    leaves = tuple(rgb(code) for code in mood.foliage)
    far, near = (rgb(code) for code in mood.meadow)
    if name is not None:
        season = _TABLES["seasons"][name]
        pull, targets = season["pull"], [rgb(code) for code in season["leaves"]]
        leaves = tuple(mix(leaves[i % len(leaves)], one, pull) for i, one in enumerate(targets))
        far, near = (mix(own, rgb(code), pull) for own, code in zip((far, near), season["ground"], strict=True))
    return Season(
        name=name or "",
        ground_far=far,
        ground_near=near,
        leaves=leaves,
        leafiness={"winter": 0.12, "autumn": 0.85}.get(name or "", 1.0),
        bloom={"winter": 0.35, "autumn": 0.7, "spring": 1.15}.get(name or "", 1.0),
        snow=0.9 if name == "winter" else 0.0,
        blossoming=name == "spring" and bool(rng.random() < 0.7),
        falling_leaves=name == "autumn",
    )
