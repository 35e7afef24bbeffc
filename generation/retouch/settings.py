"""The settings of a retouch, its rectangle included, their validation and its errors."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from garden.errors import RefusedError
from generation.prompts.weights import Token, TokenError, as_prompt, is_writable, read_tokens


class BadSettingError(RefusedError):
    """A setting or a part of a recipe that breaks a rule; `field` is its name."""

    code = "bad_setting"

    def __init__(self, field: str, rule: str, **extra: object) -> None:
        super().__init__(f"{field} {rule}.", field=field, rule=rule, **extra)


class BadCropError(RefusedError):
    """A rectangle that is too small or leaves the picture."""

    code = "bad_crop"


class BadLayerError(RefusedError):
    """A mask, outline, reference or upload that is no picture or has a wrong size."""

    code = "bad_layer"


class NotFinishedError(RefusedError):
    """A version that is not finished."""

    code = "not_finished"
    status = 409


class VersionTakenError(RefusedError):
    """This id belongs to another edit."""

    code = "version_taken"
    status = 409


class FileMissingError(RefusedError, FileNotFoundError):
    """The file of a row is not in the storage."""

    code = "file_missing"
    status = 409


class NothingFoundError(RefusedError):
    """A region that this picture does not have: no face, no salient part."""

    code = "nothing_found"


SEEDS = 2**32


class Sampler(StrEnum):
    """The sampler of a diffusion model; empty is the model's own."""

    OWN = ""
    DPM = "dpm++2m-karras"
    DDIM = "ddim"
    EULER = "euler-a"
    UNIPC = "unipc"


class Fill(StrEnum):
    """The initial pixels under the mask."""

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
    """Lengths in pixels of the picture; shares from 0 to 1. None is the model's default, for `seed` a random one.

    `expand` grows (or shrinks) the mask; `feather` is how far beyond it the paste fades out; `mask_blur` softens what
    the model receives. Line art applies from `line_start` to `line_end` of the steps. `anti_glare` and
    `colour_match` are the strengths of these filters on the painted part.
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
        """Missing settings have their defaults. Raises BadSettingError naming the field and its rule."""
        known = [field.name for field in dataclasses.fields(cls)]
        read = cls(**{name: _read(name, value) for name, value in read_object("settings", given, known).items()})
        if read.line_start > read.line_end:
            raise BadSettingError("line_end", "must not be before line_start")
        return read

    def as_json(self) -> dict[str, Any]:
        own = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: [one.as_json() for one in value] if name in TOKENS else value for name, value in own.items()}

    @classmethod
    def part_as_json(cls, given: Any) -> dict[str, Any]:
        """The given settings, validated. Raises BadSettingError."""
        read = cls.from_json(given).as_json()
        return {name: read[name] for name in given}

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
        return CHOICES[name](read_choice(name, value, list(CHOICES[name])))
    if name in RANGES:
        unset = value is None and name in OPTIONAL
        return None if unset else read_number(name, value, *RANGES[name], whole=name in WHOLE)
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not is_writable(value):
        raise BadSettingError(name, f"must be a text of at most {LONGEST_NAME} letters")
    return value


def _tokens(name: str, value: Any) -> tuple[Token, ...]:
    try:
        return read_tokens(value)
    except TokenError as error:
        raise BadSettingError(name, str(error)) from error


def read_object(field: str, given: Any, known: Collection[str]) -> Mapping[str, Any]:
    """An object with these names only. Raises BadSettingError."""
    if not isinstance(given, Mapping):
        raise BadSettingError(field, "must be an object")
    if unknown := sorted(set(map(str, given)) - set(known)):
        raise BadSettingError(unknown[0], f"is not known; known are {', '.join(known)}")
    return given


def read_choice(field: str, value: Any, known: Sequence[str]) -> str:
    """One of these words. Raises BadSettingError."""
    if not isinstance(value, str) or value not in known:
        raise BadSettingError(field, f"must be one of {', '.join(repr(str(one)) for one in known)}")
    return value


def read_number(field: str, value: Any, lowest: float, highest: float, *, whole: bool = True) -> float:
    """A number in this range. Raises BadSettingError."""
    wrong = isinstance(value, bool) or not isinstance(value, int if whole else int | float)
    if wrong or not lowest <= value <= highest:
        kind = "a whole number" if whole else "a number"
        raise BadSettingError(field, f"must be {kind} from {lowest:g} to {highest:g}")
    return int(value) if whole else float(value)


def read_flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadSettingError(field, "must be true or false")
    return value


SMALLEST = 64
"""Pixels of a side: below it a model sees nothing to go on."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of a picture in pixels: upper left corner, width, height."""

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
            if type(given[name]) is not int:
                raise BadCropError(f"crop: {name} must be a whole number.", field=f"crop.{name}")
        return cls(*(given[name] for name in names))

    def check(self, width: int, height: int) -> Self:
        """Check that it is within a picture of this size. Raises BadCropError naming the field."""
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
        """Slices of an array (height, width, …)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def as_json(self) -> dict[str, int]:
        return dataclasses.asdict(self)


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
