"""Weights and long prompts reach the encoders."""

from typing import Any

import pytest

from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.tiny import ROUNDING, ask, differ, make_one, pixels

MODELS = pytest.mark.parametrize("model", ["tiny", "tiny-xl"])


@MODELS
@pytest.mark.parametrize("prompt", ["(calm:1.8) cat", "[calm] cat"])
def test_it_shows_emphasis_in_the_picture(engine: DiffusersEngine, model: str, prompt: str) -> None:
    assert differ(make_one(engine, ask(prompt, model=model)), make_one(engine, ask("calm cat", model=model))) > 0


@MODELS
def test_it_reads_brackets_of_weight_one_as_no_brackets(engine: DiffusersEngine, model: str) -> None:
    assert differ(make_one(engine, ask("(calm:1.0)", model=model)), make_one(engine, ask("calm", model=model))) == 0


@MODELS
def test_it_shows_words_beyond_the_seventy_seventh_token(engine: DiffusersEngine, model: str) -> None:
    start = "a" * 100
    one, other = (make_one(engine, ask(start + 5 * end, model=model)) for end in (" red roses", " blue whale"))

    assert differ(one, other) > ROUNDING


def test_it_weighs_words_beyond_the_seventy_seventh_token(engine: DiffusersEngine) -> None:
    start = "a" * 100
    heavy, light = (make_one(engine, ask(f"{start} (roses:{weight})")) for weight in (3, 1))

    assert differ(heavy, light) > ROUNDING


def test_it_reads_a_negative_prompt_longer_than_the_prompt(engine: DiffusersEngine) -> None:
    one, other = (make_one(engine, ask(negative_prompt="b" * 100 + end)) for end in (" red", " people"))

    assert differ(one, other) > ROUNDING


def test_it_keeps_the_mean_of_a_weighted_prompt_and_an_unweighted_one_bit_for_bit(tiny_sd: Any) -> None:
    import torch

    from generation.engines.diffusers.worker.prompts import weighted

    states = torch.rand(2, 1, 77, 16)
    weights = torch.ones(2, 1, 77)
    weights[1, 0, 5:9] = 1.4

    answer = weighted(states, weights)

    assert torch.equal(answer[0], states[0])
    assert answer[1].mean().item() == pytest.approx(states[1].mean().item(), rel=1e-5)
    assert torch.allclose(answer[1, 0, 5] / answer[1, 0, 4], 1.4 * states[1, 0, 5] / states[1, 0, 4])


def test_it_leaves_the_scale_alone_where_the_mean_says_nothing(tiny_sd: Any) -> None:
    import torch

    from generation.engines.diffusers.worker.prompts import weighted

    states = torch.randn(1, 1, 77, 16)
    states -= states.mean()
    weights = torch.full((1, 1, 77), 1.3)
    weights[0, 0, 0] = 1

    assert weighted(states, weights).std().item() == pytest.approx(1.3 * states.std().item(), rel=0.05)


class TextPipeline:
    """A pipeline of another family: its call takes text."""

    def __call__(self, prompt: list[str], negative_prompt: list[str] | None = None) -> None: ...


def test_it_strips_weights_for_models_whose_encoder_is_not_clip(tiny_sd: Any) -> None:
    from generation.engines.diffusers.worker.prompts import EmbeddingCache, conditions, prompt_length

    request = ask(r"(calm:1.3) [cat] \(x\)", negative_prompt="((people))")

    assert conditions(TextPipeline(), [request], 1.0, EmbeddingCache()) == {"prompt": ["calm cat (x)"]}
    assert conditions(TextPipeline(), [request], 4.0, EmbeddingCache())["negative_prompt"] == ["people"]
    assert prompt_length(TextPipeline(), ask("calm " * 500)) == 1


def test_a_text_is_encoded_once(engine: DiffusersEngine) -> None:
    engine.unload()
    from generation.engines.diffusers.worker.loading import load_model

    pipeline = load_model(engine.plan(engine.card("tiny"))).pipeline
    calls: list[int] = []
    handle = pipeline.text_encoder.register_forward_hook(lambda module, inputs, output: calls.append(len(output[0])))
    try:
        first = [make_one(engine, ask("calm cat", seed=1, steps=1)), make_one(engine, ask("a dog", seed=1, steps=1))]
        encoded = sum(calls)
        again = [pixels(each) for each in engine.make([ask("calm cat", steps=1), ask("a dog", steps=1)])]
    finally:
        handle.remove()
    assert encoded <= 3, "two prompts, and no negative one"
    assert sum(calls) == encoded
    assert [differ(one, other) <= ROUNDING for one, other in zip(first, again, strict=True)] == [True, True]


def test_the_texts_used_last_are_kept_up_to_a_bound() -> None:
    import torch

    from generation.engines.diffusers.worker.prompts import EmbeddingCache

    encoded: list[str] = []

    def encode(texts: list[str]) -> tuple[torch.Tensor, ...]:
        encoded.extend(texts)
        return torch.tensor([[float(len(text))] * 4 for text in texts]), torch.zeros(len(texts), 1)

    cache = EmbeddingCache(most=2 * 20)
    for texts in (["a", "bb"], ["a"], ["ccc"], ["a", "a"], ["bb"]):
        states, _ = cache.embed(texts, 1, encode)
        assert states[:, 0].tolist() == [len(text) for text in texts]
        assert cache.bytes <= 40
    assert encoded == ["a", "bb", "ccc", "bb"]
    assert cache.embed(["a"], 2, encode)[0].shape == (1, 4)
    assert encoded[-1] == "a", "another number of chunks is another embedding"
