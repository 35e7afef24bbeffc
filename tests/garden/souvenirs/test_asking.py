"""`POST /souvenir`: what a kiosk gives its visitor."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.models import SouvenirLink
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/img_20230320-121242_6h.jpeg"


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"


def test_it_answers_a_short_link_and_its_code(api: APIClient) -> None:
    ImageFactory(key=KEY)
    answer = api.post("/souvenir", {"key": KEY}, format="json").json()
    assert answer["url"] == f"https://garden.example/s/{SouvenirLink.objects.get().code}"
    assert ET.fromstring(answer["code_svg"]).tag == "{http://www.w3.org/2000/svg}svg"


def test_it_answers_the_same_again(api: APIClient) -> None:
    ImageFactory(key=KEY)
    first, second = (api.post("/souvenir", {"key": KEY}, format="json").json() for _ in range(2))
    assert first == second


def test_it_says_nothing_where_no_phone_could_follow(api: APIClient, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    ImageFactory(key=KEY)
    answer = api.post("/souvenir", {"key": KEY}, format="json", headers={"Host": "localhost:8000"})
    assert answer.json() == {"url": "", "code_svg": ""}


@pytest.mark.parametrize("key", ["emotions/calm/unknown.jpeg", "imgPool/calm/img_0h.jpeg"])
def test_a_picture_that_nobody_may_see_has_no_link(api: APIClient, key: str) -> None:
    ImageFactory(key="imgPool/calm/img_0h.jpeg")
    answer = api.post("/souvenir", {"key": key}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_image")
    assert not SouvenirLink.objects.exists()


def test_it_is_for_kiosks(api: APIClient, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    assert api.post("/souvenir", {"key": KEY}, format="json").status_code == 401


def test_a_site_that_gives_no_souvenirs_says_so(api: APIClient, settings: Any) -> None:
    settings.SOUVENIR_DAYS = 0
    ImageFactory(key=KEY)
    answer = api.post("/souvenir", {"key": KEY}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_souvenirs")
    assert not SouvenirLink.objects.exists()
