"""The picture of a slot comes from wherever the site keeps its pictures."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from garden.models import Image, Zone
from garden.models.wall import Source
from garden.walls.service import assign
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/display/zone1/img1h.jpeg"


@pytest.fixture
def image() -> Image:
    image: Image = ImageFactory.create()
    assign(Zone.objects.create(name="zone1"), {"1h": image}, source=Source.API)
    return image


def test_it_is_fetched_and_once_it_is_known_not_again(site_storage: Any, image: Image, api: APIClient) -> None:
    site_storage.save(image.key, ContentFile(b"the picture"))
    answer = api.get(ADDRESS)
    assert (answer.getvalue(), answer["ETag"]) == (b"the picture", f'"{image.content_hash}"')
    assert api.get(ADDRESS, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_it_is_not_found_where_its_file_is_gone(site_storage: Any, image: Image, api: APIClient) -> None:
    assert api.get(ADDRESS).status_code == 404
