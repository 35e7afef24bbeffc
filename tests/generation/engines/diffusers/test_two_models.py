"""A second model is loaded beside the first where both fit, and replaces it where they do not."""

from collections.abc import Iterator
from typing import Any

import pytest

from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.test_memory import room_for
from tests.generation.engines.diffusers.tiny import ask


@pytest.fixture(autouse=True)
def _nothing_loaded_before(engine: DiffusersEngine) -> Iterator[None]:
    engine.unload()
    yield
    engine.unload()


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.engines.diffusers.worker.loading.fits_beside", lambda plan: True)


def make(engine: DiffusersEngine, model: str) -> None:
    list(engine.make([ask(model=model, steps=1)]))


def test_another_model_replaces_the_first_on_a_processor(engine: DiffusersEngine) -> None:
    make(engine, "tiny")
    make(engine, "tiny-xl")
    assert [engine.is_loaded(model) for model in ("tiny", "tiny-xl")] == [False, True]


@pytest.mark.usefixtures("roomy")
def test_both_stay_where_both_fit(engine: DiffusersEngine) -> None:
    make(engine, "tiny")
    make(engine, "tiny-xl")
    assert [engine.is_loaded(model) for model in ("tiny", "tiny-xl")] == [True, True]
    engine.unload()
    assert [engine.is_loaded(model) for model in ("tiny", "tiny-xl")] == [False, False]


@pytest.mark.usefixtures("roomy")
def test_the_other_model_goes_before_a_batch_is_made_smaller(engine: DiffusersEngine, pipeline: Any) -> None:
    make(engine, "tiny-xl")
    with room_for(pipeline, 2) as batches:
        list(engine.make([ask(seed=seed, steps=1) for seed in range(4)]))
    assert batches == [4, 4, 2, 2]
    assert [engine.is_loaded(model) for model in ("tiny", "tiny-xl")] == [True, False]


def test_a_gpu_holds_a_second_model_if_a_full_batch_fits_too(
    engine: DiffusersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from generation.engines.diffusers.worker import devices, loading

    plan = engine.plan(engine.card("sdxl-turbo"))
    monkeypatch.setattr(loading, "device_for", lambda name: torch.device("cuda"))
    for gib, fits in ((80, True), (24, False)):
        monkeypatch.setattr(devices, "free_bytes", lambda device, gib=gib: gib * devices.GIB)
        assert loading.fits_beside(plan) is fits
