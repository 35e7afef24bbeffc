"""`/s/{code}`: the short address of a souvenir."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from garden.models import Image, SouvenirLink
from garden.souvenirs.links import link_for, qr_file_of
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> SouvenirLink:
    return link_for(ImageFactory.create())


def test_it_shows_the_picture(client: Client, link: SouvenirLink) -> None:
    answer = client.get(f"/s/{link.code}")
    assert answer.status_code == 200
    assert f'src="/picture/1280/{link.image.key}"' in answer.content.decode()
    assert f'href="/s/{link.code}/file"' in answer.content.decode()


def test_its_code_leads_back_to_it(client: Client, link: SouvenirLink, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    drawn = client.get(f"/s/{link.code}/code.svg").content.decode()
    assert drawn == qr_file_of(f"https://garden.example/s/{link.code}")


def test_on_a_machine_of_its_own_it_shows_no_code(client: Client, link: SouvenirLink) -> None:
    page = client.get(f"/s/{link.code}", headers={"Host": "localhost:8000"}).content.decode()
    assert 'class="qr"' not in page
    assert client.get(f"/s/{link.code}/code.svg", headers={"Host": "localhost:8000"}).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("en", "Picture not found"), ("ko", "이 그림은"), ("ja", "この絵は")])
def test_a_wrong_code_is_kindly_not_here(client: Client, language: str, words: str) -> None:
    answer = client.get("/s/0123456789ab", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "souvenir has expired"), ("ko", "이 기념 그림은"), ("ja", "このおみやげの公開は終了")],
)
def test_an_ended_one_says_so(client: Client, link: SouvenirLink, language: str, words: str) -> None:
    SouvenirLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(f"/s/{link.code}", headers={"Accept-Language": language})
    assert answer.status_code == 410
    assert words in answer.content.decode()


@pytest.mark.parametrize("part", ["", "/file", "/code.svg"])
def test_a_picture_that_was_taken_back_is_shown_to_nobody(client: Client, link: SouvenirLink, part: str) -> None:
    Image.objects.all().withdraw()
    assert client.get(f"/s/{link.code}{part}").status_code in (404, 410)
    assert link.image.key not in client.get(f"/s/{link.code}").content.decode()


def test_it_is_kept_by_no_cache_and_no_search_engine(client: Client, link: SouvenirLink) -> None:
    answer = client.get(f"/s/{link.code}")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
