"""How often and from which origins kiosks may send requests."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.api.kiosks import KioskThrottle
from garden.models import KioskKey
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
KIOSK = "https://kiosk.example"
ROUTES = ("/emotion", "/gardenfromDB", "/garden", "/like", "/updateDisplay")


@pytest.fixture(autouse=True)
def _two_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"emotion": "2/min", "garden": "2/min", "like": "2/min"}
    monkeypatch.setattr(KioskThrottle, "THROTTLE_RATES", rates)


def ask(api: APIClient, address: str = "192.0.2.1", **headers: str) -> Any:
    return api.post("/gardenfromDB", {"emotion": "calm"}, format="json", headers=headers, REMOTE_ADDR=address)


def test_a_kiosk_is_answered_429_with_retry_after_to_the_third_request(api: APIClient) -> None:
    assert [ask(api).status_code for _ in range(2)] == [200, 200]
    third = ask(api)
    assert third.status_code == 429
    assert 0 < int(third["Retry-After"]) <= 60
    assert third.json()["code"] == "throttled"


def test_it_counts_each_address_alone(api: APIClient) -> None:
    assert [ask(api, address).status_code for address in ("192.0.2.1", "192.0.2.2") * 2] == [200] * 4


def test_it_counts_kiosks_behind_one_address_alone(api: APIClient) -> None:
    keys = [str(KioskKey.objects.create_key(name="k", kiosk=KioskFactory.create())[1]) for _ in range(2)]
    assert [ask(api, **{"x-api-key": key}).status_code for key in keys * 2] == [200] * 4


def test_it_ignores_a_forwarded_address_where_no_proxy_stands(api: APIClient) -> None:
    answers = [ask(api, **{"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(3)]
    assert answers == [200, 200, 429]


def test_a_named_origin_alone_may_use_the_routes_of_kiosks_and_no_other_page(api: APIClient, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [KIOSK]
    sent = {"x-user-id", "x-api-key", "content-type"}
    headers = {"Origin": KIOSK, "Access-Control-Request-Method": "POST"}
    for route in ROUTES:
        answer = api.options(route, headers={**headers, "Access-Control-Request-Headers": ", ".join(sent)})
        assert answer["Access-Control-Allow-Origin"] == KIOSK, route
        assert sent <= set(answer["Access-Control-Allow-Headers"].split(", ")), route
    assert "Access-Control-Allow-Origin" not in ask(api, Origin="https://else.example")
    assert "Access-Control-Allow-Origin" not in api.get("/admin/login/", headers={"Origin": KIOSK})
