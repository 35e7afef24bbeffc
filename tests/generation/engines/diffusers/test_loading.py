"""Only safetensors, only what is there, and words that help when something is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from garden.errors import MisconfiguredError
from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, differ, make_one
from tools.tiny_diffusion import build_tiny_decoder


@pytest.fixture
def folder(tiny_sd: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny_sd, tmp_path / "model"))


def engine_of(folder: Path, **options: object) -> DiffusersEngine:
    return DiffusersEngine(models={"site": {"id": str(folder), "steps": 2}}, default_model="site", **options)  # type: ignore[arg-type]


def test_it_imports_no_torch_before_a_picture_is_asked_for() -> None:
    code = (
        "import sys; from generation.engines.diffusers import DiffusersEngine as E; E(); "
        "print([m for m in ('torch', 'diffusers', 'transformers', 'huggingface_hub') if m in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.test"}

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)

    assert answer.stdout.strip() == "[]"


def test_it_refuses_pickled_weights(folder: Path) -> None:
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))

    with pytest.raises(EngineUnavailableError, match=r"is a pickle.*unet/ has no safetensors"):
        list(engine_of(folder).make([ask()]))


def test_it_names_the_part_that_is_missing(folder: Path) -> None:
    shutil.rmtree(folder / "vae")

    with pytest.raises(EngineUnavailableError, match="vae/ is missing"):
        engine_of(folder).check()


def test_it_says_so_when_a_file_is_damaged(folder: Path) -> None:
    (folder / "scheduler" / "scheduler_config.json").write_text("{")

    with pytest.raises(EngineUnavailableError, match="site could not be loaded"):
        list(engine_of(folder).make([ask()]))


def test_it_says_how_to_get_a_model_that_is_not_here(tmp_path: Path, tiny_sd: Path) -> None:
    engine = DiffusersEngine(cache=str(tmp_path))

    for attempt in (engine.check, lambda: list(engine.make([ask()]))):
        with pytest.raises(
            EngineUnavailableError, match=r"stabilityai/sd-turbo is not on this machine.*manage.py models download"
        ):
            attempt()


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("generation.engines.diffusers.engine.missing_packages", lambda: ["torch"])
    engine = DiffusersEngine(cache=str(tmp_path))

    with pytest.raises(EngineUnavailableError, match=r"torch not installed.*requirements/generation.txt"):
        engine.check()
    assert engine.batch_size(ask()) == 1
    engine.unload()


def test_it_refuses_a_device_that_is_not_there(folder: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="no cuda:7"):
        list(engine_of(folder, device="cuda:7").make([ask()]))


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"default_model": "nonesuch"}, "sd-turbo"),
        ({"dtype": "int4"}, "bfloat16"),
        ({"device": "abacus"}, "cuda"),
        ({"offload": "tape"}, "layers"),
        ({"models": {"mine": {"steps": 3}}}, "needs an id"),
        ({"models": {"sd-turbo": {"speed": 3}}}, "unknown speed"),
    ],
)
def test_it_refuses_options_that_mean_nothing(options: dict[str, object], word: str) -> None:
    with pytest.raises(MisconfiguredError, match=word):
        DiffusersEngine(**options)  # type: ignore[arg-type]


def test_it_decodes_with_the_tiny_decoder_if_asked(folder: Path, tmp_path: Path) -> None:
    decoder = build_tiny_decoder(tmp_path / "decoder")
    models = {"site": {"id": str(folder), "steps": 2, "tiny_decoder": str(decoder)}}
    full, tiny = (
        DiffusersEngine(models=models, default_model="site", tiny_decoder=wanted, retries=0) for wanted in (False, True)
    )

    assert differ(make_one(full, ask()), make_one(tiny, ask())) > ROUNDING


def test_it_decodes_with_the_autoencoder_of_the_card(folder: Path, tmp_path: Path) -> None:
    from diffusers import AutoencoderKL

    other = AutoencoderKL.from_pretrained(folder / "vae")
    other.decoder.conv_out.bias.data += 0.2
    other.save_pretrained(tmp_path / "vae")
    plain, changed = (
        DiffusersEngine(models={"site": {"id": str(folder), "steps": 2, **vae}}, default_model="site", retries=0)
        for vae in ({}, {"vae": str(tmp_path / "vae")})
    )
    difference = make_one(changed, ask()) - make_one(plain, ask())
    assert difference.mean() > 5


@pytest.mark.parametrize("is_default", [False, True])
def test_it_shows_each_step_of_a_growing_picture_by_the_tiny_decoder(
    folder: Path, tmp_path: Path, is_default: bool
) -> None:
    decoder = build_tiny_decoder(tmp_path / "decoder")
    models = {"site": {"id": str(folder), "steps": 3, "tiny_decoder": str(decoder)}}
    engine = DiffusersEngine(models=models, default_model="site", tiny_decoder=is_default, retries=0)
    stages: list[np.ndarray] = []
    grown = engine.grow(ask(), lambda image: stages.append(np.asarray(image)))
    assert len(stages) == 3
    assert {stage.shape for stage in stages} == {(grown.image.height, grown.image.width, 3)}
    assert np.abs(stages[0].astype(int) - stages[-1]).max() > 0


def test_a_model_without_a_tiny_decoder_grows_without_stages(folder: Path) -> None:
    stages: list[object] = []
    assert engine_of(folder).grow(ask(), stages.append).image
    assert stages == []


def test_it_takes_the_unet_of_a_card_instead_of_the_repositorys(folder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    before = make_one(engine_of(folder), ask())
    own = folder / "unet" / "diffusion_pytorch_model.safetensors"
    save_file(
        {name: tensor * torch.tensor(1.5) for name, tensor in load_file(own).items()},
        tmp_path / "distilled.safetensors",
    )
    own.unlink()
    unet = {"id": str(tmp_path), "file": "distilled.safetensors"}
    engine = DiffusersEngine(models={"site": {"id": str(folder), "steps": 2, "unet": unet}}, default_model="site")

    assert differ(make_one(engine, ask()), before) > ROUNDING


def test_it_says_which_model_it_has_loaded(engine: DiffusersEngine) -> None:
    engine.unload()
    assert not engine.is_loaded("tiny")
    make_one(engine, ask())
    assert (engine.is_loaded("tiny"), engine.is_loaded(""), engine.is_loaded("tiny-xl")) == (True, True, False)
    make_one(engine, ask(model="tiny-xl"))
    assert (engine.is_loaded("tiny"), engine.is_loaded("tiny-xl")) == (False, True)
