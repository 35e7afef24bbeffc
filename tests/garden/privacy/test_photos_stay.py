"""Where photos go when another reads them: told by name, and refused under packs that keep them in the house."""

from typing import Any

import pytest
from django.core import checks
from rest_framework.test import APIClient

from garden.models import ProcessingEntry
from garden.privacy.packs import PACKS
from tests.garden.privacy.agreeing import agree, agreed_photo
from tests.support import pictures
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
STAY = [name for name, pack in PACKS.items() if not pack.lets_photos_out]
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _amazon_reads(settings: Any) -> None:
    settings.FACE_ANALYZER = amazon("eu-central-1")


def amazon(region: str) -> dict[str, Any]:
    options = {"region": region, "endpoint_url": NOWHERE, "attempts": 1}
    return {"BACKEND": "garden.faces.rekognition.RekognitionAnalyzer", "OPTIONS": options}


def problems() -> set[str | None]:
    return {found.id for found in checks.run_checks() if found.is_serious()}


def test_the_packs_that_keep_photos_in_the_house() -> None:
    assert STAY == ["korea", "japan", "us-illinois", "strict"]


@pytest.mark.parametrize("pack", ["open", "eu"])
@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_notice_names_who_gets_the_photo(api: APIClient, settings: Any, pack: str, language: str) -> None:
    settings.PRIVACY_PACK = pack
    notice = api.get("/consent", {"language": language}).json()
    assert notice["facesRead"]
    assert "Amazon Rekognition (eu-central-1)" in " ".join(notice["words"])
    assert "garden.photos_leave" not in problems()


def test_a_consent_to_one_region_is_none_to_another(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    number = agree(api)
    settings.FACE_ANALYZER = amazon("us-east-1")
    assert agreed_photo(api, number).json()["code"] == "consent_required"


@pytest.mark.parametrize("pack", STAY)
def test_no_photo_leaves_where_the_notice_promises_that_none_does(api: APIClient, settings: Any, pack: str) -> None:
    settings.PRIVACY_PACK = pack
    answer = show_photo(api, pictures.portrait())
    assert (answer.status_code, answer.json()["code"]) == (403, "face_reading_off")
    assert f"Photos must stay on this site ({pack})" in answer.json()["detail"]
    assert not ProcessingEntry.objects.exists()
    assert api.get("/consent").json()["facesRead"] is False
    assert agree(api, whole=False).json()["code"] == "face_reading_off"
    assert "garden.photos_leave" in problems()
