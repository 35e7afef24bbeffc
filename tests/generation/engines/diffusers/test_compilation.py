"""Which batches run compiled, that they are the same pictures, and the files that compiled code is kept in."""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from garden.errors import MisconfiguredError
from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, differ, pixels

BACKEND = "counted"


@pytest.fixture
def compiled() -> Iterator[list[tuple[int, ...]]]:
    """The shapes of what each graph was compiled for, by a compiler that changes nothing."""
    import torch

    shapes: list[tuple[int, ...]] = []

    def compile_nothing(graph: Any, examples: list[Any]) -> Any:
        shapes.append(
            tuple(next(each.shape for each in examples if each.dim() > 2 and not isinstance(each, torch.nn.Parameter)))
        )
        return graph.forward

    torch._dynamo.register_backend(compile_nothing, name=BACKEND)
    yield shapes
    torch._dynamo.backends.registry._BACKENDS.pop(BACKEND, None)
    torch._dynamo.backends.registry._COMPILER_FNS.pop(BACKEND, None)
    torch._dynamo.reset()


@pytest.fixture
def engine(tiny_sd: Path, compiled: object) -> Iterator[DiffusersEngine]:
    engine = engine_of(tiny_sd, compile="whole", compile_backend=BACKEND)
    yield engine
    engine.unload()


def engine_of(folder: Path, **options: Any) -> DiffusersEngine:
    models = {"tiny": {"id": str(folder), "steps": 2}}
    return DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=4, **options)


def make(engine: DiffusersEngine, count: int) -> list[Any]:
    return [pixels(picture) for picture in engine.make([ask(seed=seed) for seed in range(count)])]


def test_the_second_batch_is_compiled_and_a_nearly_full_one_is_filled_up(
    engine: DiffusersEngine, compiled: list[tuple[int, ...]], tiny_sd: Path
) -> None:
    first = make(engine, 4)
    assert compiled == []
    second = make(engine, 4)
    assert {shape[0] for shape in compiled} == {4, 8}, "the decoder's, and the network's with guidance"
    count = len(compiled)
    assert max(differ(one, other) for one, other in zip(first, second, strict=True)) <= ROUNDING

    padded = make(engine, 7)
    assert len(compiled) == count, "the last three are filled up to four"
    plain = make(engine_of(tiny_sd), 7)
    assert max(differ(one, other) for one, other in zip(padded, plain, strict=True)) <= ROUNDING


def test_single_pictures_run_uncompiled(engine: DiffusersEngine, compiled: list[tuple[int, ...]]) -> None:
    for _ in range(3):
        make(engine, 1)
    assert compiled == []


def test_repeated_blocks_are_compiled_alone(tiny_sd: Path, compiled: list[tuple[int, ...]]) -> None:
    engine = engine_of(tiny_sd, compile="blocks", compile_backend=BACKEND)
    from generation.engines.diffusers.worker.loading import load_model

    network = load_model(engine.plan(engine.card(""))).pipeline.unet
    assert network._compiled_call_impl is None
    blocks = [each for each in network.modules() if type(each).__name__ == "BasicTransformerBlock"]
    assert blocks
    assert all(block._compiled_call_impl is not None for block in blocks)
    engine.unload()


def test_a_processor_compiles_nothing_by_default(tiny_sd: Path) -> None:
    from generation.engines.diffusers.worker.compilation import mode_for
    from generation.engines.diffusers.worker.devices import device_for

    plan = engine_of(tiny_sd).plan(engine_of(tiny_sd).card(""))
    assert mode_for(plan, device_for("cpu")) == "off"
    with pytest.raises(MisconfiguredError, match="compile must be one of auto, off, blocks, whole"):
        engine_of(tiny_sd, compile=True)


KEY = {"model": "tiny", "torch": "1", "shape": [64, 64, 4]}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of compiled code, whose content torch would accept."""
    import torch

    from generation.engines.diffusers.worker.compilation import artifacts_file, save_artifacts

    monkeypatch.setattr(torch.compiler, "save_cache_artifacts", lambda: (b"code", None))
    monkeypatch.setattr(torch.compiler, "load_cache_artifacts", lambda made: made == b"code" or None)
    save_artifacts(tmp_path / "warm", KEY)
    return artifacts_file(tmp_path / "warm", KEY)


def test_compiled_code_is_kept_for_the_same_model_device_version_and_shape(kept: Path) -> None:
    from generation.engines.diffusers.worker.compilation import load_artifacts

    assert load_artifacts(kept.parent, KEY)
    assert not load_artifacts(kept.parent, {**KEY, "torch": "2"})
    assert not load_artifacts(kept.parent, {**KEY, "shape": [64, 64, 8]})
    assert os.stat(kept.parent).st_mode & 0o077 == 0


def spoil_content(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-1])


def spoil_head(kept: Path) -> None:
    kept.write_bytes(b"\x00\xff" + kept.read_bytes())


def make_foreign(kept: Path) -> None:
    head, _, code = kept.read_bytes().partition(b"\n")
    kept.write_bytes(json.dumps({**json.loads(head), "key": {**KEY, "model": "other"}}).encode() + b"\n" + code)


def open_to_others(kept: Path) -> None:
    kept.chmod(0o666)


@pytest.mark.parametrize("spoil", [spoil_content, spoil_head, make_foreign, open_to_others])
def test_a_file_that_is_damaged_or_of_others_is_ignored_with_a_line_in_the_log(
    kept: Path, spoil: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from generation.engines.diffusers.worker.compilation import load_artifacts

    spoil(kept)
    with caplog.at_level(logging.WARNING):
        assert not load_artifacts(kept.parent, KEY)
    assert "is ignored" in caplog.text


def test_a_warm_worker_runs_its_first_batch_compiled(
    tiny_sd: Path, tmp_path: Path, compiled: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.compiler, "save_cache_artifacts", lambda: (b"code", None))
    monkeypatch.setattr(torch.compiler, "load_cache_artifacts", lambda made: made == b"code" or None)
    engine = engine_of(tiny_sd, compile="blocks", compile_backend=BACKEND, warm_cache=str(tmp_path))
    cold = [make(engine, 4), make(engine, 4)]
    assert len(list(tmp_path.glob("*.compiled"))) == 1
    engine.unload()
    torch._dynamo.reset()
    compiled.clear()

    first = make(engine, 4)
    assert compiled
    assert np.abs(np.stack(first) - np.stack(cold[1])).max() <= ROUNDING
    engine.unload()
