"""What moods, times of day, seasons and weather look like: plants, colours, light. Their tables are in moods.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter.palette import WHITE, Colour, mix, rgb, saturate

_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
TIMES: Mapping[str, Any] = _TABLES["times"]
SEASONS: Mapping[str, Any] = _TABLES["seasons"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture; `ground` from far to near, `blooms` with the leading one first."""

    top: Colour
    low: Colour
    sun: Colour
    ground: tuple[Colour, Colour, Colour]
    dark: Colour
    leaf: Colour
    blooms: tuple[Colour, ...]
    key: Colour
    """What the light multiplies a thing's own colour with."""
    night: bool = False
    snow: bool = False

    def lit(self, colour: Colour, light: float = 1.0) -> Colour:
        """A thing's colour in this light; 0 is in the shade."""
        return np.asarray(np.clip(mix(colour * self.key, self.dark, 0.45 * (1 - light)), 0, 1), np.float32)


@dataclass(frozen=True, slots=True)
class Mood:
    hero: str
    chorus: Sequence[str]
    trees: Sequence[str]
    wind: float
    drift: str
    palettes: Sequence[Mapping[str, Any]]
    night: bool = False

    def palette(self, number: int) -> Palette:
        """One of the mood's own, in its own light."""
        row = self.palettes[number]
        top, low = (rgb(code) for code in row["sky"])
        far, middle, near = (rgb(code) for code in row["ground"])
        sun = rgb(row["sun"])
        key = mix(WHITE, mix(low, sun, 0.5), 0.25)
        if self.night:
            key = mix(key, low, 0.35)
        blooms = tuple(rgb(code) for code in row["blooms"])
        ground = (far, middle, near)
        return Palette(top, low, sun, ground, rgb(row["dark"]), rgb(row["leaf"]), blooms, key, self.night)


MOODS: Mapping[Emotion, Mood] = {Emotion(name): Mood(**row) for name, row in _TABLES["moods"].items()}


def palette_for(mood: Mood, number: int, time: str | None, weather: str | None, season: str | None) -> Palette:
    """A palette of the mood in a season, a weather and at a time of day."""
    palette = mood.palette(number)
    if season is not None or weather == "snow":
        palette = _in_season(palette, "winter" if weather == "snow" else str(season))
    if weather is not None:
        palette = _in_weather(palette, weather)
    return palette if time is None else _at(palette, time)


def _in_season(palette: Palette, season: str) -> Palette:
    row = SEASONS[season]
    ground, leaf, pull = rgb(row["ground"]), rgb(row["leaf"]), row["pull"]
    snow = season == "winter"
    if snow:
        ground = mix(ground, palette.low, 0.22)
    shaded = (mix(one, ground * (1 - 0.05 * i), pull) for i, one in enumerate(palette.ground))
    far, middle, near = shaded
    if palette.night:
        far, middle, near = (mix(one, palette.top, 0.45) for one in (far, middle, near))
    return replace(palette, ground=(far, middle, near), leaf=mix(palette.leaf, leaf, pull), snow=snow)


def _in_weather(palette: Palette, weather: str) -> Palette:
    if weather == "sunny":
        return replace(palette, top=saturate(palette.top, 1.2), key=np.clip(palette.key * 1.06, 0, 1.1))
    if weather == "windy":
        return replace(palette, top=mix(palette.top, palette.low, 0.15))
    amount = {"storm": 0.6, "rain": 0.4, "fog": 0.3}.get(weather, 0.25)
    dim = {"storm": 0.72, "rain": 0.88}.get(weather, 0.97)
    veil = saturate(mix(palette.top, palette.low, 0.5), 0.45) * dim
    far, middle, near = (mix(saturate(one, 1 - 0.3 * amount) * dim, veil, 0.2 * amount) for one in palette.ground)
    return replace(
        palette,
        top=mix(palette.top, veil * 0.86, amount + 0.1),
        low=mix(palette.low, veil, amount),
        sun=mix(palette.sun, palette.low, 0.4),
        ground=(far, middle, near),
        key=palette.key * dim,
    )


def _at(palette: Palette, time: str) -> Palette:
    row = TIMES[time]
    (top, low), pull, shade = (rgb(code) for code in row["sky"]), row["pull"], row["shade"]
    dusk = mix(top, palette.dark, 0.4)
    far, middle, near = (mix(one, dusk, max(0.0, shade)) * (1 - min(0.0, shade)) for one in palette.ground)
    night = time == "night"
    key = mix(palette.key, mix(low, WHITE, 0.45), 0.75 if night else 0.3)
    return replace(
        palette,
        top=mix(palette.top, top, pull),
        low=mix(palette.low, low, pull),
        sun=mix(palette.sun, rgb(row["sun"]), pull),
        ground=(far, middle, near),
        leaf=mix(palette.leaf, dusk, max(0.0, shade) * 0.8),
        key=np.clip(key, 0, 1.1),
        night=night or (palette.night and time != "day"),
    )
