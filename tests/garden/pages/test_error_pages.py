from typing import Any

import pytest
from django.contrib.auth import get_user_model
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
    assert 'href="/kiosk/"' in page.content.decode()
    assert "Traceback" not in page.content.decode()
    assert "out of water" not in page.content.decode()


def test_a_form_that_expired_says_that_nothing_changed_and_how_to_go_on() -> None:
    page = Client(enforce_csrf_checks=True).post("/kiosk/pair/", {"key": "k"})
    assert page.status_code == 403
    assert "This form has expired" in page.content.decode()
    assert "CSRF" not in page.content.decode()


@pytest.mark.parametrize(("language", "words"), [("ko", "이 페이지는 볼 수 없어요"), ("ja", "このページは開けません")])
def test_staff_who_may_not_see_a_page_are_told_whom_to_ask(client: Client, language: str, words: str) -> None:
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    page = client.get("/admin/curation/bulk/", headers={"Accept-Language": language})
    assert page.status_code == 403
    assert words in page.content.decode()
    assert 'href="/admin/"' in page.content.decode()


def test_a_request_that_cannot_be_read_gets_a_page_of_ours(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.garden.pages.broken_urls"
    page = client.get("/suspicious")
    assert page.status_code == 400
    assert "The garden could not read that" in page.content.decode()
    assert "forged" not in page.content.decode()


def test_a_browser_that_asks_for_an_icon_gets_one(client: Client) -> None:
    answer = client.get("/favicon.ico", follow=True)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
