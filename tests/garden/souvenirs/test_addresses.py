"""A code is shown only where a phone can follow it."""

from typing import Any

import pytest
from django.test import RequestFactory

from garden.models import SouvenirLink
from garden.souvenirs.links import souvenir_address

LINK = SouvenirLink(code="0123abcdefgh")


def asked_at(host: str) -> str:
    return souvenir_address(RequestFactory().get("/", headers={"Host": host}), LINK)


def test_it_is_under_the_public_url(settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    assert asked_at("localhost:8000") == "https://garden.example/s/0123abcdefgh"


def test_without_one_it_is_where_the_kiosk_found_the_garden() -> None:
    assert asked_at("192.168.1.20:8000") == "http://192.168.1.20:8000/s/0123abcdefgh"


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "garden.localhost"])
def test_there_is_none_that_every_machine_takes_for_itself(host: str) -> None:
    assert asked_at(host) == ""


def test_a_public_url_that_says_localhost_is_none_either(settings: Any) -> None:
    settings.PUBLIC_URL = "http://localhost:8000"
    assert asked_at("192.168.1.20") == ""
    assert souvenir_address(settings.PUBLIC_URL, LINK) == ""
