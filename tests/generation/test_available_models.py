"""Which engines and models curators can choose."""

from pathlib import Path
from typing import Any

import pytest

from generation.available_models import available_models
from generation.models import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_diffusers")]


@pytest.fixture
def _diffusers(settings: Any, tmp_path: Path) -> None:
    settings.GENERATION_ENGINES = {
        "painter": {"BACKEND": "generation.engines.painter.PainterEngine", "OPTIONS": {}},
        "diffusers": {
            "BACKEND": "generation.engines.diffusers.DiffusersEngine",
            "OPTIONS": {"cache": str(tmp_path), "default_model": "sd-turbo", "models": {"ours": {"id": "/nowhere"}}},
        },
    }
    settings.GENERATION_DEFAULT_ENGINE = "painter"


def test_the_default_engine_comes_first_and_the_painter_is_called_so() -> None:
    first = available_models()[0]
    assert (first.value, first.is_painter) == ("painter|", True)


def test_of_diffusion_models_it_offers_the_default_and_those_that_are_here() -> None:
    assert [maker.value for maker in available_models()] == ["painter|", "diffusers|"]


def test_a_model_that_a_worker_has_loaded_is_offered() -> None:
    Worker.objects.create(name="gpu", engines=["diffusers"], model="ours")
    assert [maker.value for maker in available_models()] == ["painter|", "diffusers|", "diffusers|ours"]


def test_the_faster_modes_of_a_model_are_offered_beside_it() -> None:
    Worker.objects.create(name="gpu", engines=["diffusers"], model="sd-2.1:fast")
    values = [maker.value for maker in available_models()]
    assert values[2:] == ["diffusers|sd-2.1", "diffusers|sd-2.1:fast", "diffusers|sd-2.1:draft"]
