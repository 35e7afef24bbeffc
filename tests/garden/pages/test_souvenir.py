"""The page of one picture, for a visitor's phone."""

import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.test import Client

from garden.services import register_image
from garden.souvenirs.links import qr_file_of
from tests.support.factories import ImageFactory
from tests.support.pictures import coffee

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/img_20230320-121242_6h.jpeg"


def test_it_shows_the_picture_its_mood_and_a_download(client: Client) -> None:
    ImageFactory(key=KEY)
    page = client.get("/image", {"content": KEY}).content.decode()
    assert f'src="/picture/1280/{KEY}"' in page
    assert "A garden for calm" in page
    assert f'href="/image/file?content={quote_plus(KEY)}"' in page
    assert 'class="qr"' in page


def test_the_download_is_the_file_itself_under_a_name_that_says_what_it_is(client: Client) -> None:
    content = coffee()
    register_image(key=KEY, content=content, origin="painter")
    answer = client.get("/image/file", {"content": KEY})
    assert answer["Content-Disposition"] == 'attachment; filename="emotion-garden-calm-img_20230320-121242_6h.jpeg"'
    assert b"".join(answer) == content


def test_it_gives_messengers_what_they_show(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    ImageFactory(key=KEY)
    page = client.get("/image", {"content": KEY}).content.decode()
    assert '<meta property="og:title" content="A garden for calm">' in page
    assert f'<meta property="og:image" content="https://garden.example/picture/1280/{KEY}">' in page
    assert f'content="https://garden.example/image?content={quote_plus(KEY)}"' in page


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "A garden for calm"), ("ko", "평온의 정원"), ("ja", "穏やかさの庭")]
)
def test_it_has_the_browsers_language_or_the_chosen_one(client: Client, lang: str, title: str) -> None:
    ImageFactory(key=KEY)
    page = client.get("/image", {"content": KEY}).content.decode()
    query = f"?content={quote_plus(KEY)}&lang={lang}"
    assert f'href="{query.replace("&", "&amp;")}"' in page
    assert title in client.get(f"/image{query}").content.decode()
    assert title in client.get("/image", {"content": KEY}, headers={"Accept-Language": lang}).content.decode()


@pytest.mark.parametrize(
    ("origin", "model", "caption"),
    [
        ("painter", "garden-painter-2", "No AI image model was used."),
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
    assert "Picture not found" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_its_code_is_a_drawing_of_the_address_that_phones_can_reach(client: Client, settings: Any) -> None:
    ImageFactory(key=KEY)
    settings.PUBLIC_URL = "https://garden.example"
    response = client.get("/image/code.svg", {"content": KEY})
    assert response["Content-Type"] == "image/svg+xml"
    assert ET.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert response.content.decode() == qr_file_of(f"https://garden.example/image?content={KEY.replace('/', '%2F')}")
    assert client.get("/image/code.svg", {"content": "unknown"}).status_code == 404
