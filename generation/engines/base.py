"""The roles of a generation engine: prompts in, pictures out; and, where it can, a part of a picture repainted."""

import platform
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from garden.errors import RefusedError, UnavailableError
from garden.vocabulary import Orientation

RESOLUTIONS = (
    (768, 512),
    (640, 480),
    (800, 600),
    (960, 640),
    (1024, 576),
    (1024, 600),
    (1024, 768),
    (1280, 800),
    (800, 1280),
)
SINGLE = (768, 512)
PAIR = {Orientation.LANDSCAPE: (1280, 800), Orientation.PORTRAIT: (800, 1280)}
LETTERS = {Orientation.LANDSCAPE: "h", Orientation.PORTRAIT: "v"}


def orientation_of_size(width: int, height: int) -> Orientation:
    return Orientation.PORTRAIT if height > width else Orientation.LANDSCAPE


class UnsupportedSizeError(RefusedError):
    """A width or height that the engine cannot make."""

    code = "unsupported_size"


class EngineUnavailableError(UnavailableError):
    """The engine cannot make pictures now (model missing, service down, out of memory)."""

    code = "engine_unavailable"
    retry_after = 30


class BadPictureError(UnavailableError):
    """A picture came out broken (not finite, black, flat); another seed may do better."""

    code = "bad_picture"


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """One picture to make. Sizes in pixels; what is None is the model's own choice.

    `steps` and `guidance_scale` as in diffusion samplers; `model` is one that the engine knows.
    """

    prompt: str
    width: int
    height: int
    seed: int
    negative_prompt: str = ""
    model: str = ""
    steps: int | None = None
    guidance_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture, who made it and how long it took (seconds).

    `index` is the position of its request among those of the call; `request` is what made it, whose seed may differ
    from the requested one.
    """

    index: int
    image: Image.Image
    request: PictureRequest
    engine: str
    model: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Sizes an engine accepts, in pixels: each side a multiple of `multiple` within [minimum, maximum]."""

    multiple: int = 8
    minimum: int = 64
    maximum: int = 4096

    def check(self, width: int, height: int) -> None:
        for name, value in (("width", width), ("height", height)):
            if value % self.multiple or not self.minimum <= value <= self.maximum:
                raise UnsupportedSizeError(
                    f"{name} must be a multiple of {self.multiple} from {self.minimum} to {self.maximum}, not {value}.",
                    field=name,
                )


@dataclass(frozen=True, slots=True)
class Device:
    """What an engine computes on, and its memory in bytes where that is known."""

    name: str
    memory_bytes: int | None = None


OnStep = Callable[[float], None]
"""Hears the share of the work that is done (0 … 1); what it raises stops the work within one step."""


def ignore_steps(progress: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(ABC):
    """Makes pictures. Subclasses declare their options as keyword-only dataclass fields."""

    name: ClassVar[str]
    limits: SizeLimits = field(default_factory=SizeLimits)

    @abstractmethod
    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Make one picture per request, in order. Requests share model, size, steps and guidance scale.

        Raises UnsupportedSizeError before the first; EngineUnavailableError when a later try may succeed;
        BadPictureError when a picture came out broken; whatever `on_step` raises. What is finished is yielded before
        the error is raised, also where it lies behind the request that failed: `Picture.index` tells which it is.
        """

    def batch_size(self, request: PictureRequest) -> int:
        """How many pictures like this one are best made together."""
        return 1

    def check(self) -> None:
        """Raise EngineUnavailableError if a picture could not be made now."""

    def is_loaded(self, model: str) -> bool:
        """Whether a picture by this model is begun at once; False where gigabytes would have to be loaded first."""
        return True

    def unload(self) -> None:
        """Give back memory that only the next picture needs."""

    def describe_device(self) -> Device:
        """What pictures are computed on."""
        return Device(platform.processor() or platform.machine())


class Ability(StrEnum):
    """What an engine heeds beyond prompt, seed and denoising strength."""

    NEGATIVE = "negative"
    STEPS = "steps"
    GUIDANCE = "guidance"
    SAMPLERS = "samplers"
    LINE_ART = "line_art"
    REFERENCE = "reference"


class UnsupportedAbilityError(RefusedError):
    """The engine (or its model) cannot heed this; `field` is the setting that asks for it."""

    code = "unsupported_ability"


@dataclass(frozen=True, slots=True)
class LineArt:
    """Lines to hold on to: uint8 (height, width), 255 is a line; from `start` to `end` of the steps (0 … 1)."""

    lines: NDArray[np.uint8]
    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture to take the look from: uint8 RGB of any size; `weight` from 0 to 1."""

    pixels: NDArray[np.uint8]
    weight: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class InpaintRequest:
    """A picture to change under its mask; `asked` says with what words, size, seed, steps, guidance and model.

    `pixels` are uint8 RGB of shape (height, width, 3), `mask` uint8 of shape (height, width): 255 is repainted, 0 kept.
    `strength` is the denoising strength (0 … 1); `sampler` one of generation.retouch.settings.Sampler, "" the model's.
    """

    asked: PictureRequest
    pixels: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    strength: float = 0.75
    sampler: str = ""
    line_art: LineArt | None = None
    reference: Reference | None = None


class Inpainter(ABC):
    """What an engine is, too, when it can change pictures."""

    __slots__ = ()

    @abstractmethod
    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """The whole repainted rectangle of each request, in order and of the requested size.

        What is not under the mask may have changed as well: whoever pastes it back leaves it out.
        Raises UnsupportedAbilityError before the first, and otherwise as `Engine.make`.
        """

    @abstractmethod
    def abilities(self, model: str = "") -> frozenset[Ability]:
        """What the model of that name heeds. Raises RefusedError for one that is not known or cannot repaint."""

    def ignored_words(self, prompt: str, strength: float) -> tuple[str, ...]:
        """Words of a prompt that change nothing at this denoising strength; none for who reads any language."""
        return ()

    @abstractmethod
    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        """The size in pixels in which a rectangle of this size is best repainted."""


def check_inpaint(engine: Any, requests: Sequence[InpaintRequest]) -> None:
    """Raises UnsupportedSizeError, and UnsupportedAbilityError naming the setting, for what the engine cannot do."""
    for request in requests:
        engine.limits.check(request.asked.width, request.asked.height)
        refuse_unable(
            engine.abilities(request.asked.model),
            line_weight=request.line_art is not None,
            reference_weight=request.reference is not None,
            sampler=bool(request.sampler),
        )


_NEEDS = {"line_weight": Ability.LINE_ART, "reference_weight": Ability.REFERENCE, "sampler": Ability.SAMPLERS}


def refuse_unable(able: frozenset[Ability], **asked: bool) -> None:
    """Raises UnsupportedAbilityError naming the setting. Steps, guidance and negatives an engine may just not need."""
    for name, ability in _NEEDS.items():
        if asked[name] and ability not in able:
            raise UnsupportedAbilityError(f"{name}: this engine or model has no {ability.value}.", field=name)
