"""The test pages for integrators."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from garden.models import KioskKey
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
TRY_PAGES = ("/try/emotion/", "/try/garden/")


@pytest.mark.parametrize("path", TRY_PAGES)
@pytest.mark.parametrize(("language", "word"), [("en", "Visitor id"), ("ko", "관람객 번호"), ("ja", "来場者の番号")])
def test_they_speak_three_languages(client: Client, path: str, language: str, word: str) -> None:
    page = client.get(path, headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}">' in page
    assert word in page


@pytest.mark.parametrize("path", TRY_PAGES)
def test_with_keys_they_need_pairing_and_come_back(client: Client, settings: Any, path: str) -> None:
    settings.KIOSK_ACCESS = "keys"
    first = client.get(path)
    assert (first.status_code, first.headers["Location"].partition("?")[0]) == (302, "/kiosk/pair/")
    _row, key = KioskKey.objects.create_key(name="bench", kiosk=KioskFactory())
    assert client.post(first.headers["Location"], {"key": key}).headers["Location"] == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", TRY_PAGES)
def test_with_keys_staff_need_none(client: Client, settings: Any, path: str) -> None:
    settings.KIOSK_ACCESS = "keys"
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    assert client.get(path).status_code == 200


def test_what_is_in_the_address_is_escaped(client: Client) -> None:
    page = client.get("/try/garden/", {"id": '"><script>alert(1)</script>', "emotion": "calm"}).content.decode()
    assert "<script>alert(1)" not in page
    assert '<option value="calm" selected>' in page
