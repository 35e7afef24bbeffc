"""One tiny model of each family for the whole session, and engines that use them."""

import gc
from pathlib import Path
from typing import Any

import pytest

from generation.engines.diffusers import DiffusersEngine
from tools.tiny_diffusion import build_tiny_klein, build_tiny_sd, build_tiny_sdxl, build_tiny_z_image


@pytest.fixture(scope="session")
def _one_thread() -> None:
    """Tiny networks gain nothing from threads, and threads of two test processes slow each other down.

    What these libraries import is kept out of later garbage collections, each of which engines wait for.
    """
    import diffusers  # noqa: F401
    import torch  # Seconds, and only for these tests.
    import transformers  # noqa: F401

    torch.set_num_threads(1)
    gc.freeze()


@pytest.fixture(scope="session")
def tiny_sd(_one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sd(tmp_path_factory.mktemp("tiny") / "sd")


@pytest.fixture(scope="session")
def tiny_sdxl(_one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("tiny") / "sdxl")


@pytest.fixture(scope="session")
def tiny_klein(_one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_klein(tmp_path_factory.mktemp("tiny") / "klein")


@pytest.fixture(scope="session")
def tiny_z_image(_one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_z_image(tmp_path_factory.mktemp("tiny") / "z-image")


@pytest.fixture
def engine(tiny_sd: Path, tiny_sdxl: Path) -> DiffusersEngine:
    models = {"tiny": {"id": str(tiny_sd), "steps": 3}, "tiny-xl": {"id": str(tiny_sdxl), "steps": 3}}
    return DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=4)


@pytest.fixture
def pipeline(engine: DiffusersEngine) -> Any:
    """The loaded pipeline itself, for tests that make its parts fail."""
    from generation.engines.diffusers.worker.loading import load_model

    return load_model(engine.plan(engine.card("tiny"))).pipeline
