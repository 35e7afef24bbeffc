"""Light rigs: the sky's colours and the light they throw, by mood, by time of day and by weather."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

import numpy as np

from garden.vocabulary import Emotion
from generation.engines.painter.palette import Colour, mix, rgb, saturate


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


def _rig(sky: str, light: str, haze: str, ambient: str, key: str, *numbers: float, moon: bool = False) -> Rig:
    zenith, upper, lower, horizon, glow, far = (rgb(code) for code in f"{sky} {light} {haze}".split())
    shade, shine = (np.array([float(one) for one in tint.split()], np.float32) for tint in (ambient, key))
    elevation, strength, cover, stars = (*numbers, 0.0)[:4]
    return Rig(
        zenith,
        upper,
        lower,
        horizon,
        glow,
        far,
        shade,
        shine,
        elevation=elevation,
        glow=strength,
        cover=cover,
        stars=stars,
        moon=moon,
    )


MOOD_RIGS: Mapping[Emotion, Rig] = MappingProxyType(
    {
        Emotion.HAPPY: _rig(
            "#2F8DE0 #7FC6F0 #E9E6BE #FFD27C", "#FFF2BE", "#E4E2B8", ".62 .66 .60", "1.18 1.06 .80", 0.42, 0.9, 0.42
        ),
        Emotion.SURPRISED: _rig(
            "#4AA9EC #A9CBF4 #FFC4D6 #FFEAD2", "#FFFBF0", "#FFDDE6", ".78 .70 .80", "1.12 1.02 1.02", 0.30, 0.62, 0.45
        ),
        Emotion.CALM: _rig(
            "#2F7F8C #6DB9B4 #C5E8D6 #FAEBCB", "#FFF6DE", "#C9E8DC", ".50 .70 .70", "1.02 1.02 .90", 0.22, 0.7, 0.25
        ),
        Emotion.ANGRY: _rig(
            "#1A0C12 #45121A #B32C1C #FF8E30", "#FFB45C", "#742820", ".42 .25 .26", "1.25 .66 .44", 0.10, 0.9, 0.95
        ),
        Emotion.FEAR: _rig(
            "#0A0722 #1C1348 #43307F #8168BE",
            "#EDE6FF",
            "#4D3D8C",
            ".27 .23 .48",
            ".78 .72 1.15",
            0.62,
            0.55,
            0.38,
            0.8,
            moon=True,
        ),
        Emotion.CONFUSED: _rig(
            "#5D4C97 #A285CB #DCC0E6 #F3E0E6", "#FFF3F2", "#D5C1E6", ".62 .57 .78", "1.0 .96 1.05", 0.5, 0.6, 0.45
        ),
        Emotion.DISGUSTED: _rig(
            "#27330F #5F7024 #A9B548 #E2DF86", "#F3F3AC", "#A4AE56", ".42 .50 .25", ".98 1.02 .56", 0.3, 0.6, 0.5
        ),
        Emotion.SAD: _rig(
            "#2C4270 #4F6B9C #8AA6CB #BCCFE2", "#E3EDF8", "#8EA8CC", ".46 .57 .80", ".74 .86 1.08", 0.55, 0.25, 0.8
        ),
    }
)

TIME_RIGS: Mapping[str, Rig] = MappingProxyType(
    {
        "dawn": _rig(
            "#5D8FC4 #A9C4DE #F6D6C8 #FFE2B0", "#FFF3D6", "#E6DCDA", ".60 .66 .74", "1.08 .98 .88", 0.16, 0.8, 0.3
        ),
        "day": _rig(
            "#2F7FD2 #6FB0E8 #B8DCF2 #E4F1F4", "#FFFDF0", "#C4DEEC", ".68 .74 .80", "1.08 1.05 .98", 0.75, 0.55, 0.35
        ),
        "sunset": _rig(
            "#3C3A7C #A0568C #F28A5E #FFC45C", "#FFE09A", "#E89A78", ".52 .44 .56", "1.28 .88 .62", 0.10, 1.0, 0.5
        ),
        "night": _rig(
            "#050A20 #0E1A40 #20386E #44619A",
            "#F2F2E4",
            "#2C4478",
            ".20 .25 .44",
            ".62 .70 .98",
            0.66,
            0.5,
            0.25,
            1.0,
            moon=True,
        ),
    }
)

_PULL = MappingProxyType({"dawn": 0.5, "day": 0.5, "sunset": 0.6, "night": 0.86})
_CLOUD_COVER = MappingProxyType(
    {
        "sunny": 0.16,
        "cloudy": 0.86,
        "rain": 0.92,
        "snow": 0.8,
        "fog": 0.4,
        "storm": 1.0,
        "windy": 0.55,
    }
)
_OVERCAST = frozenset({"cloudy", "rain", "snow", "fog", "storm"})


def rig_for(mood: Emotion, time: str | None, weather: str | None) -> Rig:
    """The mood's own light, bent toward the time and the weather that were asked for."""
    rig = MOOD_RIGS[mood]
    if time is not None:
        rig = _between(rig, TIME_RIGS[time], _PULL[time])
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
