"""An analyzer that hangs, or that memory does not suffice for, is a clear 503, and the rest of the garden goes on."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.faces import service
from garden.faces.pool import ReadingPool
from garden.models import Visitor
from tests.faults.misbehaving_analyzers import released
from tests.support import pictures
from tests.support.factories import ImageFactory
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["HangingAnalyzer", "HungryAnalyzer"])
def sick(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What it was before."""
    well = settings.FACE_ANALYZER
    settings.FACE_ANALYZER = {"BACKEND": f"tests.faults.misbehaving_analyzers.{request.param}"}
    monkeypatch.setattr(service, "reading_pool", ReadingPool(slots=2, deadline=0.2, threshold=2, cool_down=600))
    released.clear()
    yield well
    released.set()


@pytest.mark.usefixtures("sick")
def test_photos_are_answered_at_once_and_pictures_as_ever(api: APIClient) -> None:
    picture = ImageFactory(key="emotions/calm/img_1_0h.jpeg")
    for _ in range(4):
        answer = show_photo(api, pictures.portrait())
        assert (answer.status_code, answer.json()["code"]) == (503, "analyzer_unavailable")
        assert int(answer["Retry-After"]) > 0
    garden = api.post("/garden", {"id": "ann", "emotion": "calm"}, format="json").json()
    assert [image["key"] for image in garden["landscape"]] == [picture.key]
    assert not Visitor.objects.exists()


def test_photos_are_read_again_when_the_analyzer_is_well(api: APIClient, settings: Any, sick: Any) -> None:
    assert show_photo(api, pictures.portrait()).status_code == 503
    settings.FACE_ANALYZER = sick
    service.reading_pool.deadline = 600
    assert show_photo(api, pictures.portrait()).status_code == 200
