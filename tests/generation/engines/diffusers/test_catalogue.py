"""What the engine knows of models before it loads any."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.batching import canvas
from generation.engines.diffusers.cards import CARDS, UNPINNED, catalogue
from generation.engines.diffusers.hub import pipeline_class, problems

SEED_SIZES = [
    (768, 512), (640, 480), (800, 600), (960, 640), (1024, 576), (1024, 600), (1024, 768), (1280, 800), (800, 1280),
]  # fmt: skip


UNKNOWN_COMMIT = {"sd-2.1", "flux.2-klein-9b", "sd-3.5-medium", "qwen-image", "sana-1.6b"}


def test_it_pins_every_model_that_has_a_known_commit() -> None:
    assert {card.name for card in CARDS if not re.fullmatch(r"[0-9a-f]{40}", card.revision)} == UNKNOWN_COMMIT
    assert {card.revision for card in CARDS if card.name in UNKNOWN_COMMIT} == {UNPINNED}


def test_it_states_licence_and_memory_of_every_model() -> None:
    assert [card.name for card in CARDS if card.licence == "unknown" or card.memory < 4] == []


def test_it_can_make_every_size_of_the_seeds(subtests: pytest.Subtests) -> None:
    for card, size in itertools.product(CARDS, SEED_SIZES):
        with subtests.test(card.name, size=size):
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


def test_it_labels_pictures_with_the_loras_of_their_model() -> None:
    style = {"id": "maker/style", "file": "styles/ink.safetensors"}
    assert catalogue({"sd-turbo": {"lora": style}})["sd-turbo"].label == "sd-turbo@b261bac6 + ink"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The names of a model's files; nobody looks inside."""
    index = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "safety_checker": [None, None],
    }
    (tmp_path / "unet").mkdir()
    (tmp_path / "scheduler").mkdir()
    (tmp_path / "model_index.json").write_text(json.dumps(index))
    (tmp_path / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"")
    return tmp_path


def test_it_finds_nothing_wrong_with_a_complete_folder(folder: Path) -> None:
    assert problems(folder) == []
    assert pipeline_class(folder) == "StableDiffusionPipeline"


def test_it_misses_a_shard_that_the_index_names(folder: Path) -> None:
    shards = {"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}
    (folder / "unet" / "model.safetensors.index.json").write_text(json.dumps(shards))
    (folder / "unet" / "model-1-of-2.safetensors").write_bytes(b"")

    assert problems(folder) == ["unet/model-2-of-2.safetensors is missing"]


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.ckpt", "weights.pt", "weights.pth", "state.pkl"])
def test_it_finds_pickles_anywhere(folder: Path, name: str) -> None:
    (folder / "unet" / name).write_bytes(b"")

    [problem] = problems(folder)

    assert problem.startswith(f"unet/{name} is a pickle")


def test_it_asks_no_weights_of_a_part_that_a_card_replaces(folder: Path) -> None:
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()

    assert problems(folder) == ["unet/ has no safetensors"]
    assert problems(folder, replaced={"unet"}) == []


def test_it_knows_a_folder_that_is_no_model(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"no model_index.json in {tmp_path.name}"]
    (tmp_path / "model_index.json").write_text("not json")
    assert problems(tmp_path) == ["model_index.json is not JSON"]
