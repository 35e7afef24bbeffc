"""The GPU's part of staff pages: who sees it, and what it refuses."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from generation.gpu_hosts import HostUnavailableError, idle_time
from generation.models import Worker
from tests.curation.cast import member

pytestmark = pytest.mark.django_db
GPU = "/admin/curation/gpu/"
PART = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("group", "look", "switch"), [("operator", 200, 200), ("curator", 200, 403), ("viewer", 200, 403)]
)
def test_who_may_look_and_who_may_switch(client: Client, group: str, look: int, switch: int) -> None:
    client.force_login(member(group))
    assert client.get(GPU, headers=PART).status_code == look
    assert client.post(f"{GPU}idle/", {"seconds": 2_400}, headers=PART).status_code == switch
    assert (idle_time().total_seconds() == 2_400) is (switch == 200)


@pytest.mark.parametrize("seconds", ["", "x", "-5", "1", "9" * 12])
def test_an_impossible_idle_time_is_refused(client: Client, seconds: str) -> None:
    client.force_login(member("operator"))
    assert client.post(f"{GPU}idle/", {"seconds": seconds}, headers=PART).status_code == 400
    assert client.post(f"{GPU}explode/", headers=PART).status_code == 404


def test_it_tells_what_the_workers_of_each_engine_make_and_cost(client: Client, settings: Any) -> None:
    settings.ENGINE_PRICES, settings.CURRENCY = {"painter": Decimal("3.60")}, "USD"
    Worker.objects.create(name="a", engines=["painter"], device="Fast GPU", seconds_per_picture=0.3)
    Worker.objects.create(name="b", engines=["painter"], device="Fast GPU", seconds_per_picture=0.5)
    Worker.objects.create(name="new", engines=["painter"])
    client.force_login(member("viewer"))
    page = client.get(GPU, headers=PART).content.decode()
    assert "painter: 150 pictures a minute and worker · Fast GPU · $0.40 for 1,000 pictures" in page
    settings.ENGINE_PRICES = {}
    assert "1,000 pictures" not in client.get(GPU, headers=PART).content.decode()


def test_it_says_when_the_provider_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Any:
        raise HostUnavailableError("no route to the provider")

    monkeypatch.setattr("curation.pages.gpu.get_outlook", fail)
    client.force_login(member("operator"))
    page = client.get(GPU, headers=PART).content.decode()
    assert "GPU: no answer from its provider" in page
    assert "no route to the provider" in page


def test_who_is_signed_out_gets_no_sign_in_page_in_its_place(client: Client) -> None:
    assert client.get(GPU, headers=PART).status_code == 401
