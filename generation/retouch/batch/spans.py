"""From here to there: `3...12`, `0...Infinity`, both ends included."""

import math
import re
from dataclasses import dataclass
from typing import Any, Self

from generation.retouch.errors import BadRecipeError

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
