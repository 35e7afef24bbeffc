"""Every error becomes an answer, whatever it repeats from its request and whether its body was read."""

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.exceptions import ValidationError

from garden.api.errors import answer_error
from garden.api.formats import FastJSONRenderer
from garden.errors import RefusedError
from garden.limits import DrainBodyMiddleware


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


def photo() -> HttpRequest:
    request: HttpRequest = RequestFactory().post("/emotion", b"\xff" * 3_000_000, content_type="image/jpeg")
    return request


def test_the_body_of_a_refused_request_is_read_to_its_end() -> None:
    request = photo()
    assert DrainBodyMiddleware(lambda _request: HttpResponse(status=401))(request).status_code == 401
    assert request.read() == b""


def test_a_body_is_left_to_the_view_until_it_has_answered() -> None:
    lengths: list[int] = []

    def read(request: HttpRequest) -> HttpResponse:
        lengths.append(len(request.body))
        return HttpResponse()

    DrainBodyMiddleware(read)(photo())
    assert lengths == [3_000_000]
