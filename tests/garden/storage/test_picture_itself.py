"""A wall gets each picture byte for byte and from the site itself, wherever pictures are kept."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from garden.services import register_image
from tests.support.pictures import coffee

KEY = "emotions/calm/봄,꽃/img 1_0h.jpeg"


@pytest.mark.django_db
@pytest.mark.usefixtures("site_storage")
def test_it_comes_from_the_site_itself(client: Client) -> None:
    image = register_image(key=KEY, content=coffee(), origin="painter")
    answer: Any = client.get(f"/picture/0/{KEY}", headers={"accept": "image/jpeg"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == image.content_hash
