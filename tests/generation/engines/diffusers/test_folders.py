"""Complete or not, safe or not: told without loading."""

import json
from pathlib import Path

import pytest

from generation.engines.diffusers.hub import pipeline_class, problems


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
