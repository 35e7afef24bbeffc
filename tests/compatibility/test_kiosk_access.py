"""Kiosk keys: off where access is open, asked for everywhere else."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from rest_framework.test import APIClient

from garden.access.kiosk_keys import SESSION_KEY
from garden.models import Kiosk, KioskKey
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
ROUTES = ["/emotion", "/guess", "/gardenfromDB", "/garden", "/like", "/updateDisplay", "/sendToWall"]


@pytest.fixture(autouse=True)
def _keys_are_on(settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"


@pytest.fixture
def kiosk() -> Kiosk:
    made: Kiosk = KioskFactory.create()
    return made


@pytest.fixture
def key(kiosk: Kiosk) -> str:
    _, key = KioskKey.objects.create_key(name="first", kiosk=kiosk)
    return str(key)


def ask(api: APIClient, **headers: str) -> Any:
    return api.post("/gardenfromDB", {"emotion": "calm"}, format="json", headers=headers)


@pytest.mark.parametrize("route", ROUTES)
def test_it_answers_401_without_a_key(api: APIClient, route: str) -> None:
    answer = api.post(route, {"emotion": "calm"}, format="json")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Api-Key"
    assert answer.json()["code"] == "not_authenticated"
    assert "x-api-key" in answer.json()["detail"]


def test_it_takes_the_key_from_either_header_and_notes_when_the_kiosk_was_last_seen(api: APIClient, key: str) -> None:
    assert ask(api, **{"x-api-key": key}).status_code == 200
    assert ask(api, Authorization=f"Api-Key {key}").status_code == 200
    assert Kiosk.objects.get().last_seen_at is not None


def test_it_refuses_unknown_revoked_and_expired_keys_and_those_of_an_inactive_kiosk(api: APIClient, key: str) -> None:
    assert ask(api, **{"x-api-key": key[:-1] + "?"}).status_code == 401
    for changed in ({"revoked": True}, {"expiry_date": timezone.now() - timedelta(seconds=1)}):
        KioskKey.objects.update(**changed)
        assert ask(api, **{"x-api-key": key}).status_code == 401
        KioskKey.objects.update(revoked=False, expiry_date=None)
    assert ask(api, **{"x-api-key": key}).status_code == 200
    Kiosk.objects.update(is_active=False)
    assert ask(api, **{"x-api-key": key}).status_code == 401


def test_it_keeps_only_a_hash_of_the_key(key: str) -> None:
    secret = key.partition(".")[2]
    assert secret not in KioskKey.objects.get().hashed_key


def test_it_lets_staff_ask_without_a_key_and_no_other_user(api: APIClient) -> None:
    api.force_login(get_user_model().objects.create_user("curator", is_staff=True))
    assert ask(api).status_code == 200
    api.force_login(get_user_model().objects.create_user("somebody"))
    assert ask(api).status_code == 403


def test_it_asks_a_paired_page_for_its_csrf_token(kiosk: Kiosk) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    session = browser.session
    session[SESSION_KEY] = KioskKey.objects.create_key(name="paired", kiosk=kiosk)[0].pk
    session.save()
    browser.cookies["sessionid"] = str(session.session_key)
    assert ask(browser).status_code == 403
    browser.cookies["csrftoken"] = token = "a" * 32
    assert ask(browser, **{"X-CSRFToken": token}).status_code == 200


def test_it_is_open_where_the_settings_say_so(api: APIClient, settings: Any) -> None:
    settings.KIOSK_ACCESS = "open"
    assert ask(api).status_code == 200
