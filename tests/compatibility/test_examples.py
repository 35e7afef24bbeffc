"""The examples of the OpenAPI document for visitors' screens: sent as they are written to a new site, they work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.test import Client
from rest_framework.test import APIClient

from garden.models import Image, Kiosk, KioskKey, Zone
from garden.services import write_image
from generation.models import GenerationJob
from generation.queue.worker import work
from tests.support.pictures import coffee, portrait

pytestmark = pytest.mark.django_db
KEY = re.compile(r"emotions/[\w,/-]+\.jpeg")


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    operation: dict[str, Any]
    body: Any = None

    def documented_answers(self, status: int) -> list[Any]:
        content = self.operation["responses"][str(status)].get("content", {}).get("application/json", {})
        return [example["value"] for example in content.get("examples", {}).values()]


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.load(Client().get("/api/schema/").content, Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def calls(document: Any) -> list[Call]:
    return list(_calls(document))


def _calls(document: Any) -> Iterator[Call]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "kiosk" in operation["tags"]:
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                for example in content.get("examples", {"": {"value": None}}).values():
                    yield Call(method, path, operation, example["value"])


@pytest.fixture
def garden(calls: list[Call]) -> None:
    """The pictures and the zone that the examples name."""
    keys = sorted(set(KEY.findall(str([call.body for call in calls]))))
    Image.objects.bulk_create([write_image(key=key, content=coffee(), origin="import") for key in keys])
    Zone.objects.create(name="zone1")


def screen(reader: str) -> APIClient:
    """A kiosk whose faces are read there, with its key."""
    kiosk = Kiosk.objects.create(name=reader, zone=Zone.objects.get(), reader=reader)
    _, key = KioskKey.objects.create_key(name="key", kiosk=kiosk)
    return APIClient(headers={"x-api-key": key})


def send(call: Call, kiosk: APIClient) -> Any:
    if "{id}" in call.path:  # The growing picture that was asked for just before.
        path = call.path.replace("{id}", str(GenerationJob.objects.earliest("created_at").pk)).replace("{number}", "5")
        return getattr(kiosk, call.method)(path)
    if call.path == "/emotion":
        return kiosk.post(call.path, portrait(), content_type="image/jpeg")
    body = call.body
    if body and "notice" in body:  # Another one whenever its words are others.
        body = {**body, "notice": kiosk.get("/consent").json()["notice"]}
    return getattr(kiosk, call.method)(call.path, body, format="json")


def test_each_is_accepted_and_answered_with_the_documented_fields(
    calls: list[Call], garden: None, subtests: pytest.Subtests
) -> None:
    kiosk, reading_kiosk = screen("server"), screen("in_browser")
    assert len(calls) > 12
    kiosk.post("/grow", {"id": str(uuid4()), "emotion": "calm"}, format="json")
    work(engines=["painter"])
    for call in calls:
        with subtests.test(f"{call.method} {call.path}"):
            answer = send(call, reading_kiosk if call.path == "/reading" else kiosk)
            assert 200 <= answer.status_code < 300, answer.content
            for example in call.documented_answers(answer.status_code):
                assert example.keys() == answer.json().keys()
