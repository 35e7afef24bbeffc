"""Broken pictures are seen before anyone saves them, and made again with another seed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from generation.engines.base import BadPictureError
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.batching import another_seed
from generation.queue.worker import work
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, decoding, differ, make_one, pixels
from tests.generation.jobs import ask_for

BREAKAGES: dict[str, Callable[[Any], Any]] = {
    "not finite": lambda output: output * float("nan"),
    "black": lambda output: output * 0 - 1,
    "flat": lambda output: output * 0 + 0.3,
}


@pytest.mark.parametrize("kind", BREAKAGES)
def test_it_refuses_a_picture_that_stays_broken(engine: DiffusersEngine, pipeline: Any, kind: str) -> None:
    with decoding(pipeline, BREAKAGES[kind]) as calls, pytest.raises(BadPictureError, match=f"{kind} with 3 seeds"):
        list(engine.make([ask()]))

    assert len(calls) == 3, "two further seeds were tried"


@pytest.mark.parametrize("kind", BREAKAGES)
def test_it_makes_a_broken_picture_again_with_another_seed_and_says_so(
    engine: DiffusersEngine, pipeline: Any, kind: str
) -> None:
    expected = make_one(engine, ask(seed=another_seed(1, 1)))
    calls = 0

    def break_once(output: Any) -> Any:
        nonlocal calls
        calls += 1
        return BREAKAGES[kind](output) if calls == 1 else output

    with decoding(pipeline, break_once):
        [picture] = engine.make([ask(seed=1)])

    assert picture.request == ask(seed=another_seed(1, 1))
    assert differ(pixels(picture), expected) <= ROUNDING


def test_it_makes_only_the_broken_one_of_a_batch_again(engine: DiffusersEngine, pipeline: Any) -> None:
    def break_the_second(output: Any) -> Any:
        if len(output) == 4:
            output[1] = float("nan")
        return output

    with decoding(pipeline, break_the_second) as calls:
        pictures = list(engine.make([ask(seed=seed) for seed in range(4)]))

    assert calls == [4, 1]
    assert [picture.request.seed for picture in pictures] == [0, another_seed(1, 1), 2, 3]


@pytest.mark.django_db
def test_a_worker_keeps_every_good_picture_of_a_batch_with_a_broken_one(
    engine: DiffusersEngine, pipeline: Any, settings: Any
) -> None:
    options = {name: getattr(engine, name) for name in ("models", "default_model", "device", "max_batch")}
    backend = "generation.engines.diffusers.DiffusersEngine"
    settings.GENERATION_ENGINES = {"diffusers": {"BACKEND": backend, "OPTIONS": options}}
    settings.GENERATION_MAX_ATTEMPTS = 1
    job = ask_for(4, engine="diffusers")

    def break_the_second(output: Any) -> Any:
        output[1 if len(output) == 4 else 0] = float("nan")
        return output

    with decoding(pipeline, break_the_second) as calls:
        assert work(engines=["diffusers"]) == 3

    assert list(job.slots.order_by("index").values_list("state", flat=True)) == ["done", "failed", "done", "done"]
    assert calls == [4, 1, 1], "no picture was made twice"


def test_it_never_reports_less_progress_while_making_a_picture_again(engine: DiffusersEngine, pipeline: Any) -> None:
    reported: list[float] = []

    with decoding(pipeline, BREAKAGES["black"]), pytest.raises(BadPictureError):
        list(engine.make([ask()], reported.append))

    assert reported == sorted(reported)
    assert reported[-1] < 1
    assert len(reported) >= 9, "steps of further tries are reported too: they renew leases and can be cancelled"


def test_it_sees_nothing_wrong_with_night_fog_or_a_white_page_with_a_line() -> None:
    import torch

    from generation.engines.diffusers.worker.batches import flaws

    generator = np.random.default_rng(0)
    night = generator.random((32, 32, 3), dtype=np.float32) * 0.1
    fog = 0.8 + generator.random((32, 32, 3), dtype=np.float32) * 0.05
    page = np.ones((32, 32, 3), np.float32)
    page[16] = 0

    assert flaws(torch.from_numpy(np.stack([night, fog, page])).permute(0, 3, 1, 2)) == ["", "", ""]


def test_it_tries_the_same_other_seeds_whenever_it_is_asked_again() -> None:
    seeds = [another_seed(7, attempt) for attempt in range(4)]

    assert seeds[0] == 7
    assert len(set(seeds)) == 4
    assert another_seed(2**32 - 1, 3) < 2**32


def test_it_returns_the_good_pictures_before_a_broken_one(engine: DiffusersEngine, pipeline: Any) -> None:
    def break_the_last(output: Any) -> Any:
        output[-1] = float("nan")
        return output

    with decoding(pipeline, break_the_last):
        pictures = engine.make([ask(seed=seed) for seed in range(3)])

        assert [next(pictures).request.seed for _ in range(2)] == [0, 1]
        with pytest.raises(BadPictureError):
            next(pictures)


def test_it_returns_the_good_pictures_after_a_broken_one(engine: DiffusersEngine, pipeline: Any) -> None:
    def break_the_second(output: Any) -> Any:
        output[1 if len(output) == 4 else 0] = float("nan")
        return output

    with decoding(pipeline, break_the_second) as calls:
        pictures = engine.make([ask(seed=seed) for seed in range(4)])

        assert [(made.index, made.request.seed) for made in (next(pictures) for _ in range(3))] == [
            (0, 0),
            (2, 2),
            (3, 3),
        ]
        with pytest.raises(BadPictureError):
            next(pictures)
    assert calls == [4, 1, 1]
