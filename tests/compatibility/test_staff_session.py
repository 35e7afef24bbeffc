"""Staff signed in by session use the seeds' curator routes from the same site: with its CSRF token, never without."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from tests.generation.conftest import _quick_engine

__all__ = ["_quick_engine"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quick_engine")]
BULK = {"index": 0, "prompt": json.dumps({"emotion": "happy"}), "fname": "imgPool/happy/img_20230319-131015"}
ROUTES = {
    "bulk": (BULK, 200),
    "text2image": ({"text": "a calm pond"}, 202),
    "retrieve": ({"emotion": "calm"}, 200),
    "remove": ({"objName": ["emotions/calm/a_0h.jpeg"]}, 200),
    "removePool": ({"objName": ["imgPool/calm/a_0h.jpeg"]}, 200),
    "clearIndex": ({"objName": "emotions/calm/a_0h.jpeg"}, 200),
}


@pytest.fixture
def signed_in(settings: Any) -> APIClient:
    settings.TEXT2IMAGE_WAIT_SECONDS = 0
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_superuser("ann"))
    return client


def token_on(page: Any) -> str:
    """As a page of the same site finds it in one of ours."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


def post(client: APIClient, route: str, **headers: str) -> int:
    """As the seeds' pages send it: JSON that is called plain text."""
    body = json.dumps(ROUTES[route][0])
    answer = client.post(f"/{route}", body, content_type="text/plain;charset=UTF-8", headers=headers)
    return int(answer.status_code)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_with_the_token_of_a_page_of_ours_from_this_site_alone(
    signed_in: APIClient, route: str
) -> None:
    token = token_on(signed_in.get("/admin/curation/make/"))
    assert post(signed_in, route) == post(signed_in, route, **{"X-CSRFToken": "x" * 64}) == 403
    assert post(signed_in, route, **{"X-CSRFToken": token, "Origin": "https://elsewhere.example"}) == 403
    assert post(signed_in, route, **{"X-CSRFToken": token}) == ROUTES[route][1]
