"""The role of a generation engine: prompts in, pictures out."""

import platform
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from PIL import Image

from garden.errors import RefusedError, UnavailableError


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
