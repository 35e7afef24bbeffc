"""Credits as the studio's routes report and refuse them."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from generation.jobs import cancel_job
from generation.models import GenerationJob, Version
from generation.queue.worker import work
from tests.curation.retouch.test_api import HOME, made, opened, post, send
from tests.generation.credits.samples import curator
from tests.generation.retouch.samples import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleo() -> User:
    return curator(daily=2)


@pytest.fixture
def client(cleo: User) -> Client:
    browser = Client()
    browser.force_login(cleo)
    return browser


def left(client: Client) -> int | None:
    reported: int | None = client.get(f"{HOME}/credits").json()["left"]
    return reported


def test_it_reports_what_is_left_and_what_a_picture_costs(client: Client, pia: User, settings: Any) -> None:
    reported = client.get(f"{HOME}/credits").json()
    assert reported.pop("prices") == dict.fromkeys(settings.GENERATION_ENGINES, 1)
    assert reported == {"plan": "2 up to 2", "left": 2, "most": 2, "daily": 2, "price": 1}
    settings.RETOUCH_PRICES = {"painter": 0, "quick": 4}
    reported = client.get(f"{HOME}/credits").json()
    assert (reported["price"], reported["prices"]["painter"], reported["prices"]["quick"]) == (4, 0, 4)
    client.force_login(pia)
    reported = client.get(f"{HOME}/credits").json()
    assert (reported["plan"], reported["left"]) == ("infinite", None)


def test_it_refuses_with_402_in_words_and_saves_nothing(client: Client) -> None:
    canvas = opened(client)
    for _ in range(2):
        assert send(client, canvas).status_code == 201
    refused = send(client, canvas)
    assert refused.status_code == 402
    assert refused.json() == {
        "code": "no_credits",
        "detail": "Credits left: 0; this costs 1. 2 more come at midnight.",
        "left": 0,
        "price": 1,
        "daily": 2,
    }
    assert Version.objects.count() == 2


def test_all_siblings_are_repainted_or_none(client: Client) -> None:
    first = made(client, opened(client))
    others = [picture(name).pk for name in ("bb", "ccc")]
    refused = client.post(
        f"{HOME}/versions/{first['id']}/siblings", json.dumps({"images": others}), content_type="application/json"
    )
    assert (refused.status_code, refused.json()["left"], refused.json()["price"]) == (402, 1, 2)
    assert (Version.objects.count(), left(client)) == (1, 1)


def test_a_batch_reports_the_cost_of_its_rest_whoever_requested_it(client: Client, pia: User, settings: Any) -> None:
    settings.RETOUCH_PRICES = {"painter": 2}
    images = [picture(name).pk for name in ("bb", "ccc")]
    recipe = {"settings": {"engine": "painter"}}
    batch = post(client, "batches", recipe=recipe, images=images).json()
    assert batch["credits"] == {"price": 2, "left": 2}
    refused = post(client, f"batches/{batch['id']}/run")
    assert (refused.status_code, refused.json()["price"], refused.json()["left"]) == (402, 4, 2)
    client.force_login(pia)
    assert post(client, "batches", recipe=recipe, images=images).json()["credits"] is None


def test_a_retry_needs_credits(client: Client, admin_client: Client) -> None:
    canvas = opened(client)
    failed = send(client, canvas, settings={"prompt": ["refused"]}).json()
    work(engines=["quick"])
    assert left(client) == 2
    for _ in range(2):
        send(client, canvas)
    refused = post(client, f"versions/{failed['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (402, "no_credits")
    operation: dict[str, Any] = {"action": "retry", "_selected_action": [failed["job"]]}
    reported = admin_client.post("/admin/generation/generationjob/", operation, follow=True).content.decode()
    assert "Credits left: 0; this costs 1." in reported
    assert Version.objects.get(pk=failed["id"]).state == "failed"
    for job in GenerationJob.objects.exclude(pk=failed["job"]):
        cancel_job(job=job)
    assert post(client, f"versions/{failed['id']}/retry").status_code == 200
