"""Faster modes of a model: chosen by its name or an option, other pictures than exact ones, and said so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from garden.errors import MisconfiguredError
from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.engine import UnknownModelError
from tests.generation.engines.diffusers.test_inpainting import inpaint_request
from tests.generation.engines.diffusers.tiny import ask, differ, make_one, pixels
from tools.tiny_diffusion import build_tiny_qwen_image


@pytest.fixture
def engine(tiny_sd: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiffusersEngine]:
    qwen = build_tiny_qwen_image(tmp_path_factory.mktemp("tiny") / "qwen")
    models: dict[str, dict[str, Any]] = {
        "tiny": {
            "id": str(tiny_sd),
            "kind": "sd",
            "steps": 8,
            "fast": {"steps": 4, "scheduler": "dpm++"},
            "draft": {"steps": 2, "scheduler": "dpm++"},
        },
        "qwen": {"id": str(qwen), "kind": "qwen-image", "multiple": 16, "steps": 6, "fast": {"cache": 10.0}},
    }
    engine = DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=2)
    yield engine
    engine.unload()


def label(engine: DiffusersEngine, model: str) -> str:
    [picture] = engine.make([ask(model=model)])
    return picture.model


def steps_of(engine: DiffusersEngine, model: str) -> int:
    reported: list[float] = []
    list(engine.make([ask(model=model)], reported.append))
    return len(reported) - 1


def test_a_mode_has_its_own_steps_and_sampler_and_exact_stays_as_it_was(engine: DiffusersEngine) -> None:
    exact = make_one(engine, ask())
    assert [steps_of(engine, name) for name in ("tiny", "tiny:fast", "tiny:draft")] == [8, 4, 2]
    assert differ(make_one(engine, ask(model="tiny:fast")), exact) > 0
    assert differ(make_one(engine, ask(model="tiny:exact")), exact) == 0


def test_the_steps_of_a_request_go_before_those_of_a_mode(engine: DiffusersEngine) -> None:
    reported: list[float] = []
    list(engine.make([ask(model="tiny:fast", steps=5)], reported.append))
    assert len(reported) - 1 == 5


def test_a_picture_that_is_not_exact_says_so(engine: DiffusersEngine) -> None:
    names = ("", "tiny:fast", "tiny:draft", "tiny:exact")
    assert [label(engine, name) for name in names] == ["tiny", "tiny, fast", "tiny, draft", "tiny"]
    [retouched] = engine.inpaint([inpaint_request(model="tiny:draft")])
    assert retouched.model == "tiny, draft"


def test_the_option_is_the_mode_of_names_without_one(engine: DiffusersEngine) -> None:
    fast = replace(engine, speed="draft")
    assert label(fast, "") == "tiny, draft"
    assert label(fast, "qwen") == "qwen", "it has no such mode"
    assert label(fast, "tiny:exact") == "tiny"
    with pytest.raises(MisconfiguredError, match="speed must be one of exact, fast, draft"):
        replace(engine, speed="quick")


def test_modes_share_the_loaded_model(engine: DiffusersEngine) -> None:
    make_one(engine, ask())
    assert engine.is_loaded("tiny:fast")


def test_it_names_the_modes_of_a_model(engine: DiffusersEngine) -> None:
    with pytest.raises(UnknownModelError, match=r"qwen:draft.*the model has exact, fast"):
        list(engine.make([ask(model="qwen:draft")]))


def test_a_transformer_leaves_out_blocks_and_forgets_it_afterwards(engine: DiffusersEngine) -> None:
    from generation.engines.diffusers.worker.loading import load_model

    exact = make_one(engine, ask(model="qwen"))
    network = load_model(engine.plan(engine.card("qwen"))).pipeline.transformer
    calls: list[int] = []
    handle = network.transformer_blocks[1].attn.register_forward_hook(lambda *_: calls.append(1))
    try:
        fast = make_one(engine, ask(model="qwen:fast"))
        left = len(calls)
        assert differ(make_one(engine, ask(model="qwen:fast")), fast) == 0
        calls.clear()
        assert differ(make_one(engine, ask(model="qwen")), exact) == 0
    finally:
        handle.remove()
    assert 0 < left < len(calls)
    assert differ(fast, exact) > 0


def test_it_refuses_a_block_cache_where_there_is_none(tiny_klein: Path) -> None:
    models = {"klein": {"id": str(tiny_klein), "kind": "flux2", "fast": {"cache": 0.1}}}
    with pytest.raises(MisconfiguredError, match="cache is for models of kind qwen-image"):
        DiffusersEngine(models=models, default_model="klein")


def test_a_mode_of_8_bits_has_weights_of_its_own_and_leaves_exact_as_it_was(
    engine: DiffusersEngine, tiny_klein: Path
) -> None:
    klein = {"id": str(tiny_klein), "kind": "flux2", "multiple": 16, "steps": 2, "fast": {"quantize": "int8"}}
    engine = replace(engine, models={**engine.models, "klein": klein})
    exact = make_one(engine, ask(model="klein"))
    assert not engine.is_loaded("klein:fast")
    [fast] = engine.make([ask(model="klein:fast")])
    assert fast.model == "klein, fast"
    assert differ(pixels(fast), exact) > 0
    assert differ(make_one(engine, ask(model="klein")), exact) == 0


def test_8_bits_are_refused_where_the_device_has_none(engine: DiffusersEngine, tiny_sd: Path) -> None:
    models = {"tiny": {"id": str(tiny_sd), "fast": {"quantize": "fp8"}}}
    with pytest.raises(EngineUnavailableError, match=r"fp8 needs an NVIDIA GPU of compute capability 8\.9"):
        list(replace(engine, models=models).make([ask(model="tiny:fast")]))
    with pytest.raises(MisconfiguredError, match="quantize must be int8 or fp8"):
        replace(engine, models={"tiny": {"id": str(tiny_sd), "fast": {"quantize": "int4"}}})
