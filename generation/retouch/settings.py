"""Everything a curator chooses for a retouch, its rectangle included, checked once; why it is refused."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from garden.errors import RefusedError
from generation.prompts.weights import Token, TokenError, as_prompt, is_writable, read_tokens


class BadSettingError(RefusedError):
    """A setting outside its range; `field` is its name."""

    code = "bad_setting"

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}.", field=field, rule=rule)


class BadCropError(RefusedError):
    """A rectangle that is too small or leaves the picture."""

    code = "bad_crop"


class BadLayerError(RefusedError):
    """A mask, outline, reference or upload that is no picture or has the wrong size."""

    code = "bad_layer"


class NotFinishedError(RefusedError):
    """A version whose pixels are not there (yet)."""

    code = "not_finished"
    status = 409


class VersionTakenError(RefusedError):
    """This id belongs to another edit."""

    code = "version_taken"
    status = 409


class FileMissingError(RefusedError, FileNotFoundError):
    """A row tells of a file that is not in the storage."""

    code = "file_missing"
    status = 409


class NothingFoundError(RefusedError):
    """A region that this picture does not have: no face, nothing that stands out."""

    code = "nothing_found"


class BadRecipeError(RefusedError):
    """A recipe of a batch that breaks a rule; `field` is its part."""

    code = "bad_recipe"

    def __init__(self, field: str, rule: str, **extra: object) -> None:
        super().__init__(f"{field} {rule}.", field=field, rule=rule, **extra)


SEEDS = 2**32


class Sampler(StrEnum):
    """How a diffusion model walks from noise to a picture; empty is the model's own way."""

    OWN = ""
    DPM = "dpm++2m-karras"
    DDIM = "ddim"
    EULER = "euler-a"
    UNIPC = "unipc"


class Fill(StrEnum):
    """What a model finds under the mask before it begins."""

    ORIGINAL = "original"
    NOISE = "noise"
    BLUR = "blur"


class LineMethod(StrEnum):
    XDOG = "xdog"
    CANNY = "canny"


STOPS = {"touch up": 0.2, "refine": 0.4, "change": 0.6, "replace": 0.8, "anew": 1.0}
"""Denoising strengths with names."""

RANGES: dict[str, tuple[float, float]] = {
    "strength": (0, 1),
    "steps": (1, 150),
    "guidance": (0, 30),
    "seed": (0, SEEDS - 1),
    "expand": (-200, 200),
    "feather": (0, 200),
    "mask_blur": (0, 100),
    "line_weight": (0, 2),
    "line_start": (0, 1),
    "line_end": (0, 1),
    "line_simplicity": (0, 1),
    "reference_weight": (0, 1),
    "anti_glare": (0, 1),
    "colour_match": (0, 1),
    "opacity": (0, 1),
}
WHOLE = {"steps", "seed", "expand", "feather", "mask_blur"}
OPTIONAL = {"steps", "guidance", "seed"}
CHOICES: dict[str, type[StrEnum]] = {"sampler": Sampler, "fill": Fill, "line_method": LineMethod}
TOKENS = {"prompt", "negative"}
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class RetouchSettings:
    """Lengths in pixels of the picture; shares from 0 to 1. None is the model's own choice, of `seed` chance.

    `expand` grows (or shrinks) the mask; `feather` is how far beyond it the paste fades out; `mask_blur` softens what
    the model is told. Line art holds from `line_start` to `line_end` of the steps. `anti_glare` and `colour_match` are
    how much of these filters is applied to what was painted.
    """

    prompt: tuple[Token, ...] = ()
    negative: tuple[Token, ...] = ()
    strength: float = 0.75
    steps: int | None = None
    guidance: float | None = None
    seed: int | None = None
    sampler: Sampler = Sampler.OWN
    fill: Fill = Fill.ORIGINAL
    expand: int = 0
    feather: int = 16
    mask_blur: int = 4
    line_weight: float = 0.0
    line_start: float = 0.0
    line_end: float = 1.0
    line_simplicity: float = 0.5
    line_method: LineMethod = LineMethod.XDOG
    reference_weight: float = 0.0
    anti_glare: float = 0.0
    colour_match: float = 0.0
    opacity: float = 1.0
    engine: str = ""
    model: str = ""

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """What is missing is as usual. Raises BadSettingError naming the field and its rule."""
        if not isinstance(given, Mapping):
            raise BadSettingError("settings", "must be an object")
        known = [field.name for field in dataclasses.fields(cls)]
        if unknown := sorted(set(map(str, given)) - set(known)):
            raise BadSettingError(unknown[0], f"is not known; known are {', '.join(known)}")
        read = cls(**{name: _read(name, value) for name, value in given.items()})
        if read.line_start > read.line_end:
            raise BadSettingError("line_end", "must not be before line_start")
        return read

    def as_json(self) -> dict[str, Any]:
        own = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: [one.as_json() for one in value] if name in TOKENS else value for name, value in own.items()}

    @property
    def prompt_text(self) -> str:
        return as_prompt(self.prompt)

    @property
    def negative_text(self) -> str:
        return as_prompt(self.negative)


def _read(name: str, value: Any) -> Any:
    if name in TOKENS:
        return _tokens(name, value)
    if name in CHOICES:
        return _choice(name, value)
    if name in RANGES:
        return None if value is None and name in OPTIONAL else _number(name, value)
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not is_writable(value):
        raise BadSettingError(name, f"must be a text of at most {LONGEST_NAME} letters")
    return value


def _tokens(name: str, value: Any) -> tuple[Token, ...]:
    try:
        return read_tokens(value)
    except TokenError as error:
        raise BadSettingError(name, str(error)) from error


def _choice(name: str, value: Any) -> StrEnum:
    known = [str(one) for one in CHOICES[name]]
    if value not in known:
        raise BadSettingError(name, f"must be one of {', '.join(repr(one) for one in known)}")
    return CHOICES[name](value)


def _number(name: str, value: Any) -> float:
    lowest, highest = RANGES[name]
    wrong = isinstance(value, bool) or not isinstance(value, int if name in WHOLE else int | float)
    if wrong or not lowest <= value <= highest:
        kind = "a whole number" if name in WHOLE else "a number"
        raise BadSettingError(name, f"must be {kind} from {lowest:g} to {highest:g}")
    return int(value) if name in WHOLE else float(value)


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
