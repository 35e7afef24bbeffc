"""A browser is paired with a kiosk once; afterwards its page may ask."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from garden.models import KioskKey
from garden.pages.kiosk import ATTEMPTS
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys_only(settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"


@pytest.fixture
def key() -> str:
    _row, key = KioskKey.objects.create_key(name="entrance", kiosk=KioskFactory())
    return str(key)


def test_an_unpaired_kiosk_page_leads_to_pairing(client: Client) -> None:
    assert client.get("/kiosk/").headers["Location"] == "/kiosk/pair/"


def test_the_right_key_opens_the_kiosk(client: Client, key: str) -> None:
    assert client.post("/kiosk/pair/", {"key": f" {key} "}).headers["Location"] == "/kiosk/"
    assert client.get("/kiosk/").status_code == 200


def test_pairing_leads_back_to_where_it_was_asked(client: Client, key: str) -> None:
    path = "/wall/zone1/3/h?period=2"
    answer = client.post(f"/kiosk/pair/?{urlencode({'next': path})}", {"key": key})
    assert answer.headers["Location"] == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "javascript:alert(1)",
        "/\t/elsewhere.example/",
        " //elsewhere.example/",
        "",
    ],
)
def test_pairing_leads_nowhere_else(client: Client, key: str, elsewhere: str) -> None:
    answer = client.post(f"/kiosk/pair/?{urlencode({'next': elsewhere})}", {"key": key})
    assert answer.headers["Location"] == "/kiosk/"


def test_a_paired_page_may_ask_with_its_csrf_token(key: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/kiosk/pair/")
    token = client.cookies["csrftoken"].value
    client.post("/kiosk/pair/", {"key": key, "csrfmiddlewaretoken": token})
    assert _ask(client, "") == 403
    assert _ask(client, client.get("/kiosk/").cookies["csrftoken"].value) == 200


def test_a_wrong_key_is_refused_with_a_reason(client: Client) -> None:
    response = client.post("/kiosk/pair/", {"key": "wrong.key"})
    assert response.status_code == 400
    assert "This key is unknown, revoked or expired." in response.content.decode()
    assert client.get("/kiosk/").status_code == 302


def test_a_revoked_kiosk_is_unpaired(client: Client, key: str) -> None:
    client.post("/kiosk/pair/", {"key": key})
    kiosk = KioskKey.objects.get().kiosk
    kiosk.is_active = False
    kiosk.save()
    assert client.get("/kiosk/").status_code == 302


def test_pairing_changes_the_session_key(client: Client, key: str) -> None:
    client.session.save()
    before = client.session.session_key
    client.post("/kiosk/pair/", {"key": key})
    assert client.session.session_key != before


def _ask(client: Client, token: str) -> int:
    headers = {"X-CSRFToken": token}
    return client.post("/gardenfromDB", '{"emotion": "calm"}', "application/json", headers=headers).status_code


def test_it_counts_attempts_by_visitor_behind_a_proxy(client: Client, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    for _ in range(ATTEMPTS):
        client.post("/kiosk/pair/", {"key": "guess"}, headers={"x-forwarded-for": "192.0.2.1"})
    answers = [
        client.post("/kiosk/pair/", {"key": "guess"}, headers={"x-forwarded-for": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    assert answers == [429, 400]
