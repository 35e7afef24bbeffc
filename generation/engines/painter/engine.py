"""The painter as a generation engine."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from PIL import Image

from generation.engines.base import (
    Ability,
    Engine,
    Inpainter,
    InpaintRequest,
    OnStep,
    Picture,
    PictureRequest,
    check_inpaint,
    ignore_steps,
)
from generation.engines.painter.composition import paint
from generation.engines.painter.dice import Dice
from generation.engines.painter.palette import Pixels
from generation.engines.painter.prompt import ignored_words, read_prompt
from generation.engines.painter.repainting import REPLANTED, repaint
from generation.engines.painter.scene import plan
from generation.retouch.settings import working_size

_SMALLEST_AREA = 384 * 384
_LARGEST_AREA = 1280 * 1280
_LARGEST_ZOOM = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PainterEngine(Engine, Inpainter):
    """The embedded picture maker: rules and numpy, no model, no network. Never presented as diffusion.

    A picture depends on nothing but (prompt, seed, width, height), a repainted one on what is given besides; steps,
    guidance and the negative prompt belong to diffusion and are ignored.
    """

    name: ClassVar[str] = "painter"
    model: ClassVar[str] = "garden-painter-1"

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Paint one picture per request, in order. Raises UnsupportedSizeError before the first."""
        for request in requests:
            self.limits.check(request.width, request.height)
        return self._paint_each(requests, on_step)

    def _paint_each(self, requests: Sequence[PictureRequest], on_step: OnStep) -> Iterator[Picture]:
        for painted, request in enumerate(requests):
            on_step(painted / len(requests))
            start = time.perf_counter()
            image = Image.fromarray(paint_request(request))
            on_step((painted + 1) / len(requests))
            yield Picture(painted, image, request, self.name, self.model, time.perf_counter() - start)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Repaint one rectangle per request, in order. Raises as its role says."""
        check_inpaint(self, requests)
        return self._repaint_each(requests, on_step)

    def _repaint_each(self, requests: Sequence[InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        for painted, request in enumerate(requests):

            def on_share(share: float, painted: int = painted) -> None:
                on_step((painted + share) / len(requests))

            start = time.perf_counter()
            image = Image.fromarray(repaint(request, on_share))
            yield Picture(painted, image, request.asked, self.name, self.model, time.perf_counter() - start)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        """Lines hold the composition, a reference gives the palette."""
        return frozenset({Ability.LINE_ART, Ability.REFERENCE})

    def ignored_words(self, prompt: str, strength: float) -> tuple[str, ...]:
        """What is no word of its vocabulary, and below `REPLANTED` all but the mood."""
        return ignored_words(prompt, only_moods=strength < REPLANTED)

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        """As large as it is, unless that is very small or very large."""
        area = min(max(width * height, _SMALLEST_AREA), _LARGEST_AREA)
        limits = self.limits
        return working_size(
            width, height, area=area, multiple=limits.multiple, minimum=limits.minimum, maximum=limits.maximum
        )


def paint_request(request: PictureRequest) -> Pixels:
    """The pixels of a request, uint8 RGB of shape (height, width, 3); small pictures are painted larger first."""
    dice = Dice(request.prompt, request.seed, request.width, request.height)
    zoom = float(np.clip((_SMALLEST_AREA / (request.width * request.height)) ** 0.5, 1.0, _LARGEST_ZOOM))
    scene = plan(read_prompt(request.prompt), dice, round(request.width * zoom), round(request.height * zoom))
    pixels = paint(scene, dice)
    if zoom > 1:
        pixels = cv2.resize(pixels, (request.width, request.height), interpolation=cv2.INTER_AREA)
    return pixels
