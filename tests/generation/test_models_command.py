"""`manage.py models`: what an operator sees and does."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from generation.available_models import available_models
from tests.support.model_hub import COMMIT, serve_hub
from tools.tiny_diffusion import build_tiny_sd


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sd(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def _engines(settings: Any, model: Path, tmp_path: Path) -> None:
    options = {
        "models": {
            "tiny": {"id": str(model), "steps": 2, "draft": {"steps": 1}},
            "gone": {"id": str(tmp_path / "gone")},
        },
        "default_model": "tiny",
        "cache": str(tmp_path / "cache"),
        "warm_cache": str(tmp_path / "warm"),
    }
    settings.GENERATION_ENGINES = {
        **settings.GENERATION_ENGINES,
        "diffusers": {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": options},
    }


pytestmark = pytest.mark.usefixtures("_engines")


def models(*arguments: str) -> list[dict[str, Any]]:
    stdout = StringIO()
    call_command("models", *arguments, "--json", stdout=stdout)
    return list(json.loads(stdout.getvalue()))


def test_it_lists_every_model_and_whether_it_is_here() -> None:
    rows = {row["model"]: row for row in models("list")}

    assert rows["tiny"]["here"]
    assert rows["tiny"]["default"]
    assert not rows["sd-turbo"]["here"]
    assert rows["z-image-turbo"]["licence"] == "Apache-2.0"


def test_it_lists_for_people_too() -> None:
    stdout = StringIO()
    call_command("models", "list", stdout=stdout)

    assert "sdxl-lightning" in stdout.getvalue()


def test_it_checks_a_complete_model(model: Path) -> None:
    [row] = models("check")

    assert (row["model"], row["folder"], row["pipeline"]) == ("tiny", str(model), "StableDiffusionPipeline")
    assert row["MB"] > 1


@pytest.mark.parametrize(("name", "words"), [("gone", "no model_index.json"), ("sd-turbo", "not on this machine")])
def test_it_fails_a_check_saying_what_is_wrong(name: str, words: str) -> None:
    stdout = StringIO()

    with pytest.raises(CommandError):
        call_command("models", "check", "tiny", name, stdout=stdout)

    assert words in stdout.getvalue()
    assert "StableDiffusionPipeline" in stdout.getvalue(), "the good one is reported as well"


def test_it_knows_no_other_model() -> None:
    with pytest.raises(CommandError, match="no model 'dall-e'"):
        call_command("models", "check", "dall-e")


def test_it_refuses_an_engine_of_another_kind() -> None:
    with pytest.raises(CommandError, match="quick is not a diffusers engine"):
        call_command("models", "list", "--engine", "quick")


def test_it_warms_a_model_up_and_says_what_a_picture_costs() -> None:
    [row] = models("warm", "--width", "64", "--height", "64")

    assert 0 < row["further"] <= row["first"]


@pytest.mark.django_db
def test_it_compares_the_modes_of_a_model_and_keeps_their_distances(settings: Any, tmp_path: Path) -> None:
    settings.PICTURE_ENCODER = {"BACKEND": "recommend.encoders.EfficientNetEncoder"}
    size = ("--width", "64", "--height", "64")
    [row] = models("compare", "tiny", *size, "--sheet", str(tmp_path / "sheet.png"))

    assert row["exact"]["distance"] == 0
    assert 0 < row["draft"]["distance"] < 1
    assert {each.value: each.distance for each in available_models()}["diffusers|tiny:draft"] == row["draft"][
        "distance"
    ]
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert len(sheet.convert("RGB").getcolors(1 << 20) or []) > 100


DOWNLOAD = """
import json, os, sys
import django
from django.conf import settings
django.setup()
settings.GENERATION_ENGINES = json.loads(os.environ["ENGINES"])
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def download(address: str, cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the hub's client reads its address once."""
    options = {"models": {"tiny": {"id": "maker/tiny"}}, "default_model": "tiny", "cache": str(cache)}
    engines = {"site": {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": options}}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "garden.settings.test",
        "HF_ENDPOINT": address,
        "ENGINES": json.dumps(engines),
    }
    command = [sys.executable, "-c", DOWNLOAD, "models", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_it_downloads_configuration_and_safetensors_and_nothing_else(model: Path, tmp_path: Path) -> None:
    extras = {"unet/diffusion_pytorch_model.bin", "v1.ckpt", "all-in-one.safetensors", "run.py"}
    repository = tmp_path / "repository"
    (repository / "unet").mkdir(parents=True)
    for path in model.rglob("*"):
        if path.is_file():
            (target := repository / path.relative_to(model)).parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    for extra in extras:
        (repository / extra).write_bytes(b"not wanted")

    with serve_hub({"maker/tiny": repository}) as (address, asked):
        answer = download(address, tmp_path / "cache", "download", "--json")
        again = download(address, tmp_path / "cache", "check", "--json")

    assert answer.returncode == again.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)[0]["folder"].endswith(COMMIT)
    assert "unet/diffusion_pytorch_model.safetensors" in asked
    assert not extras & set(asked)


def test_it_exits_with_an_error_when_the_hub_does_not_know_the_model(tmp_path: Path) -> None:
    with serve_hub({}) as (address, _):
        answer = download(address, tmp_path / "cache", "download", "--json")

    assert answer.returncode == 1
    assert "maker/tiny could not be downloaded" in answer.stdout
