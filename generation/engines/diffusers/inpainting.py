"""Retouching by diffusion: what a model can heed, in which size, and the way to the worker's modules."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from generation.engines.base import OnStep, Picture, SizeLimits, ignore_steps
from generation.engines.diffusers.cards import LoadSpec, ModelCard
from generation.engines.inpainting import (
    Ability,
    Inpainter,
    InpaintRequest,
    refuse_unable,
)
from generation.retouch.crop import working_size

WITH_SAMPLERS = {"sd", "sdxl", "any"}
"""Kinds of models that take other samplers than their own; the others match flows."""
WITHOUT_NEGATIVE = {"flux2"}
"""Kinds of models whose pipelines take no negative prompt."""


class DiffusionInpainter(Inpainter):
    """The part of the diffusers engine that repaints; the engine itself knows its models and how they are loaded."""

    __slots__ = ()

    name: ClassVar[str]
    limits: SizeLimits
    retries: int

    @abstractmethod
    def card(self, name: str) -> ModelCard: ...

    @abstractmethod
    def plan(self, card: ModelCard) -> LoadSpec: ...

    @abstractmethod
    def _refuse_without_packages(self) -> None: ...

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for request in requests:
            self.limits.check(request.asked.width, request.asked.height)
            refuse_unable(self, request)
        return self._repaint(requests, on_step)

    def _repaint(self, requests: Sequence[InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        if not requests:
            return
        self._refuse_without_packages()
        from generation.engines.diffusers.worker.inpainting import inpaint_all

        card = self.card(requests[0].asked.model)
        for index, made in enumerate(inpaint_all(self.plan(card), requests, on_step, retries=self.retries)):
            yield Picture(index, made.image, made.request, self.name, card.label, made.seconds)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        card = self.card(model)
        able = {Ability.STEPS}
        able |= {Ability.NEGATIVE} if card.kind not in WITHOUT_NEGATIVE else set()
        able |= {Ability.GUIDANCE} if card.guided else set()
        able |= {Ability.SAMPLERS} if card.kind in WITH_SAMPLERS else set()
        able |= {Ability.LINE_ART} if card.controlnet else set()
        able |= {Ability.REFERENCE} if card.ip_adapter and card.image_encoder else set()
        return frozenset(able)

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        card, limits = self.card(model), self.limits
        multiple = max(card.multiple, limits.multiple)
        return working_size(
            width, height, area=card.side**2, multiple=multiple, minimum=limits.minimum, maximum=limits.maximum
        )
