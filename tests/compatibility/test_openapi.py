"""The OpenAPI document names every route of the contract and is valid."""

from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

ROUTES = ["/emotion", "/gardenfromDB", "/garden", "/like", "/retrieve", "/remove", "/removePool", "/clearIndex"]
ROUTES += ["/updateDisplay", "/sendToWall"]
ROUTES += ["/sd-service/infra/control", "/sd-service/infra/auto-termination"]


@pytest.fixture
def document(client: Client) -> Any:
    return yaml.safe_load(client.get("/api/schema/").content)


@pytest.mark.parametrize("route", ROUTES)
def test_it_describes_every_route(document: Any, route: str) -> None:
    described = document["paths"][route]["post"]
    assert described["summary"]
    assert "200" in described["responses"]
    assert "requestBody" in described


def test_it_says_that_no_face_is_plain_text(document: Any) -> None:
    assert "text/plain" in document["paths"]["/emotion"]["post"]["responses"]["404"]["content"]


def test_it_is_valid_without_warnings() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_its_page_loads_nothing_from_other_hosts(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page
