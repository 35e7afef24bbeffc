"""The seeds' addresses of pictures answer wherever the site keeps them, and so does a signed address."""

import pytest
from django.test import Client, RequestFactory

from garden.services import register_image
from garden.storage.serving import PublicUrls
from tests.support.pictures import coffee

PUBLISHED = "emotions/calm/봄,꽃/img 1_0h.jpeg"
POOLED = "imgPool/calm/봄,꽃/img 1_0h.jpeg"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_storage")]


@pytest.fixture(autouse=True)
def _stored(site_storage: object) -> None:
    for key in (PUBLISHED, POOLED):
        register_image(key=key, content=coffee(), origin="import")


def test_a_visitor_sees_what_is_published_and_not_the_pool(client: Client) -> None:
    answer = client.get(f"/{PUBLISHED}")
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (200, "image/jpeg", coffee())
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert client.get(f"/{POOLED}").status_code == 404


def test_a_signed_address_opens_a_picture_of_the_pool(client: Client) -> None:
    answer = client.get(PublicUrls(RequestFactory().get("/")).signed(POOLED))
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (200, "image/jpeg", coffee())
    assert answer["Cache-Control"] == "private"
