"""The role of an engine that repaints a part of a picture: what it is given, what it can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from garden.errors import RefusedError
from generation.engines.base import OnStep, Picture, PictureRequest, ignore_steps


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


def refuse_unable(inpainter: Inpainter, request: InpaintRequest) -> None:
    """Raises UnsupportedAbilityError naming the setting. Steps, guidance and negatives an engine may just not need."""
    wanted = {
        Ability.LINE_ART: (request.line_art is not None, "line_weight"),
        Ability.REFERENCE: (request.reference is not None, "reference_weight"),
        Ability.SAMPLERS: (bool(request.sampler), "sampler"),
    }
    able = inpainter.abilities(request.asked.model)
    for ability, (asked, field) in wanted.items():
        if asked and ability not in able:
            raise UnsupportedAbilityError(f"{field}: this engine or model has no {ability.value}.", field=field)
