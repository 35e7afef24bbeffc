"""The recipe of a batch: one schema for the form, for JSON, and for a client's script."""

import dataclasses
import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from generation.retouch.regions import ALL, DRAWN, FACE, REACHES, REGIONS, SEGMENT, check_whole, read_region
from generation.retouch.settings import BadRecipeError, BadSettingError, RetouchSettings

MARGINS = (0, 1_000)
USUAL_MARGIN = 64


class Part(StrEnum):
    """What of a picture goes to the engine."""

    PICTURE = "picture"
    REGION = "region"


_WRITTEN = re.compile(r"\s*(\d{1,15})\s*\.\.\.?\s*(\d{1,15}|Infinity)\s*")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from `first` to `last`; `last` may be infinite."""

    first: int = 0
    last: float = math.inf

    @classmethod
    def from_json(cls, field: str, given: Any) -> Self:
        """Raises BadRecipeError naming the field."""
        match = _WRITTEN.fullmatch(given) if isinstance(given, str) else None
        if match is None:
            raise BadRecipeError(field, "must be written as 1...50 or 0...Infinity")
        last = math.inf if match[2] == "Infinity" else int(match[2])
        if last < int(match[1]):
            raise BadRecipeError(field, "must not end before it begins")
        return cls(int(match[1]), last)

    def __str__(self) -> str:
        return f"{self.first}...{'Infinity' if math.isinf(self.last) else int(self.last)}"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last


def number_in(name: str) -> int | None:
    """The first number in a file's name (its folders do not count), as the client's batch reads it."""
    match = _NUMBER.search(name.rpartition("/")[2])
    return int(match[0]) if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """`range` counts the chosen pictures from 1, `numbers` is of the first number in a file's name; both hold.

    `region` is a kind of `generation.retouch.regions` (or `mask`: it was drawn), found in the whole picture, grown
    by `expand` pixels and then shrunk by `shrink`. `part` is the whole picture, or the region's own rectangle with
    `margin` pixels around it. With `fill` all of that rectangle is repainted.
    """

    range: Span = field(default_factory=Span)
    numbers: Span = field(default_factory=Span)
    region: str = ALL
    expand: int = 0
    shrink: int = 0
    fill: bool = False
    part: Part = Part.PICTURE
    margin: int = USUAL_MARGIN
    settings: RetouchSettings = field(default_factory=RetouchSettings)

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """Ours, or the retouch client's batch script. Raises BadRecipeError or BadSettingError naming the field."""
        if not isinstance(given, Mapping):
            raise BadRecipeError("recipe", "must be an object")
        if is_script(given):
            given = read_script(given)
        known = [one.name for one in dataclasses.fields(cls)]
        if unknown := sorted(set(map(str, given)) - set(known)):
            raise BadRecipeError(unknown[0], f"is not known; known are {', '.join(known)}")
        return cls(**{name: _READERS[name](name, value) for name, value in given.items()})

    def as_json(self) -> dict[str, Any]:
        return {
            "range": str(self.range),
            "numbers": str(self.numbers),
            "region": self.region,
            "expand": self.expand,
            "shrink": self.shrink,
            "fill": self.fill,
            "part": str(self.part),
            "margin": self.margin,
            "settings": self.settings.as_json(),
        }

    @property
    def wanted_region(self) -> dict[str, Any]:
        """As a version keeps it."""
        return read_region({"kind": self.region, "expand": self.expand, "shrink": self.shrink})

    def fingerprint(self, mask: bytes | None = None) -> str:
        """The same for recipes that do the same to a picture, whichever pictures they are for."""
        done = {name: value for name, value in self.as_json().items() if name not in ("range", "numbers")}
        told = json.dumps(done, sort_keys=True).encode() + (mask or b"")
        return hashlib.sha256(told).hexdigest()

    def picked(self, names: Sequence[str]) -> list[int]:
        """Which of these pictures it is for, as places in the list; a name without a number is never left out."""
        return [
            place
            for place, name in enumerate(names)
            if place + 1 in self.range and ((number := number_in(name)) is None or number in self.numbers)
        ]


def _whole(name: str, value: Any) -> int:
    return check_whole(name, value, *REACHES.get(name, MARGINS))


def _region(name: str, value: Any) -> str:
    """A kind, or an object with one."""
    kind = value.get("kind") if isinstance(value, Mapping) and set(value) == {"kind"} else value
    kinds = [*REGIONS, DRAWN]
    if not isinstance(kind, str) or kind not in kinds:
        raise BadRecipeError(name, f"must be one of {', '.join(kinds)}")
    return kind


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRecipeError(name, "must be true or false")
    return value


def _part(name: str, value: Any) -> Part:
    if value not in list(Part):
        raise BadRecipeError(name, f"must be one of {', '.join(Part)}")
    return Part(value)


def _settings(name: str, value: Any) -> RetouchSettings:
    try:
        return RetouchSettings.from_json(value)
    except BadSettingError as error:
        place = str(error.extra.get("field", ""))
        raise BadRecipeError(name if place == name else f"{name}.{place}", str(error.extra["rule"])) from error


_READERS: dict[str, Any] = {
    "range": Span.from_json,
    "numbers": Span.from_json,
    "region": _region,
    "expand": _whole,
    "shrink": _whole,
    "fill": _truth,
    "part": _part,
    "margin": _whole,
    "settings": _settings,
}


BODY_REGION = "bodyRegion"
KNOWN = ("range", BODY_REGION, "maskExpand", "maskShrink", "fillAll", "settings")
ROUND = 10
"""Pixels of one round."""
MOST_ROUNDS = REACHES["expand"][1] // ROUND


def is_script(given: Mapping[str, Any]) -> bool:
    return not set(KNOWN[1:-1]).isdisjoint(given)


def read_script(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same as JSON of a recipe. Raises BadRecipeError in the client's own words."""
    if unknown := sorted(set(map(str, given)) - set(KNOWN)):
        raise BadRecipeError(unknown[0], f"is not known; a client's script has {', '.join(KNOWN)}")
    body, fill = given.get(BODY_REGION, "all"), given.get("fillAll", False)
    if body not in ("all", "face"):
        raise BadRecipeError(BODY_REGION, "must be all or face: bodies are not found here")
    if not isinstance(fill, bool):
        raise BadRecipeError("fillAll", "must be true or false")
    region = FACE if body == "face" else ALL if fill else SEGMENT
    return {
        "numbers": given.get("range", "0...Infinity"),
        "region": region,
        "part": "region" if body == "face" else "picture",
        "expand": _pixels("maskExpand", given),
        "shrink": _pixels("maskShrink", given),
        "fill": fill,
        "settings": given.get("settings", {}),
    }


def _pixels(name: str, given: Mapping[str, Any]) -> int:
    rounds = given.get(name, 0)
    if isinstance(rounds, bool) or not isinstance(rounds, int) or not 0 <= rounds <= MOST_ROUNDS:
        raise BadRecipeError(name, f"must be a whole number from 0 to {MOST_ROUNDS}")
    return rounds * ROUND
