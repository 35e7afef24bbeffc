from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There is nothing at this address"), ("ko", "이 주소에는"), ("ja", "このアドレスには")],
)
def test_an_address_without_a_page_says_so_and_shows_the_way_back(client: Client, language: str, words: str) -> None:
    page = client.get("/nonsense", headers={"Accept-Language": language})
    assert page.status_code == 404
    assert words in page.content.decode()
    assert 'href="/kiosk/"' in page.content.decode()


def test_our_own_mistake_is_admitted_without_a_trace(client: Client, settings: Any) -> None:
    client.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.garden.pages.broken_urls"
    page = client.get("/broken")
    assert page.status_code == 500
    assert "The garden stumbled" in page.content.decode()
    assert "Traceback" not in page.content.decode()
    assert "out of water" not in page.content.decode()
