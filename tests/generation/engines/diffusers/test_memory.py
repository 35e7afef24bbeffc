"""Too little memory halves the batch; a single picture that does not fit says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.tiny import ask, differ, make_one


@contextmanager
def room_for(pipeline: Any, pictures: int) -> Iterator[list[int]]:
    """The UNet runs out of memory above so many pictures (guided: two rows each), as a GPU would."""
    import torch

    batches: list[int] = []

    def refuse(module: Any, arguments: Any) -> None:
        batches.append(len(arguments[0]) // 2)
        if batches[-1] > pictures:
            raise torch.OutOfMemoryError("CUDA out of memory.")

    handle = pipeline.unet.register_forward_pre_hook(refuse)
    try:
        yield batches
    finally:
        handle.remove()


@pytest.fixture(autouse=True)
def _nothing_learned_before(engine: DiffusersEngine) -> Iterator[None]:
    engine.unload()
    yield
    engine.unload()


def test_it_halves_the_batch_until_it_fits_and_loses_no_picture(engine: DiffusersEngine, pipeline: Any) -> None:
    with room_for(pipeline, 1) as batches:
        pictures = list(engine.make([ask(seed=seed, steps=1) for seed in range(4)]))

    assert [picture.request.seed for picture in pictures] == [0, 1, 2, 3]
    assert batches == [4, 2, 1, 1, 1, 1]


def test_it_remembers_how_many_fit(engine: DiffusersEngine, pipeline: Any) -> None:
    with room_for(pipeline, 2) as batches:
        list(engine.make([ask(seed=seed, steps=1) for seed in range(4)]))
        list(engine.make([ask(seed=seed, steps=1) for seed in range(4)]))

    assert batches == [4, 2, 2, 2, 2]
    assert engine.batch_size(ask()) == 2


def test_it_says_what_to_do_when_one_picture_does_not_fit(engine: DiffusersEngine, pipeline: Any) -> None:
    with room_for(pipeline, 0), pytest.raises(EngineUnavailableError, match=r"64×64 does not fit.*smaller"):
        list(engine.make([ask()]))

    assert make_one(engine, ask()).shape == (64, 64, 3)


def test_it_keeps_other_errors_as_they_are(engine: DiffusersEngine, pipeline: Any) -> None:
    def fail(module: Any, arguments: Any) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    handle = pipeline.unet.register_forward_pre_hook(fail)
    try:
        with pytest.raises(RuntimeError, match="shapes"):
            list(engine.make([ask()]))
    finally:
        handle.remove()


def test_it_makes_one_at_a_time_on_a_processor_unless_configured_otherwise(tiny_sd: Any) -> None:
    models = {"tiny": {"id": str(tiny_sd)}}

    assert DiffusersEngine(models=models, default_model="tiny", device="cpu").batch_size(ask()) == 1
    assert DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=3).batch_size(ask()) == 3


def test_it_gives_memory_back(engine: DiffusersEngine) -> None:
    import gc
    import weakref

    from generation.engines.diffusers.worker.loading import load_model

    first = make_one(engine, ask())
    unet = weakref.ref(load_model(engine.plan(engine.card(""))).pipeline.unet)

    engine.unload()
    gc.collect()

    assert unet() is None
    assert differ(make_one(engine, ask()), first) == 0
