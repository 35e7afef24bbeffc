"""The role of a generation engine: prompts in, pictures out."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from PIL import Image

from garden.errors import RefusedError


class UnsupportedSizeError(RefusedError):
    """A width or height that the engine cannot make."""

    code = "unsupported_size"


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """One picture to make. Sizes in pixels; `steps` and `guidance_scale` as in diffusion samplers."""

    prompt: str
    width: int
    height: int
    seed: int
    negative_prompt: str = ""
    steps: int = 50
    guidance_scale: float = 7.5


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture, who made it and how long it took (seconds)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(ABC):
    """Makes pictures. Subclasses declare their options as keyword-only dataclass fields."""

    name: ClassVar[str]
    limits: SizeLimits = field(default_factory=SizeLimits)

    @abstractmethod
    def make(self, requests: Sequence[PictureRequest]) -> Iterator[Picture]:
        """Make one picture per request, in order. Raises UnsupportedSizeError before the first."""
