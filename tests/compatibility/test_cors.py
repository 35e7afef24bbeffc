from typing import Any

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
KIOSK = "https://kiosk.example"


@pytest.fixture(autouse=True)
def _one_origin(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [KIOSK]


@pytest.mark.parametrize("route", ["/emotion", "/gardenfromDB", "/garden", "/like", "/updateDisplay"])
def test_it_lets_a_named_origin_ask_with_the_seed_s_headers(api: APIClient, route: str) -> None:
    headers = {
        "Origin": KIOSK,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-user-id, x-api-key, content-type",
    }
    answer = api.options(route, headers=headers)
    assert answer["Access-Control-Allow-Origin"] == KIOSK
    assert {"x-user-id", "x-api-key", "content-type"} <= set(answer["Access-Control-Allow-Headers"].split(", "))


def test_it_does_not_answer_other_origins(api: APIClient) -> None:
    answer = api.post("/gardenfromDB", {"emotion": "calm"}, format="json", headers={"Origin": "https://else.example"})
    assert "Access-Control-Allow-Origin" not in answer


def test_it_keeps_every_other_page_to_itself(api: APIClient) -> None:
    assert "Access-Control-Allow-Origin" not in api.get("/admin/login/", headers={"Origin": KIOSK})
