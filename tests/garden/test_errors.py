"""Every error becomes an answer, whatever it repeats from its request."""

import json
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from garden.api.errors import answer_error
from garden.api.formats import FastJSONRenderer
from garden.errors import RefusedError


@pytest.mark.parametrize("value", [2**64, -(2**70), "\ud800", ["a", {"b": 2**64}], {1: "\udfff"}])
def test_it_renders_whatever_an_error_repeats(value: Any) -> None:
    answer: Any = answer_error(RefusedError("no", value=value), {})
    rendered = json.loads(FastJSONRenderer().render(answer.data))
    assert rendered["value"] == json.loads(json.dumps(value))


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [([{}, {"a": ["bad"]}], "a: bad"), ({"a": []}, ""), ([], ""), ({}, ""), ({"a": {}, "b": ["bad"]}, "b: bad")],
)
def test_it_finds_the_first_complaint_of_a_validation_error(detail: Any, sentence: str) -> None:
    answer: Any = answer_error(ValidationError(detail), {})
    assert answer.data["detail"] == sentence
