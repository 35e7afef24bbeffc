import pytest
from hypothesis import given
from hypothesis import strategies as some

from generation.prompts.weights import Token, TokenError, as_prompt, parse_weights, read_tokens, strip_weights


def test_it_says_what_is_on_with_its_weight() -> None:
    tokens = [Token("cat"), Token("dog", on=False), Token("fog", weight=1.3), Token("rain", weight=0)]
    assert as_prompt(tokens) == "cat, (fog:1.3)"


def test_it_reads_words_and_objects() -> None:
    given_tokens = ["cat", {"text": " fog ", "weight": 1.25}, {"text": "dog", "on": False}]
    assert read_tokens(given_tokens) == (Token("cat"), Token("fog", weight=1.25), Token("dog", on=False))


@pytest.mark.parametrize(
    "wrong",
    ["cat", 3, [{"on": True}], [{"text": ""}], [{"text": "x", "weight": 4}], [{"text": "x", "weight": "1"}],
     [{"text": "x", "weight": float("nan")}], [{"text": "x", "on": 1}], [{"text": "x", "colour": 1}], ["x"] * 101,
     ["x" * 501]],
)  # fmt: skip
def test_it_refuses_what_is_no_token(wrong: object) -> None:
    with pytest.raises(TokenError):
        read_tokens(wrong)


@given(some.text(min_size=1, max_size=40).map(str.strip).filter(bool), some.sampled_from([0.5, 1.0, 1.7, 3.0]))
def test_its_text_reaches_the_engine_whatever_brackets_it_has(text: str, weight: float) -> None:
    prompt = as_prompt([Token(text, weight=weight)])
    assert strip_weights(prompt) == text
    assert [phrase.weight for phrase in parse_weights(prompt)] == [weight]
