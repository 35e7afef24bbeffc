"""The kiosk page as the server gives it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def config_in(page: str) -> Any:
    found = re.search(r'<script id="kiosk-config" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_it_gives_every_word_in_every_language(client: Client) -> None:
    words = config_in(client.get("/kiosk/").content.decode())["words"]
    assert set(words) == {"en", "ko", "ja"}
    assert words["en"].keys() == words["ko"].keys() == words["ja"].keys()
    assert (words["ko"]["mood_calm"], words["ja"]["mood_calm"]) == ("평온", "おだやかさ")


def test_it_begins_in_the_browsers_language(client: Client) -> None:
    page = client.get("/kiosk/", headers={"Accept-Language": "ko-KR,ko;q=0.9"}).content.decode()
    assert '<html lang="ko">' in page
    assert "얼굴을 잠시 봐도 될까요?" in page
    assert config_in(page)["language"] == "ko"


def test_its_address_names_the_language_in_which_it_begins(client: Client) -> None:
    korean = {"Accept-Language": "ko-KR,ko;q=0.9"}
    assert config_in(client.get("/kiosk/?language=ja", headers=korean).content.decode())["language"] == "ja"
    assert '<html lang="ja">' in client.get("/kiosk/?language=ja", headers=korean).content.decode()
    assert config_in(client.get("/kiosk/?language=xx", headers=korean).content.decode())["language"] == "ko"


def test_a_site_sets_the_language_in_which_it_begins(client: Client, settings: Any) -> None:
    settings.KIOSK_LANGUAGE = "ja"
    english = {"Accept-Language": "en"}
    assert config_in(client.get("/kiosk/", headers=english).content.decode())["language"] == "ja"
    assert config_in(client.get("/kiosk/?language=xx", headers=english).content.decode())["language"] == "ja"
    assert config_in(client.get("/kiosk/?language=ko", headers=english).content.decode())["language"] == "ko"


def test_it_loads_nothing_from_elsewhere_may_use_the_camera_alone_and_is_kept_by_no_cache(client: Client) -> None:
    """What scripts may run is tested with the policy of all pages."""
    response = client.get("/kiosk/")
    assert "https://" not in re.sub(r"<script id=.*?</script>", "", response.content.decode(), flags=re.DOTALL)
    assert response["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"
    assert "no-store" in response["Cache-Control"]


def test_it_says_where_the_photo_is_read(client: Client, settings: Any) -> None:
    assert "The photos are read on our own server only" in client.get("/kiosk/").content.decode()
    settings.FACE_ANALYZER = {
        "BACKEND": "garden.faces.rekognition.RekognitionAnalyzer",
        "OPTIONS": {"region": "eu-west-1"},
    }
    page = re.sub(r"<script id=.*?</script>", "", client.get("/kiosk/").content.decode(), flags=re.DOTALL)
    assert (
        "The photos are sent to a face service outside this site, which reads them: Amazon Rekognition (eu-west-1)."
        in page
    )
    assert "The photos are read on our own server only" not in page


def test_its_times_are_settings(client: Client, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS = 7
    assert config_in(client.get("/kiosk/").content.decode())["idleSeconds"] == 7
