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

from generation.retouch.regions import ALL, DRAWN, FACE, MOST_GROWN, REGIONS, SEGMENT, read_region
from generation.retouch.settings import (
    BadSettingError,
    RetouchSettings,
    read_choice,
    read_flag,
    read_number,
    read_object,
)

WIDEST_MARGIN = 1_000


class Part(StrEnum):
    """The part of a picture that the engine receives."""

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
        """Raises BadSettingError naming the field."""
        match = _WRITTEN.fullmatch(given) if isinstance(given, str) else None
        if match is None:
            raise BadSettingError(field, "must be written as 1...50 or 0...Infinity")
        last = math.inf if match[2] == "Infinity" else int(match[2])
        if last < int(match[1]):
            raise BadSettingError(field, "must not end before it begins")
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
    """`range` counts the chosen pictures from 1, `numbers` is of the first number in a file's name; both apply.

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
    margin: int = 64
    settings: RetouchSettings = field(default_factory=RetouchSettings)

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """A recipe, or the retouch client's batch script. Raises BadSettingError naming the field."""
        ours = read_script(given) if isinstance(given, Mapping) and is_script(given) else given
        return cls(
            **{name: _READERS[name](name, value) for name, value in read_object("recipe", ours, _READERS).items()}
        )

    def as_json(self) -> dict[str, Any]:
        own = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        written = {name: str(own[name]) for name in ("range", "numbers", "part")}
        return {**own, **written, "settings": self.settings.as_json()}

    @property
    def region_settings(self) -> dict[str, Any]:
        """As stored in a version."""
        return read_region({"kind": self.region, "expand": self.expand, "shrink": self.shrink})

    def fingerprint(self, mask: bytes | None = None) -> str:
        """Equal for recipes with the same effect, whichever pictures they apply to."""
        done = {name: value for name, value in self.as_json().items() if name not in ("range", "numbers")}
        content = json.dumps(done, sort_keys=True).encode() + (mask or b"")
        return hashlib.sha256(content).hexdigest()

    def picked(self, names: Sequence[str]) -> list[int]:
        """Indices of the pictures that it applies to; names without a number are always included."""
        return [
            place
            for place, name in enumerate(names)
            if place + 1 in self.range and ((number := number_in(name)) is None or number in self.numbers)
        ]


def _grown(name: str, value: Any) -> float:
    return read_number(name, value, 0, MOST_GROWN)


def _margin(name: str, value: Any) -> float:
    return read_number(name, value, 0, WIDEST_MARGIN)


def _region(name: str, value: Any) -> str:
    """A kind, or an object with one."""
    kind = value.get("kind") if isinstance(value, Mapping) and set(value) == {"kind"} else value
    return read_choice(name, kind, [*REGIONS, DRAWN])


def _part(name: str, value: Any) -> Part:
    return Part(read_choice(name, value, list(Part)))


def _settings(name: str, value: Any) -> RetouchSettings:
    try:
        return RetouchSettings.from_json(value)
    except BadSettingError as error:
        place = str(error.extra.get("field", ""))
        raise BadSettingError(name if place == name else f"{name}.{place}", str(error.extra["rule"])) from error


_READERS: dict[str, Any] = {
    "range": Span.from_json,
    "numbers": Span.from_json,
    "region": _region,
    "expand": _grown,
    "shrink": _grown,
    "fill": read_flag,
    "part": _part,
    "margin": _margin,
    "settings": _settings,
}


KNOWN = ("range", "bodyRegion", "maskExpand", "maskShrink", "fillAll", "settings")
ROUND = 10
"""Pixels of one round."""


def is_script(given: Mapping[str, Any]) -> bool:
    return not set(KNOWN[1:-1]).isdisjoint(given)


def read_script(given: Mapping[str, Any]) -> dict[str, Any]:
    """The client's script as JSON of a recipe. Raises BadSettingError with the client's field names."""
    read_object("recipe", given, KNOWN)
    has_face = read_choice("bodyRegion", given.get("bodyRegion", "all"), ("all", FACE)) == FACE
    fill = read_flag("fillAll", given.get("fillAll", False))
    rounds = (read_number(name, given.get(name, 0), 0, MOST_GROWN // ROUND) for name in ("maskExpand", "maskShrink"))
    expand, shrink = (ROUND * count for count in rounds)
    return {
        "numbers": given.get("range", "0...Infinity"),
        "region": FACE if has_face else ALL if fill else SEGMENT,
        "part": Part.REGION if has_face else Part.PICTURE,
        "expand": expand,
        "shrink": shrink,
        "fill": fill,
        "settings": given.get("settings", {}),
    }
