"""The page of one picture, for a visitor's phone."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from garden.pages.souvenir import qr_file_of
from tests.factories import ImageFactory

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/img_20230320-121242_6h.jpeg"


def test_it_shows_the_picture_its_mood_and_a_download(client: Client) -> None:
    ImageFactory(key=KEY)
    page = client.get("/image", {"content": KEY}).content.decode()
    assert f'src="http://testserver/media/{KEY}"' in page
    assert "A garden for calm" in page
    assert f'href="http://testserver/media/{KEY}" download' in page
    assert '<svg class="qr"' in page or 'class="qr"' in page


@pytest.mark.parametrize(
    ("origin", "model", "caption"),
    [
        ("painter", "garden-painter-1", "No AI image model was used."),
        ("diffusers", "stable-diffusion-2-1", "Made by AI with the model stable-diffusion-2-1."),
        ("import", "", "Made by AI."),
    ],
)
def test_it_says_honestly_how_the_picture_was_made(client: Client, origin: str, model: str, caption: str) -> None:
    ImageFactory(key=KEY, origin=origin, model=model)
    assert caption in client.get("/image", {"content": KEY}).content.decode()


def test_everything_in_it_is_escaped(client: Client) -> None:
    evil = "emotions/calm/<script>alert(1)</script>&\"'/img_0h.jpeg"
    ImageFactory(key=evil, origin="diffusers", model="<img src=x onerror=alert(1)>")
    page = client.get("/image", {"content": evil}).content.decode()
    assert "<script>" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("content", ["", "emotions/calm/unknown.jpeg", "imgPool/calm/img_0h.jpeg", "<script>"])
def test_what_is_not_shown_is_kindly_not_here(client: Client, content: str) -> None:
    ImageFactory(key="imgPool/calm/img_0h.jpeg")
    response = client.get("/image", {"content": content})
    assert response.status_code == 404
    assert "This picture is not here" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_it_speaks_the_phones_language(client: Client) -> None:
    ImageFactory(key=KEY)
    page = client.get("/image", {"content": KEY}, headers={"Accept-Language": "ja"}).content.decode()
    assert "穏やかさの庭" in page
    assert "この庭の画家プログラムが描きました" in page


def test_its_code_is_a_drawing_of_its_own(client: Client) -> None:
    ImageFactory(key=KEY)
    response = client.get("/image/code.svg", {"content": KEY})
    assert response["Content-Type"] == "image/svg+xml"
    assert ET.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert client.get("/image/code.svg", {"content": "unknown"}).status_code == 404


def test_its_code_names_the_address_that_phones_can_reach(client: Client, settings: Any) -> None:
    ImageFactory(key=KEY)
    settings.PUBLIC_URL = "https://garden.example"
    address = f"https://garden.example/image?content={KEY.replace('/', '%2F')}"
    assert client.get("/image/code.svg", {"content": KEY}).content.decode() == qr_file_of(address)
