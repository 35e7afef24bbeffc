"""The OpenAPI document as a source of requests: what it allows, what it almost allows, and what it forbids."""

from contextlib import suppress
from typing import Any

import schemathesis
from django.contrib.auth.models import User
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from garden.access.kiosk_keys import make_key
from tests.support.factories import ImageFactory, KioskFactory, VisitorFactory

DOCUMENT = "/api/schema/?format=json"
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def document_of(application: Any) -> Any:
    return schemathesis.openapi.from_wsgi(DOCUMENT, application)


def operations(document: Any) -> list[Any]:
    return [operation.ok() for operation in document.get_all_operations()]


def known_to_the_garden() -> dict[str, str]:
    """Headers of one who may do everything, so that no request ends at the door; and rows to do it to."""
    for key in ("emotions/calm/img_1_0h.jpeg", "imgPool/calm/img_2_0v.jpeg"):
        ImageFactory.create(key=key)
    VisitorFactory.create(id="0")
    everybody = User.objects.create_superuser("fuzz")
    token = Token.objects.create(user=everybody)
    return {"x-api-key": make_key(device=KioskFactory.create(), name="fuzz")[1], "Authorization": f"Token {token.key}"}


def fuzz(operation: Any, headers: dict[str, str], examples: int, mode: GenerationMode) -> None:
    """Raises what the first answer that nobody promised says; the same examples each time."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.headers = {**(case.headers or {}), **headers}
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # There is nothing to get wrong where nothing is sent.
        ask()
