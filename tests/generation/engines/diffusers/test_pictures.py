"""What the engine makes: seeds, batches, sizes, and an end within one step."""

from pathlib import Path
from typing import Any

import pytest

from generation.engines.base import UnsupportedSizeError
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.engine import UnknownModelError
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, decoding, differ, make_one, pixels


@pytest.mark.parametrize("model", ["tiny", "tiny-xl"])
def test_it_makes_the_same_picture_of_a_seed_alone_and_in_a_batch(engine: DiffusersEngine, model: str) -> None:
    alone = make_one(engine, ask("a cat", seed=3, model=model))
    batch = list(engine.make([ask("a dog", seed=9, model=model), ask("a cat", seed=3, model=model)]))

    assert differ(pixels(batch[1]), alone) <= ROUNDING
    assert differ(pixels(batch[0]), alone) > 10


@pytest.mark.parametrize("model", ["tiny", "tiny-xl"])
def test_it_equals_the_plain_pipeline(engine: DiffusersEngine, tiny_sd: Path, tiny_sdxl: Path, model: str) -> None:
    import torch
    from diffusers import AutoPipelineForText2Image

    plain = AutoPipelineForText2Image.from_pretrained(tiny_sd if model == "tiny" else tiny_sdxl)
    plain.set_progress_bar_config(disable=True)
    message: dict[str, Any] = {"width": 64, "height": 64, "num_inference_steps": 3, "guidance_scale": 7.5}
    image = plain("a calm garden", **message, generator=torch.Generator().manual_seed(5), output_type="np").images[0]

    assert differ(make_one(engine, ask("a calm garden", seed=5, model=model)), image * 255) <= ROUNDING


def test_it_makes_prompts_of_alternating_length_in_full_batches(engine: DiffusersEngine, pipeline: Any) -> None:
    requests = [ask("spring " * 30 if seed % 2 else "a cat", seed=seed) for seed in range(8)]
    alone = [make_one(engine, request) for request in requests]

    with decoding(pipeline, lambda output: output) as calls:
        pictures = list(engine.make(requests))

    assert calls == [4, 4]
    assert [(picture.index, picture.request) for picture in pictures] == list(enumerate(requests))
    assert all(differ(pixels(made), one) <= ROUNDING for made, one in zip(pictures, alone, strict=True))


def test_it_makes_sizes_the_model_cannot_make_larger_and_crops_their_centre(tiny_sd: Path) -> None:
    coarse = DiffusersEngine(
        models={"coarse": {"id": str(tiny_sd), "steps": 2, "multiple": 64}}, default_model="coarse"
    )
    whole = make_one(coarse, ask(width=128, height=128))

    cropped = make_one(coarse, ask(width=104, height=72))

    assert cropped.shape == (72, 104, 3)
    assert differ(cropped, whole[28:100, 12:116]) <= ROUNDING


def test_it_refuses_a_size_before_anything_is_loaded() -> None:
    with pytest.raises(UnsupportedSizeError, match="width must be a multiple of 8"):
        DiffusersEngine().make([ask(width=65)])


def test_it_names_the_models_there_are_when_asked_for_another(engine: DiffusersEngine) -> None:
    with pytest.raises(UnknownModelError, match=r"sd-turbo.*tiny"):
        engine.make([ask(model="dall-e")])


def test_it_avoids_what_the_negative_prompt_says(engine: DiffusersEngine) -> None:
    assert differ(make_one(engine, ask(negative_prompt="people")), make_one(engine, ask())) > ROUNDING


def test_it_makes_pictures_without_guidance_as_turbo_models_need(engine: DiffusersEngine) -> None:
    unguided = make_one(engine, ask(guidance_scale=0.0, steps=1))

    assert differ(unguided, make_one(engine, ask(guidance_scale=0.0, steps=1, negative_prompt="people"))) == 0


def test_it_samples_with_the_scheduler_of_the_card(tiny_sd: Path, engine: DiffusersEngine) -> None:
    models = {"tiny": {"id": str(tiny_sd), "steps": 3, "scheduler": "euler-ancestral"}}
    ancestral = DiffusersEngine(models=models, default_model="tiny", max_batch=4)
    alone = make_one(ancestral, ask(seed=4))

    assert differ(pixels(list(ancestral.make([ask(seed=8), ask(seed=4)]))[1]), alone) <= ROUNDING
    assert differ(alone, make_one(engine, ask(seed=4))) > 10


def test_it_makes_requests_of_different_sizes_and_steps_as_each_would_be_alone(engine: DiffusersEngine) -> None:
    requests = [ask(seed=1), ask(seed=2, width=128), ask(seed=3, steps=2), ask(seed=4)]

    together = [pixels(picture) for picture in engine.make(requests)]

    assert all(
        differ(made, make_one(engine, asked)) <= ROUNDING for made, asked in zip(together, requests, strict=True)
    )


class CancelledError(Exception):
    """the curator cancelled."""


def test_it_stops_within_one_step(engine: DiffusersEngine) -> None:
    reported: list[float] = []

    def cancel_at_the_second(progress: float) -> None:
        reported.append(progress)
        if len(reported) == 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        list(engine.make([ask(steps=50)], cancel_at_the_second))

    assert len(reported) == 2


def test_it_hands_over_what_was_finished_out_of_order_before_the_cancel(engine: DiffusersEngine) -> None:
    def cancel_the_second_batch(progress: float) -> None:
        if progress > 0.5:
            raise CancelledError

    pictures = engine.make(
        [ask("spring " * 30 if seed % 2 else "a cat", seed=seed) for seed in range(8)], cancel_the_second_batch
    )

    assert [(made.index, made.request.seed) for made in (next(pictures) for _ in range(4))] == [
        (0, 0),
        (2, 2),
        (4, 4),
        (6, 6),
    ]
    with pytest.raises(CancelledError):
        next(pictures)
