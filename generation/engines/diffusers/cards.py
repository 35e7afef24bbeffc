"""Models before loading: cards, their catalogue, and load settings."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, get_args

from garden.errors import MisconfiguredError

Kind = Literal["sd", "sdxl", "sd3", "flux2", "qwen-image", "sana", "z-image", "any"]
Scheduler = Literal["", "ddim", "dpm++", "euler", "euler-ancestral", "euler-trailing", "lcm", "unipc"]
UNPINNED = "main"
NATIVE: dict[Kind, int] = {"sd": 512, "any": 512}
"""Other kinds were trained with 1024."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One safetensors file of a hub repository, or of a folder on this machine."""

    id: str
    file: str
    revision: str = UNPINNED


@dataclass(frozen=True, slots=True)
class Lora(Weights):
    """A LoRA, added to the model's own weights as it is loaded, times `weight`."""

    weight: float = 1.0


Quantize = Literal["", "int8", "fp8"]


@dataclass(frozen=True, slots=True)
class Speed:
    """What a model does differently in a faster mode; nothing in the mode `exact`.

    `cache`: a transformer's blocks are left out in a step whose first block changes less than this share
    (diffusers' first block cache). `quantize`: the linear layers of the network that runs at every step compute in 8
    bits (torchao); such weights are loaded beside those of `exact`.
    """

    name: str = "exact"
    steps: int = 0
    scheduler: Scheduler = ""
    cache: float = 0.0
    quantize: Quantize = ""

    def __post_init__(self) -> None:
        if self.quantize not in get_args(Quantize):
            raise MisconfiguredError(f"quantize must be int8 or fp8, not {self.quantize!r}.")


EXACT = Speed()
WITH_BLOCK_CACHE: tuple[Kind, ...] = ("qwen-image",)
"""Diffusers 0.42 has no hook for SD 3.5, SANA and Z-Image; the one for FLUX.2 fails, where kinds of blocks differ."""
SPEEDS = ("exact", "fast", "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model: its place, call arguments and memory. `id` is a hub repository or a folder on this machine.

    `multiple`: both sides of what it makes are multiples of this many pixels. `memory`: GiB of video memory for one
    picture of its native size. `variant`: the flavour of weight files ("fp16"). `unet`: weights that replace those of
    the repository. `vae`: an autoencoder instead of the repository's (SDXL's own has to decode in 32 bits, which takes
    twice the memory and more time). `tiny_decoder`: a small one that decodes in a tenth of the time, a little less
    finely.
    `lora`: LoRAs for fewer steps (LCM, Lightning, Turbo) or a style; they cost nothing while pictures are made.
    `fast`, `draft`: its faster modes; pictures differ from those of `exact`.
    `guided`: whether a guidance scale changes anything; the pipelines of some distilled models ignore it.

    For retouching: `native` is the side in pixels of the pictures that the model was trained with; `controlnet` a
    ControlNet for line art (a repository or a folder), `ip_adapter` weights that follow a reference picture, and
    `image_encoder` the folder or repository of the CLIP encoder that they read it with.
    """

    name: str
    id: str
    revision: str = UNPINNED
    kind: Kind = "any"
    dtype: str = "float16"
    variant: str = ""
    steps: int = 30
    guidance: float = 7.5
    guided: bool = True
    multiple: int = 8
    scheduler: Scheduler = ""
    licence: str = "unknown"
    memory: float = 8.0
    unet: Weights | None = None
    lora: tuple[Lora, ...] = ()
    vae: str = ""
    tiny_decoder: str = ""
    fast: Speed | None = None
    draft: Speed | None = None
    native: int = 0
    controlnet: str = ""
    ip_adapter: Weights | None = None
    image_encoder: str = ""

    def __post_init__(self) -> None:
        if self.kind not in WITH_BLOCK_CACHE and any(speed.cache for speed in self.speeds.values()):
            raise MisconfiguredError(f"Model {self.name!r}: cache is for models of kind {', '.join(WITH_BLOCK_CACHE)}.")

    @property
    def side(self) -> int:
        """The side of the model's native square, in pixels."""
        return self.native or NATIVE.get(self.kind, 1024)

    @property
    def speeds(self) -> dict[str, Speed]:
        """Its modes by name, `exact` among them."""
        return {speed.name: speed for speed in (EXACT, self.fast, self.draft) if speed is not None}

    @property
    def is_folder(self) -> bool:
        return Path(self.id).is_absolute()

    @property
    def label(self) -> str:
        """The model in provenance: the name, the revision if it is pinned, its LoRAs. Never a path of this machine."""
        pinned = not self.is_folder and self.revision != UNPINNED
        name = f"{self.name}@{self.revision[:8]}" if pinned else self.name
        return " + ".join([name, *(Path(lora.file).stem for lora in self.lora)])

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        refuse_unknown(self.name, changes)
        return dataclasses.replace(self, **prepared(changes))


def card_from(name: str, fields: Mapping[str, Any]) -> ModelCard:
    """The card of a site's own model. Raises MisconfiguredError naming the wrong option."""
    refuse_unknown(name, fields)
    if not fields.get("id"):
        raise MisconfiguredError(f"Model {name!r} needs an id: a hub repository or an absolute folder.")
    return ModelCard(name=name, **prepared(fields))


def refuse_unknown(name: str, fields: Mapping[str, Any]) -> None:
    known = {field.name for field in dataclasses.fields(ModelCard)} - {"name"}
    if unknown := sorted(set(fields) - known):
        raise MisconfiguredError(f"Model {name!r}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}.")


def prepared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Weights and speeds may come from the settings as mappings, LoRAs as one or a list of them."""
    weights = {name: fields.get(name) for name in ("unet", "ip_adapter")}
    found = {**fields, **{name: Weights(**one) for name, one in weights.items() if isinstance(one, Mapping)}}
    speeds = {name: fields.get(name) for name in ("fast", "draft")}
    found |= {name: Speed(name, **one) for name, one in speeds.items() if isinstance(one, Mapping)}
    if loras := found.get("lora"):
        listed = [loras] if isinstance(loras, Mapping) else loras
        found["lora"] = tuple(Lora(**one) if isinstance(one, Mapping) else one for one in listed)
    return found


Offload = Literal["auto", "none", "model", "layers"]
Compile = Literal["auto", "off", "blocks", "whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSpec:
    """A model and its load settings. Equal specs share one loaded pipeline."""

    card: ModelCard
    device: str
    dtype: str
    offline: bool
    cache: str
    compile: Compile
    compile_backend: str
    warm_cache: str
    tiny_decoder: bool
    offload: Offload
    quantize: Quantize = ""


CARDS = tuple(
    card_from(name, fields)
    for name, fields in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
)


def catalogue(overrides: Mapping[str, Mapping[str, Any]]) -> dict[str, ModelCard]:
    """Every available model, by name. Raises MisconfiguredError naming a wrong override."""
    cards = {card.name: card for card in CARDS}
    for name, fields in overrides.items():
        cards[name] = cards[name].with_changes(fields) if name in cards else card_from(name, fields)
    return cards
