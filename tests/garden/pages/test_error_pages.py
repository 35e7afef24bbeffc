from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Page not found"), ("ko", "페이지를 찾을 수"), ("ja", "ページが見つかりません")],
)
def test_an_address_without_a_page_says_so_and_shows_the_way_back(client: Client, language: str, words: str) -> None:
    page = client.get("/nonsense", headers={"Accept": BROWSER, "Accept-Language": language})
    assert page.status_code == 404
    assert words in page.content.decode()
    assert 'href="/kiosk/"' in page.content.decode()


@pytest.mark.parametrize(
    "path", ["/jobs/abc", "/curation/releases/9223372036854775808/diff", "/display/zone1/img9h.jpeg", "/api/nonsense"]
)
def test_it_answers_json_to_programs_and_a_page_to_browsers(client: Client, path: str) -> None:
    for answer in (client.get(path, headers={"Accept": "*/*"}), client.post(path), client.get(path)):
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
        assert answer.json() == {"code": "not_found", "detail": "Page not found."}
    page = client.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nonsense", 404, "not_found"),
        ("/media/none.jpeg", 404, "not_found"),
        ("/admin/curation/make/", 403, "permission_denied"),
    ],
)
def test_it_answers_json_to_a_client_that_prefers_it(client: Client, path: str, status: int, code: str) -> None:
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    for accept in ("application/json", "text/html;q=0.5,application/json"):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
        assert answer.json()["code"] == code
        assert answer.json()["detail"]
    page = client.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [("/broken", 500, "server_error", "Server error"), ("/suspicious", 400, "refused", "Invalid request")],
)
def test_a_view_that_fails_is_answered_without_a_trace(
    client: Client, settings: Any, path: str, status: int, code: str, words: str
) -> None:
    client.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.garden.pages.broken_urls"
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    page = client.get(path, headers={"Accept": BROWSER})
    assert page.status_code == status
    assert words in page.content.decode()
    assert 'href="/kiosk/"' in page.content.decode()
    for hidden in ("Traceback", "out of water", "forged"):
        assert hidden not in page.content.decode() + answer.content.decode()


def test_a_form_that_expired_says_that_nothing_changed_and_how_to_go_on() -> None:
    page = Client(enforce_csrf_checks=True).post("/kiosk/pair/", {"key": "k"})
    assert page.status_code == 403
    assert "This form has expired" in page.content.decode()
    assert "CSRF" not in page.content.decode()


@pytest.mark.parametrize(("language", "words"), [("ko", "이 페이지는 볼 수 없어요"), ("ja", "このページは開けません")])
def test_staff_who_may_not_see_a_page_are_told_whom_to_ask(client: Client, language: str, words: str) -> None:
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    page = client.get("/admin/curation/make/", headers={"Accept": BROWSER, "Accept-Language": language})
    assert page.status_code == 403
    assert words in page.content.decode()
    assert 'href="/admin/"' in page.content.decode()


def test_a_browser_that_asks_for_an_icon_gets_one(client: Client) -> None:
    answer = client.get("/favicon.ico", follow=True)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
