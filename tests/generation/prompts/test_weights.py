"""The notation of emphasis: what counts how much."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.prompts.weights import LARGEST, Phrase, escape, parse_weights, strip_weights

PROMPTS = st.text(alphabet="ab :.,1()[]\\\n花", max_size=60)


@pytest.mark.parametrize(
    ("prompt", "phrases"),
    [
        ("a calm garden", [Phrase("a calm garden")]),
        ("(word:1.3)", [Phrase("word", 1.3)]),
        ("((word))", [Phrase("word", 1.21)]),
        ("[word]", [Phrase("word", 0.909091)]),
        ("([word])", [Phrase("word", 1.0)]),
        ("a (b:1.5) c", [Phrase("a "), Phrase("b", 1.5), Phrase(" c")]),
        ("(a (b:2) c)", [Phrase("a ", 1.1), Phrase("b", 2.2), Phrase(" c", 1.1)]),
        (r"\(word\) \[x\]", [Phrase("(word) [x]")]),
        ("left (open here", [Phrase("left "), Phrase("open here", 1.1)]),
        ("a smile :)", [Phrase("a smile :)")]),
        ("ratio 3:2", [Phrase("ratio 3:2")]),
        ("(word:.5)", [Phrase("word", 0.5)]),
        ("(word: 0.8 )", [Phrase("word", 0.8)]),
        ("(away:-1)", [Phrase("away", -1.0)]),
        ("(far:1000)", [Phrase("far", LARGEST)]),
        ("", []),
    ],
)
def test_it_reads_emphasis_as_the_web_ui_does(prompt: str, phrases: list[Phrase]) -> None:
    assert parse_weights(prompt) == phrases


@given(st.text())
def test_it_leaves_escaped_text_alone(text: str) -> None:
    assert parse_weights(escape(text)) == ([Phrase(text)] if text else [])


@given(PROMPTS)
def test_it_takes_every_string_for_a_prompt_and_loses_no_word(prompt: str) -> None:
    kept = [character for character in strip_weights(prompt) if character in "ab花"]

    assert kept == [character for character in prompt if character in "ab花"]


@given(PROMPTS)
def test_it_joins_neighbours_of_one_weight(prompt: str) -> None:
    weights = [phrase.weight for phrase in parse_weights(prompt)]

    assert all(one != other for one, other in pairwise(weights))


@given(st.text(alphabet="ab ", min_size=1), st.floats(0.1, 4))
def test_it_reads_back_the_weight_that_was_written(text: str, weight: float) -> None:
    assert parse_weights(f"({text}:{weight:.3f})") == [Phrase(text, round(float(f"{weight:.3f}"), 6))]


@given(st.text(alphabet="ab, ", min_size=1), st.integers(1, 4))
def test_it_multiplies_nested_brackets(text: str, depth: int) -> None:
    [phrase] = parse_weights("(" * depth + text + ")" * depth)

    assert phrase.weight == pytest.approx(1.1**depth, abs=1e-6)
