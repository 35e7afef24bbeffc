"""A small engine whose prompts say what should go wrong."""

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import sleep
from typing import ClassVar

from PIL import Image

from generation.engines.base import (
    Ability,
    BadPictureError,
    Engine,
    EngineUnavailableError,
    Inpainter,
    InpaintRequest,
    OnStep,
    Picture,
    PictureRequest,
    UnsupportedSizeError,
    check_inpaint,
    ignore_steps,
)

SLOW_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickEngine(Engine, Inpainter):
    """Paints one colour, and repaints with it.

    `bad`, `away`, `refused`, `crash`, `deadly` and `slow` in a prompt are obeyed.
    """

    name: ClassVar[str] = "quick"
    batch: int = 4

    def batch_size(self, request: PictureRequest) -> int:
        return self.batch

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for made, request in enumerate(requests):
            self._misbehave(request, on_step)
            on_step((made + 1) / len(requests))
            colour = (request.seed % 256, request.seed // 256 % 256, 90)
            image = Image.new("RGB", (request.width, request.height), colour)
            yield Picture(made, image, request, self.name, "quick-1", 0.01)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        check_inpaint(self, requests)
        return self.make([request.target for request in requests], on_step)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        return frozenset(Ability) - {Ability.SAMPLERS}

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        return 64, 64

    def _misbehave(self, request: PictureRequest, on_step: OnStep) -> None:
        if "bad" in request.prompt:
            raise BadPictureError("The picture came out flat.")
        if "away" in request.prompt:
            raise EngineUnavailableError("The service does not answer.")
        if "refused" in request.prompt:
            raise UnsupportedSizeError("width must be smaller.", field="width")
        if "crash" in request.prompt:
            raise RuntimeError("out of paint")
        if "deadly" in request.prompt:
            os.kill(os.getpid(), signal.SIGKILL)
        if "slow" in request.prompt:
            for step in range(SLOW_STEPS):
                sleep(0.05)
                on_step(step / SLOW_STEPS)
