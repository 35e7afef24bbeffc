"""What shall be done to every picture of a batch: one schema for the form, for JSON and for the command."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from generation.retouch.batch.script import is_script, read_script
from generation.retouch.batch.spans import Span, number_in
from generation.retouch.errors import BadRecipeError, BadSettingError
from generation.retouch.regions import ALL, DRAWN, REACHES, REGIONS, check_whole, read_region
from generation.retouch.settings import RetouchSettings

MARGINS = (0, 1_000)
USUAL_MARGIN = 64


class Part(StrEnum):
    """What of a picture goes to the engine."""

    PICTURE = "picture"
    REGION = "region"


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
