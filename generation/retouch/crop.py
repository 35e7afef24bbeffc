"""The rectangle that is repainted, and the size a model wants it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from generation.retouch.errors import BadCropError

SMALLEST = 64
"""Pixels of a side: below it a model sees nothing to go on."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of a picture in pixels, its left upper corner first."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """`{"x", "y", "width", "height"}`, whole numbers. Raises BadCropError."""
        names = ("x", "y", "width", "height")
        if not isinstance(given, Mapping) or sorted(given) != sorted(names):
            raise BadCropError("crop must have x, y, width and height.", field="crop")
        for name in names:
            if isinstance(given[name], bool) or not isinstance(given[name], int):
                raise BadCropError(f"crop: {name} must be a whole number.", field=f"crop.{name}")
        return cls(*(given[name] for name in names))

    def check(self, width: int, height: int) -> Self:
        """That it lies within a picture of this size. Raises BadCropError naming the field."""
        for start, length, whole, name in (
            (self.x, self.width, width, "width"),
            (self.y, self.height, height, "height"),
        ):
            if length < SMALLEST:
                raise BadCropError(f"crop: {name} must be at least {SMALLEST}, not {length}.", field=f"crop.{name}")
            if start < 0 or start + length > whole:
                raise BadCropError(f"crop: it leaves the picture, whose {name} is {whole}.", field=f"crop.{name}")
        return self

    @property
    def window(self) -> tuple[slice, slice]:
        """What indexes an array (height, width, …)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def as_json(self) -> dict[str, int]:
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}


def whole(width: int, height: int) -> Crop:
    return Crop(0, 0, width, height)


def working_size(width: int, height: int, *, area: int, multiple: int, minimum: int, maximum: int) -> tuple[int, int]:
    """The size in which a crop is repainted: of about `area` pixels and the crop's shape, within a model's limits.

    Sides are rounded to multiples, so the shape is kept to within half a multiple; scaled back it is the crop's again.
    """
    scale = (area / (width * height)) ** 0.5
    scale = min(scale, maximum / max(width, height))
    return _fit(width * scale, multiple, minimum, maximum), _fit(height * scale, multiple, minimum, maximum)


def _fit(side: float, multiple: int, minimum: int, maximum: int) -> int:
    smallest, largest = -(-minimum // multiple) * multiple, maximum // multiple * multiple
    return min(max(round(side / multiple) * multiple, smallest), largest)
