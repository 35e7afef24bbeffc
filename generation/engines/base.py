"""The roles of generation engines: Engine makes pictures from prompts, Inpainter repaints parts of pictures."""

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
    code = "unsupported_size"


class EngineUnavailableError(UnavailableError):
    """The engine cannot make pictures now (model missing, service down, out of memory)."""

    code = "engine_unavailable"
    retry_after = 30


class BadPictureError(UnavailableError):
    """The picture is broken (not finite, black, flat); another seed may work."""

    code = "bad_picture"


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """One picture to make. Sizes in pixels; None is the model's default.

    `steps` and `guidance_scale` as in diffusion samplers; `model` is one of the engine's models.
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
    """A finished picture.

    `index` is the position of its request in the call; the seed of `request` may differ from the requested one.
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
    """The device of an engine, and its memory in bytes if known."""

    name: str
    memory_bytes: int | None = None


OnStep = Callable[[float], None]
"""Called with the progress (0 … 1); an exception stops the work within one step."""

OnStage = Callable[[Image.Image], None]
"""Called with a picture that is not finished yet; an engine may paint on its pixels afterwards."""


def ignore_steps(progress: float) -> None:
    """The default `on_step`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(ABC):
    """Makes pictures. Subclasses declare their options as keyword-only dataclass fields."""

    name: ClassVar[str]
    limits: SizeLimits = field(default_factory=SizeLimits)

    @abstractmethod
    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Make one picture per request, in order. Requests share model, size, steps and guidance scale.

        Raises UnsupportedSizeError before the first picture; EngineUnavailableError when a later try may succeed;
        BadPictureError for a broken picture; what `on_step` raises. Finished pictures are yielded before the error is
        raised, including those after the failed request: see `Picture.index`.
        """

    def grow(self, request: PictureRequest, on_stage: OnStage, on_step: OnStep = ignore_steps) -> Picture:
        """Make one picture for someone who watches. Raises what `make` raises."""
        (picture,) = self.make([request], on_step)
        return picture

    def batch_size(self, request: PictureRequest) -> int:
        """The best batch size for pictures like this one."""
        return 1

    def check(self) -> None:
        """Raise EngineUnavailableError if a picture could not be made now."""

    def is_loaded(self, model: str) -> bool:
        """Whether the model is in memory, or needs none."""
        return True

    def unload(self) -> None:
        """Free the memory of loaded models."""

    def describe_device(self) -> Device:
        return Device(platform.processor() or platform.machine())


class Ability(StrEnum):
    """What an engine supports beyond prompt, seed and denoising strength."""

    NEGATIVE = "negative"
    STEPS = "steps"
    GUIDANCE = "guidance"
    SAMPLERS = "samplers"
    LINE_ART = "line_art"
    REFERENCE = "reference"


class UnsupportedAbilityError(RefusedError):
    """The engine (or its model) does not support the setting `field`."""

    code = "unsupported_ability"


@dataclass(frozen=True, slots=True)
class LineArt:
    """Guiding lines: uint8 (height, width), 255 is a line; applied from `start` to `end` of the steps (0 … 1)."""

    lines: NDArray[np.uint8]
    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class Reference:
    """A style reference: uint8 RGB of any size; `weight` from 0 to 1."""

    pixels: NDArray[np.uint8]
    weight: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class InpaintRequest:
    """A picture to repaint under its mask; `target` has the prompt, size, seed, steps, guidance and model.

    `pixels` are uint8 RGB of shape (height, width, 3), `mask` uint8 of shape (height, width): 255 is repainted, 0 kept.
    `strength` is the denoising strength (0 … 1); `sampler` one of generation.retouch.settings.Sampler, "" the model's.
    """

    target: PictureRequest
    pixels: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    strength: float = 0.75
    sampler: str = ""
    line_art: LineArt | None = None
    reference: Reference | None = None

    @property
    def seed(self) -> int:
        return self.target.seed

    @property
    def width(self) -> int:
        return self.target.width

    @property
    def height(self) -> int:
        return self.target.height


class Inpainter(ABC):
    """Implemented by engines that can repaint."""

    __slots__ = ()

    @abstractmethod
    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """The whole repainted rectangle of each request, in order and of the requested size.

        Requests share model, size, steps, guidance scale, strength and sampler, and the weights and part of the steps
        of line art and reference: an engine may make them in one batch.
        Pixels outside the mask may have changed as well: the caller pastes back only the mask.
        Raises UnsupportedAbilityError before the first, and otherwise as `Engine.make`.
        """

    @abstractmethod
    def abilities(self, model: str = "") -> frozenset[Ability]:
        """Abilities of a model. Raises RefusedError if it is unknown or cannot repaint."""

    def known_words(self) -> tuple[str, ...]:
        """The words that it draws; none where it takes any."""
        return ()

    def ignored_words(self, prompt: str, strength: float) -> tuple[str, ...]:
        """Words of a prompt without effect at this denoising strength."""
        return ()

    @abstractmethod
    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        """The size in pixels in which a rectangle of this size is best repainted."""


def check_inpaint(engine: Any, requests: Sequence[InpaintRequest]) -> None:
    """Raises UnsupportedSizeError and UnsupportedAbilityError for unsupported requests."""
    for request in requests:
        engine.limits.check(request.target.width, request.target.height)
        refuse_unable(
            engine.abilities(request.target.model),
            line_weight=request.line_art is not None,
            reference_weight=request.reference is not None,
            sampler=bool(request.sampler),
        )


_NEEDS = {"line_weight": Ability.LINE_ART, "reference_weight": Ability.REFERENCE, "sampler": Ability.SAMPLERS}


def refuse_unable(able: frozenset[Ability], **requested: bool) -> None:
    """Raises UnsupportedAbilityError naming the setting. Unsupported steps, guidance and negatives are ignored."""
    for name, ability in _NEEDS.items():
        if requested[name] and ability not in able:
            raise UnsupportedAbilityError(f"{name}: this engine or model has no {ability.value}.", field=name)
