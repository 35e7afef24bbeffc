"""When the record says that a photo was dropped, neither boto3 nor anybody else of this process holds it any more."""

import tracemalloc
from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.privacy import processing_log
from tests.garden.faces.rekognition.conftest import BACKEND
from tests.garden.privacy.test_record import Wire
from tests.services.rekognition import FakeRekognition, failing
from tests.support import pictures
from tests.support.kiosk import show_photo
from tools.services.ports import wait_until


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [False, True])
def test_dropped_is_written_when_the_photo_that_was_sent_is_gone(
    api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch, rekognition: FakeRekognition, fails: bool
) -> None:
    """The service stands in the same process here: it forgets, and may take a moment to do so."""
    settings.FACE_ANALYZER = {"BACKEND": BACKEND, "OPTIONS": {"endpoint_url": rekognition.url, "region": "eu-west-1"}}
    content = pictures.portrait()
    show_photo(api, content)
    if fails:
        rekognition.trouble = failing("InvalidImageFormatException")
    steps: list[bool] = []
    write = processing_log.append

    def look_and_write(entries: Any) -> None:
        rekognition.photos.clear()
        steps.append(_holds(len(content) // 2))
        if len(steps) == 2:
            wait_until(lambda: not _holds(len(content) // 2))
        write(entries)

    monkeypatch.setattr(processing_log, "append", look_and_write)
    tracemalloc.start()
    try:
        asked: Any = {"CONTENT_LENGTH": str(len(content)), "wsgi.input": Wire(content)}
        api.generic("POST", "/emotion", "", "image/jpeg", **asked)
    finally:
        tracemalloc.stop()
    assert len(steps) == 2
    assert steps[0], "the photo would have been seen"


def _holds(size: int) -> bool:
    """Whether Python holds a block of at least this size that was taken since the request began."""
    return any(trace.size >= size for trace in tracemalloc.take_snapshot().traces)
