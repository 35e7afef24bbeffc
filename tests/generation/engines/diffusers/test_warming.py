"""A warm-up measures the memory layout and the memory of a picture, and keeps both for later processes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.tiny import ask

GIB = 1024**3


@pytest.fixture
def engine(engine: DiffusersEngine, tmp_path: Path) -> Iterator[DiffusersEngine]:
    warm = replace(engine, warm_cache=str(tmp_path))
    yield warm
    warm.unload()


def test_it_keeps_the_faster_layout(engine: DiffusersEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    from generation.engines.diffusers.worker import warming
    from generation.engines.diffusers.worker.loading import load_model

    monkeypatch.setattr(warming, "faster_layout", lambda set_layout, make_batch: False)
    warmth = engine.warm(ask(steps=1))
    assert (warmth.batch, warmth.channels_last) == (4, False)
    engine.unload()

    loaded = load_model(engine.plan(engine.card("")))
    assert loaded.tuning.channels_last is False
    kernel = loaded.pipeline.unet.conv_in.weight
    assert kernel.is_contiguous()


def test_it_measures_both_layouts() -> None:
    from generation.engines.diffusers.worker.warming import faster_layout

    tried: list[bool] = []
    faster_layout(tried.append, lambda: None)
    assert tried == [False, True]


def test_an_unreadable_measurement_is_no_measurement(engine: DiffusersEngine, tmp_path: Path) -> None:
    from generation.engines.diffusers.worker.loading import load_model

    engine.warm(ask(steps=1))
    engine.unload()
    [kept] = tmp_path.glob("*.json")
    kept.write_text("{")
    assert load_model(engine.plan(engine.card(""))).tuning.channels_last is None


def test_it_takes_the_second_picture_of_a_batch_for_the_memory_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from generation.engines.diffusers.worker import warming

    free = [10 * GIB]

    def make_batch(pictures: int) -> None:
        free[0] -= GIB + pictures * GIB // 2

    def clean_up() -> None:
        free[0] = 10 * GIB

    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free[0], 16 * GIB))
    monkeypatch.setattr(warming, "clean_up", clean_up)
    assert warming.measure_picture_bytes(make_batch, torch.device("cpu")) == GIB // 2


def test_the_measured_memory_of_a_picture_sets_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from generation.engines.diffusers.worker import devices

    monkeypatch.setattr(devices, "free_bytes", lambda device: 8 * GIB)

    def fit(**measured: Any) -> int:
        return devices.room_for(torch.device("cuda"), torch.float16, 1024, 1024, **measured)

    assert fit() == 2
    assert fit(picture_bytes=GIB) == 8
    assert fit(picture_bytes=GIB, reserved=3) == 5
    assert fit(picture_bytes=1) == devices.MOST


def test_what_fits_is_found_once_for_a_size(engine: DiffusersEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from generation.engines.diffusers.worker import devices
    from generation.engines.diffusers.worker.compilation import Compilation
    from generation.engines.diffusers.worker.loading import LoadedModel
    from generation.engines.diffusers.worker.tuning import Tuning

    tuning = Tuning(picture_bytes={"64x64": GIB})
    plan = engine.plan(engine.card(""))
    loaded = LoadedModel(plan, torch.device("cuda"), None, tuning, Compilation(on=True, folder=None, facts={}))
    for free in (9, 7):
        monkeypatch.setattr(devices, "free_bytes", lambda device, free=free: free * GIB)
        assert loaded.batch_size(64, 64, None) == 9
    assert loaded.batch_size(64, 64, 4) == 4
    loaded.learn(64, 64, 5)
    assert loaded.batch_size(64, 64, None) == 5
