"""The painter as a generation engine."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import cv2
import numpy as np
from PIL import Image

from generation.engines.base import (
    Ability,
    Engine,
    Inpainter,
    InpaintRequest,
    OnStage,
    OnStep,
    Picture,
    PictureRequest,
    check_inpaint,
    ignore_steps,
)
from generation.engines.painter.composition import Layer, layers
from generation.engines.painter.hands import Hand
from generation.engines.painter.noise import Dice
from generation.engines.painter.palette import Pixels
from generation.engines.painter.repainting import REPLANTED, repaint
from generation.engines.painter.scene import KNOWN_WORDS, ignored_words, plan, read_prompt
from generation.retouch.settings import working_size

Given = TypeVar("Given")
_SMALLEST_AREA = 384 * 384
_LARGEST_AREA = 1280 * 1280
_LARGEST_ZOOM = 4.0
LAYERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PainterEngine(Engine, Inpainter):
    """The embedded picture maker: rules and drawings, no model, no network. Never presented as diffusion.

    A picture depends on nothing but (prompt, seed, width, height) and the hand, a repainted one on what is given
    besides; steps, guidance and the negative prompt belong to diffusion and are ignored.
    """

    name: ClassVar[str] = "painter"
    model: ClassVar[str] = "garden-painter-2"
    hand: Hand = "gouache"
    """How pictures are finished: gouache, ink-wash, riso or cut-paper."""

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Paint one picture per request, in order. Raises UnsupportedSizeError before the first."""
        for request in requests:
            self.limits.check(request.width, request.height)
        return self._each(requests, requests, self._painted, on_step)

    def grow(self, request: PictureRequest, on_stage: OnStage, on_step: OnStep = ignore_steps) -> Picture:
        """Its stages are its layers."""
        start = time.perf_counter()
        for done, layer in enumerate(self.layers(request), 1):
            on_step(done / LAYERS)
            image = Image.fromarray(layer.pixels)
            if done < LAYERS:
                on_stage(image)
        return Picture(0, image, request, self.name, self.model, time.perf_counter() - start)

    def layers(self, request: PictureRequest) -> Iterator[Layer]:
        """The picture as it grows: sky, ground, stems, blossoms, light. Copy the pixels that you keep."""
        self.limits.check(request.width, request.height)
        zoom = float(np.clip((_SMALLEST_AREA / (request.width * request.height)) ** 0.5, 1.0, _LARGEST_ZOOM))
        dice = Dice(request.prompt, request.seed, request.width, request.height)
        scene = plan(read_prompt(request.prompt), dice, round(request.width * zoom), round(request.height * zoom))
        for name, pixels in layers(scene, dice, self.hand):
            reduced = pixels
            if zoom > 1:  # Small pictures are painted larger.
                reduced = cv2.resize(pixels, (request.width, request.height), interpolation=cv2.INTER_AREA)
            yield Layer(name, reduced)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        """Repaint one rectangle per request, in order. Errors as in `Engine.inpaint`."""
        check_inpaint(self, requests)
        return self._each(requests, [request.target for request in requests], self._repainted, on_step)

    def _painted(self, request: PictureRequest, on_share: OnStep) -> Pixels:
        pixels = np.empty(0, np.uint8)
        for done, layer in enumerate(self.layers(request), 1):
            pixels = layer.pixels
            on_share(done / LAYERS)
        return pixels

    def _repainted(self, request: InpaintRequest, on_share: OnStep) -> Pixels:
        return repaint(request, on_share, self.hand)

    def _each(
        self,
        requests: Sequence[Given],
        targets: Sequence[PictureRequest],
        paint: Callable[[Given, OnStep], Pixels],
        on_step: OnStep,
    ) -> Iterator[Picture]:
        for index, (request, target) in enumerate(zip(requests, targets, strict=True)):

            def on_share(share: float, index: int = index) -> None:
                on_step((index + share) / len(requests))

            start = time.perf_counter()
            on_share(0.0)
            image = Image.fromarray(paint(request, on_share))
            yield Picture(index, image, target, self.name, self.model, time.perf_counter() - start)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        """Lines hold the composition, a reference gives the palette."""
        return frozenset({Ability.LINE_ART, Ability.REFERENCE})

    def known_words(self) -> tuple[str, ...]:
        return KNOWN_WORDS

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
