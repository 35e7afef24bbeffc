"""A file that somebody took out of the storage: whoever asks for it is told which, and nothing breaks."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from generation.models import Canvas
from generation.retouch.versions import open_image
from tests.generation.retouch.easel import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def canvas(pia: Any) -> Canvas:
    canvas = open_image(image=picture(), by=pia)
    default_storage.delete(canvas.file)
    return canvas


@pytest.mark.parametrize("asked", ["picture", "outline?x=0&y=0&width=64&height=64", "compare"])
def test_the_canvas_says_which_file_is_missing(client: Client, canvas: Canvas, asked: str) -> None:
    answer = client.get(f"/curation/retouch/canvases/{canvas.pk}/{asked}")
    assert (answer.status_code, answer.json()["code"]) == (409, "file_missing")
    assert canvas.file in answer.json()["detail"]
