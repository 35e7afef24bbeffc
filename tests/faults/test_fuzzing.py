"""Whatever the OpenAPI document lets somebody send, or forbids: never a 500, never an answer that it does not name."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis import GenerationMode

from garden.wsgi import application
from tests.faults.fuzzing import document_of, fuzz, known_to_the_garden, operations

OF_CURATORS = (
    "/curation",
    "/jobs",
    "/gpu-hosts",
    "/bulk",
    "/text2image",
    "/retrieve",
    "/remove",
    "/clearIndex",
    "/api",
)
STAFF = (*OF_CURATORS, "/sd-service", "/user", "/render")
pytestmark = pytest.mark.django_db
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(autouse=True)
def _in_this_transaction(settings: Any) -> Iterator[None]:
    """As Django's own test client: the end of a request does not close the test's connection."""
    settings.TEXT2IMAGE_WAIT_SECONDS = 0
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def every() -> list[Any]:
    return operations(document_of(application))


def test_the_document_names_every_room(every: list[Any]) -> None:
    assert len(every) > 20


def test_no_request_of_a_visitor_breaks_it(every: list[Any], subtests: pytest.Subtests) -> None:
    headers = known_to_the_garden()
    for operation in every:
        if not operation.path.startswith(STAFF):
            with subtests.test(operation.path, method=operation.method):
                for mode in MODES:
                    fuzz(operation, headers, 3, mode)


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_no_request_of_many_breaks_it(every: list[Any], mode: GenerationMode, subtests: pytest.Subtests) -> None:
    headers = known_to_the_garden()
    for operation in every:
        with subtests.test(operation.path, method=operation.method):
            fuzz(operation, headers, 100, mode)
