"""What the engine knows of models before it loads any."""

import importlib
import inspect
import re
from typing import Any

import pytest

from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.batching import canvas
from generation.engines.diffusers.cards import CARDS, UNPINNED, ModelCard

SEED_SIZES = [
    (768, 512), (640, 480), (800, 600), (960, 640), (1024, 576), (1024, 600), (1024, 768), (1280, 800), (800, 1280),
]  # fmt: skip


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_it_pins_every_model_that_has_a_known_commit(card: ModelCard) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", card.revision) or (card.name, card.revision) == ("sd-2.1", UNPINNED)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_it_states_licence_and_memory_of_every_model(card: ModelCard) -> None:
    assert card.licence != "unknown"
    assert card.memory >= 4


@pytest.mark.parametrize("size", SEED_SIZES)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_it_can_make_every_size_of_the_seeds(card: ModelCard, size: tuple[int, int]) -> None:
    DiffusersEngine().limits.check(*size)
    width, height = canvas(*size, card.multiple)

    assert width % card.multiple == height % card.multiple == 0
    assert 0 <= width - size[0] < card.multiple
    assert 0 <= height - size[1] < card.multiple


def test_it_lets_a_site_change_a_known_model_and_add_its_own() -> None:
    models: dict[str, dict[str, Any]] = {
        "sd-turbo": {"steps": 4},
        "mine": {"id": "/srv/models/mine", "licence": "ours"},
    }
    cards = DiffusersEngine(models=models).cards()

    assert (cards["sd-turbo"].steps, cards["sd-turbo"].id) == (4, "stabilityai/sd-turbo")
    assert cards["mine"].licence == "ours"


def test_it_labels_pictures_with_name_and_revision_but_never_with_a_folder() -> None:
    cards = DiffusersEngine(models={"mine": {"id": "/srv/secret/mine"}}).cards()

    assert cards["sd-turbo"].label == "sd-turbo@b261bac6"
    assert cards["mine"].label == "mine"


@pytest.mark.parametrize(
    "name", ["StableDiffusionPipeline", "StableDiffusionXLPipeline", "Flux2KleinPipeline", "ZImagePipeline"]
)
def test_it_asks_every_family_of_the_catalogue_in_words_it_understands(name: str) -> None:
    diffusers = importlib.import_module("diffusers")
    family = getattr(diffusers, name)
    words = {"width", "height", "num_inference_steps", "guidance_scale", "generator", "callback_on_step_end"}

    assert {*words, "prompt", "output_type"} <= set(inspect.signature(family.__call__).parameters)
    assert isinstance(family.num_timesteps, property)
