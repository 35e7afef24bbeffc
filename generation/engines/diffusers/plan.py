"""What a worker has to load, decided before torch is imported."""

from dataclasses import dataclass
from typing import Literal

from generation.engines.diffusers.cards import ModelCard

Offload = Literal["auto", "none", "model", "layers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A model and how it is to be held. Equal plans share one loaded pipeline."""

    card: ModelCard
    device: str
    dtype: str
    offline: bool
    cache: str
    compile: bool
    tiny_decoder: bool
    offload: Offload
