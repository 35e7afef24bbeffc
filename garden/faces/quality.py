"""How well a face can be seen, apart from what it shows: measures, the limits on them, and what is beyond a limit.

Units are the same for all analyzers; a measure that an analyzer does not take is None and is never beyond a limit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class Fault(StrEnum):
    """Why a face cannot be read. Causes come before their effects: a small face is blurred too."""

    SEVERAL = "several"
    SMALL = "small"
    DARK = "dark"
    BRIGHT = "bright"
    BLURRED = "blurred"
    TILTED = "tilted"
    TURNED = "turned"
    COVERED = "covered"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Measured on the face that was read.

    `sharpness` 0 … 1 (as the analyzer measures it; 1 is sharp); `brightness` 0 … 1; `glare` 0 … 1, the part of the
    face that a reflection burns white; `eye_distance` between the middles of the eyes in pixels of the photo; `yaw`,
    `pitch` and `roll` in degrees, 0 for who looks at the camera (positive: to the person's own left, up, tilted
    clockwise as seen); `covered` 0 … 1, how likely something hides a part of the face; `live` 0 … 1, the probability of
    a live person; `beside` other faces about as large as it.
    """

    sharpness: float | None = None
    brightness: float | None = None
    glare: float | None = None
    eye_distance: float | None = None
    yaw: float | None = None
    pitch: float | None = None
    roll: float | None = None
    covered: float | None = None
    live: float | None = None
    beside: int | None = None

    def as_data(self) -> dict[str, float]:
        """What was measured, by its name; rounded to four places."""
        return {name: round(value, 4) for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a face must keep to, in the units of `Quality`; None is no limit. An analyzer names its own."""

    least_sharpness: float | None = None
    most_sharpness: float | None = None
    darkest: float | None = None
    brightest: float | None = None
    most_glare: float | None = None
    least_eye_distance: float | None = None
    most_yaw: float | None = None
    most_pitch: float | None = None
    most_roll: float | None = None
    most_covered: float | None = None
    least_live: float | None = None
    most_beside: int | None = None


def faults(quality: Quality | None, limits: Limits) -> tuple[Fault, ...]:
    """What is beyond its limit, in the order in which to mend it; nothing where nothing was measured."""
    return tuple(beyond(quality, limits)) if quality else ()


def beyond(quality: Quality, limits: Limits) -> dict[Fault, float]:
    """How far each fault is beyond its limit, as a part of the limit."""
    found = ((fault, excess(quality, limits)) for fault, excess in _EXCESSES.items())
    return {fault: far for fault, far in found if far > 0}


OF_THE_MOMENT = (Fault.SEVERAL, Fault.PICTURE)
"""Faults that no choice among the frames of a moment mends: another frame is another chance to be taken in."""


def unclear(quality: Quality | None, limits: Limits) -> float:
    """How far this frame is beyond the limit; 0 within it."""
    found = beyond(quality, limits) if quality else {}
    return sum(far for fault, far in found.items() if fault not in OF_THE_MOMENT)


def mean_quality(qualities: Sequence[Quality | None]) -> Quality | None:
    """Of what was measured; of those beside, the most."""
    known = [quality for quality in qualities if quality]
    if not known:
        return None
    beside = [quality.beside for quality in known if quality.beside is not None]
    names = [field.name for field in fields(Quality) if field.name != "beside"]
    means = {name: _mean([getattr(quality, name) for quality in known]) for name in names}
    return Quality(**means, beside=max(beside, default=None))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _below(value: float | None, limit: float | None) -> float:
    return 0.0 if value is None or limit is None else (limit - value) / max(limit, _TINY)


def _above(value: float | None, limit: float | None) -> float:
    return 0.0 if value is None or limit is None else (value - limit) / max(limit, _TINY)


def _turned(quality: Quality, limits: Limits) -> float:
    return max(_angle(quality.yaw, limits.most_yaw), _angle(quality.pitch, limits.most_pitch))


def _angle(angle: float | None, limit: float | None) -> float:
    return _above(None if angle is None else abs(angle), limit)


def _picture(quality: Quality, limits: Limits) -> float:
    """No person by the liveness networks, or sharper than a camera draws a face: edges of ink, areas of one colour."""
    return max(_below(quality.live, limits.least_live), _above(quality.sharpness, limits.most_sharpness))


_TINY = 1e-6
_EXCESSES: Mapping[Fault, Callable[[Quality, Limits], float]] = {
    Fault.SEVERAL: lambda quality, limits: _above(quality.beside, limits.most_beside),
    Fault.SMALL: lambda quality, limits: _below(quality.eye_distance, limits.least_eye_distance),
    Fault.DARK: lambda quality, limits: _below(quality.brightness, limits.darkest),
    Fault.BRIGHT: lambda quality, limits: max(
        _above(quality.brightness, limits.brightest), _above(quality.glare, limits.most_glare)
    ),
    Fault.BLURRED: lambda quality, limits: _below(quality.sharpness, limits.least_sharpness),
    Fault.TILTED: lambda quality, limits: _angle(quality.roll, limits.most_roll),
    Fault.TURNED: _turned,
    Fault.COVERED: lambda quality, limits: _above(quality.covered, limits.most_covered),
    Fault.PICTURE: _picture,
}
