"""The engine that the settings name. It decides what to load; torch is imported by the worker's modules alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from garden.errors import MisconfiguredError, RefusedError
from generation.engines.base import (
    Ability,
    Device,
    Engine,
    EngineUnavailableError,
    Inpainter,
    InpaintRequest,
    OnStage,
    OnStep,
    Picture,
    PictureRequest,
    SizeLimits,
    UnsupportedAbilityError,
    check_inpaint,
    ignore_steps,
)
from generation.engines.diffusers.batching import canvas
from generation.engines.diffusers.cards import EXACT, SPEEDS, Compile, LoadSpec, ModelCard, Offload, Speed, catalogue
from generation.engines.diffusers.hub import locate, locate_file, locate_part, missing_packages
from generation.retouch.settings import working_size

if TYPE_CHECKING:
    from generation.engines.diffusers.worker.warming import Warmth

DTYPES = ("auto", "float32", "float16", "bfloat16")
CHOICES = {"speed": SPEEDS, "dtype": DTYPES, "offload": get_args(Offload), "compile": get_args(Compile)}
WITH_SAMPLERS = {"sd", "sdxl", "any"}
"""Kinds of models that take other samplers than their own; the others match flows."""
WITHOUT_NEGATIVE = {"flux2"}
"""Kinds of models whose pipelines take no negative prompt."""
WITHOUT_INPAINTING = {"sana"}
"""Kinds of models that diffusers has no pipeline for that repaints."""
WITH_REFERENCE = {"flux2"}
"""Kinds of models that look at a reference picture themselves, without an IP-Adapter."""


def label_of(card: ModelCard, speed: Speed) -> str:
    """The model in provenance, with the mode of any picture that is not exact."""
    return card.label if speed == EXACT else f"{card.label}, {speed.name}"


class UnknownModelError(RefusedError):
    code = "unknown_model"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffusersEngine(Engine, Inpainter):
    """Diffusion models on this machine.

    `models` changes known models or adds a site's own, as fields of ModelCard by name. `device` is auto, cpu, mps or
    cuda[:n]. `offline` (the default) loads only what is on this machine. `cache` is the folder that models are
    downloaded to; without it the hub's own. `compile` is auto (on NVIDIA's GPUs), off, blocks (repeated blocks: soon
    compiled) or whole (the fastest network), by torch's `compile_backend`. `warm_cache` is the folder where compiled
    code and measurements are kept; without it, none are. `speed` (exact, fast, draft) is the mode of models that have
    it; a model's name with a mode ("sd-2.1:fast") goes before. `tiny_decoder` trades a little detail for time.
    `max_batch` bounds pictures made together (processors make one at a time without it). `retries` are further seeds
    for a picture that came out broken.
    """

    name: ClassVar[str] = "diffusers"
    limits: SizeLimits = field(default_factory=lambda: SizeLimits(maximum=2048))
    default_model: str = "sd-turbo"
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    device: str = "auto"
    dtype: str = "auto"
    offline: bool = True
    cache: str = ""
    compile: Compile = "auto"
    compile_backend: str = "inductor"
    warm_cache: str = ""
    speed: str = "exact"
    tiny_decoder: bool = False
    offload: Offload = "auto"
    max_batch: int | None = None
    retries: int = 2

    def __post_init__(self) -> None:
        if self.default_model not in self.cards():
            raise MisconfiguredError(f"There is no model {self.default_model!r}; there is {', '.join(self.cards())}.")
        for option, known in CHOICES.items():
            if getattr(self, option) not in known:
                raise MisconfiguredError(f"{option} must be one of {', '.join(known)}.")
        if self.device.partition(":")[0] not in ("auto", "cpu", "cuda", "mps"):
            raise MisconfiguredError(f"device must be auto, cpu, mps, cuda or cuda:n, not {self.device!r}.")

    def cards(self) -> dict[str, ModelCard]:
        return catalogue(self.models)

    def card(self, name: str) -> ModelCard:
        """The model of that name, whatever its speed; "" is the default. Raises UnknownModelError naming all."""
        cards = self.cards()
        try:
            return cards[name.partition(":")[0] or self.default_model]
        except KeyError:
            raise UnknownModelError(
                f"There is no model {name!r}; there is {', '.join(cards)}.", field="model"
            ) from None

    def speed_of(self, name: str) -> Speed:
        """The mode that a name asks for ("sd-2.1:fast"); without one the engine's, if the model has it.

        Raises UnknownModelError naming the model's modes.
        """
        speeds = self.card(name).speeds
        _, colon, wanted = name.partition(":")
        if not colon:
            return speeds.get(self.speed, EXACT)
        if wanted not in speeds:
            raise UnknownModelError(f"{name!r} is not a mode; the model has {', '.join(speeds)}.", field="model")
        return speeds[wanted]

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for request in requests:
            self.limits.check(request.width, request.height)
        if not requests:
            return iter(())
        return self._make(self.card(requests[0].model), self.speed_of(requests[0].model), requests, on_step)

    def _make(
        self, card: ModelCard, speed: Speed, requests: Sequence[PictureRequest], on_step: OnStep
    ) -> Iterator[Picture]:
        self._refuse_without_packages()
        from generation.engines.diffusers.worker.sampling import make_all

        plan = self.plan(card, speed)
        for index, made in make_all(plan, requests, on_step, speed=speed, most=self.max_batch, retries=self.retries):
            request = replace(requests[index], seed=made.seed)
            yield Picture(index, made.image, request, self.name, label_of(card, speed), made.seconds)

    def grow(self, request: PictureRequest, on_stage: OnStage, on_step: OnStep = ignore_steps) -> Picture:
        self.limits.check(request.width, request.height)
        self._refuse_without_packages()
        from generation.engines.diffusers.worker.sampling import grow

        card, speed = self.card(request.model), self.speed_of(request.model)
        made = grow(self.plan(card, speed), request, on_stage, on_step, speed=speed, retries=self.retries)
        request = replace(request, seed=made.seed)
        return Picture(0, made.image, request, self.name, label_of(card, speed), made.seconds)

    def batch_size(self, request: PictureRequest) -> int:
        if self.max_batch == 1 or missing_packages():
            return 1
        from generation.engines.diffusers.worker.loading import expected_batch

        card, plan = self.card(request.model), self.plan_of(request.model)
        return expected_batch(plan, *canvas(request.width, request.height, card.multiple), self.max_batch)

    def warm(self, request: PictureRequest, on_step: OnStep = ignore_steps) -> "Warmth":
        """Measure the model and compile it for batches of such pictures. Raises what `make` raises."""
        self.limits.check(request.width, request.height)
        self._refuse_without_packages()
        from generation.engines.diffusers.worker.warming import warm

        speed = self.speed_of(request.model)
        return warm(self.plan_of(request.model), request, on_step, speed=speed, most=self.max_batch)

    def check(self) -> None:
        self._refuse_without_packages()
        self.files(self.card(""))

    def describe_device(self) -> Device:
        from generation.engines.diffusers.worker.devices import describe  # Imports torch.

        self._refuse_without_packages()
        return describe(self.device)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        check_inpaint(self, requests)
        return self._repaint(requests, on_step)

    def _repaint(self, requests: Sequence[InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        if not requests:
            return
        self._refuse_without_packages()
        from generation.engines.diffusers.worker.inpainting import inpaint_all

        card, speed = self.card(requests[0].target.model), self.speed_of(requests[0].target.model)
        plan = self.plan(card, speed)
        for index, made in inpaint_all(plan, requests, on_step, speed=speed, most=self.max_batch, retries=self.retries):
            request = replace(requests[index].target, seed=made.seed)
            yield Picture(index, made.image, request, self.name, label_of(card, speed), made.seconds)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        card = self.card(model)
        if card.kind in WITHOUT_INPAINTING:
            raise UnsupportedAbilityError(f"{card.name} cannot repaint.", field="model")
        able = {Ability.STEPS}
        able |= {Ability.NEGATIVE} if card.kind not in WITHOUT_NEGATIVE else set()
        able |= {Ability.GUIDANCE} if card.guided else set()
        able |= {Ability.SAMPLERS} if card.kind in WITH_SAMPLERS else set()
        able |= {Ability.LINE_ART} if card.controlnet else set()
        able |= (
            {Ability.REFERENCE} if card.kind in WITH_REFERENCE or (card.ip_adapter and card.image_encoder) else set()
        )
        return frozenset(able)

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        card, limits = self.card(model), self.limits
        multiple = max(card.multiple, limits.multiple)
        return working_size(
            width, height, area=card.side**2, multiple=multiple, minimum=limits.minimum, maximum=limits.maximum
        )

    def files(self, card: ModelCard, *, offline: bool | None = None) -> Path:
        """The folder of a model whose files are all there; `offline=False` downloads them first.

        Raises EngineUnavailableError saying what is missing and what to do.
        """
        offline = self.offline if offline is None else offline
        folder = locate(card, cache=self.cache, offline=offline)
        decoder = (self.tiny_decoder and card.tiny_decoder) or card.vae
        for part in filter(None, (decoder, card.controlnet, card.image_encoder)):
            locate_part(part, cache=self.cache, offline=offline)
        for weights in filter(None, (card.unet, *card.lora, card.ip_adapter)):
            locate_file(weights, cache=self.cache, offline=offline)
        return folder

    def has_files(self, card: ModelCard) -> bool:
        try:
            self.files(card, offline=True)
        except (EngineUnavailableError, ImportError):
            return False
        return True

    def plan_of(self, model: str) -> LoadSpec:
        """What is loaded for a model by its name, with or without a mode."""
        return self.plan(self.card(model), self.speed_of(model))

    def plan(self, card: ModelCard, speed: Speed = EXACT) -> LoadSpec:
        return LoadSpec(
            card=card,
            device=self.device,
            dtype=self.dtype,
            offline=self.offline,
            cache=self.cache,
            compile=self.compile,
            compile_backend=self.compile_backend,
            warm_cache=self.warm_cache,
            tiny_decoder=self.tiny_decoder,
            offload=self.offload,
            quantize=speed.quantize,
        )

    def is_loaded(self, model: str) -> bool:
        if missing_packages():
            return True
        from generation.engines.diffusers.worker.loading import is_open

        return is_open(self.plan_of(model))

    def unload(self) -> None:
        if missing_packages():
            return
        from generation.engines.diffusers.worker.loading import close

        close()

    def _refuse_without_packages(self) -> None:
        if missing := missing_packages():
            raise EngineUnavailableError(
                f"{', '.join(missing)} not installed: run `pip install -r requirements/generation.txt`."
            )
