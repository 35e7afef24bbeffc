"""The examples of the OpenAPI document: sent as they are written to a new garden, they work."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import PIL.Image
import pytest
import yaml
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from curation.duplicates.groups import place_picture
from curation.duplicates.hashing import hash_picture
from garden.models import Image, Kiosk, KioskKey, Zone
from garden.services import write_image
from generation.models import Slot
from generation.starter import starter_pictures
from tests.compatibility.retouching_client import worker_at_work
from tests.deploy.known import ROOT
from tests.support.pictures import coffee, encode

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)  # Examples name the ids of a new garden.
PORTRAIT = (ROOT / "docs" / "portrait.jpeg").read_bytes()


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    operation: dict[str, Any]
    media_type: str = ""
    body: Any = None

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def ends_something(self) -> bool:
        return self.method == "delete" or self.path.endswith(("/cancel", "/delete", "/roll-back"))

    def parameters(self, place: str) -> dict[str, Any]:
        return {
            each["name"]: each["example"]
            for each in self.operation.get("parameters", ())
            if each["in"] == place and "example" in each
        }

    def documented_answers(self, status: int) -> list[Any]:
        content = self.operation["responses"][str(status)].get("content", {}).get("application/json", {})
        return [example["value"] for example in content.get("examples", {}).values()]


OF_STAFF = {"orders", "curation", "retouching", "operator"}
"""Audiences that send a token of staff."""


def _calls() -> Iterator[Call]:
    document = yaml.load(Client().get("/api/schema/").content, Loader=yaml.CSafeLoader)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path == "/emotion":  # Its example is the portrait.
                yield Call(method, path, operation, "image/jpeg", PORTRAIT)
                continue
            contents = operation.get("requestBody", {}).get("content", {})
            for media_type, content in contents.items() or [("", {})]:
                for example in content.get("examples", {"": {"value": None}}).values():
                    yield Call(method, path, operation, media_type, example["value"])


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    return list(_calls())


BEFORE_A_WORKER = (
    "POST /bulk",
    "POST /jobs/{id}/pause",
    "POST /jobs/{id}/resume",
    "POST /jobs/{id}/cancel",
    "POST /jobs/{id}/retry",
    "POST /curation/retouch/canvases",
    "POST /curation/retouch/canvases/{id}/tags",
    "POST /curation/retouch/versions",
    "POST /curation/retouch/versions/{id}/cancel",
    "POST /curation/retouch/versions/{id}/retry",
    "POST /curation/retouch/presets",
    "POST /curation/retouch/batches",
    "POST /curation/retouch/batches/{id}/preview",
    "POST /curation/retouch/batches/{id}/run",
    "POST /curation/retouch/batches/{id}/pause",
    "POST /curation/retouch/batches/{id}/resume",
    "POST /curation/retouch/batches/{id}/cancel",
    "POST /curation/acts",
    "POST /curation/walls/{zone}",
    "POST /clearIndex",
    "POST /grow",
)
"""Examples that make what others read or change."""
NEEDS_HOSTS = "/sd-service/infra/control"
"""400 where no GPU hosts are set up, as in a new garden."""


def in_order(calls: list[Call]) -> tuple[list[Call], list[Call]]:
    """Those that come before a worker runs, and all others; what ends something is last."""
    first = [call for name in BEFORE_A_WORKER for call in calls if call.name == name]
    others = sorted((call for call in calls if call not in first), key=lambda call: call.ends_something)
    return first, others


@pytest.fixture
def garden() -> None:
    """The rows and keys of the starter garden, and a zone."""
    picture = encode(PIL.Image.open(io.BytesIO(coffee())).resize((1280, 800)), quality=40)
    Image.objects.bulk_create(
        [write_image(key=each.key, content=picture, origin="painter") for each in starter_pictures()]
    )
    look = hash_picture(PIL.Image.open(io.BytesIO(picture)))
    for image in Image.objects.filter(pk__in=[41, 42]):
        place_picture(image=image, hashed=look)
    call_command("ensure_zone", "zone1", verbosity=0)


class Integrator:
    """Sends examples with the credentials that their audience has; keeps the ids that answers name."""

    def __init__(self) -> None:
        self._ids: dict[str, Any] = {}
        token = Token.objects.create(user=User.objects.create_superuser("ada"))
        self.staff = APIClient(headers={"authorization": f"Token {token.key}"})
        self.kiosk, self.reading_kiosk = self._kiosk("server"), self._kiosk("in_browser")

    def send(self, call: Call) -> Any:
        if call.path == "/reading":
            client = self.reading_kiosk
        else:
            client = self.staff if OF_STAFF & set(call.operation["tags"]) else self.kiosk
        answer = self._send(call, client)
        if call.path.endswith("/tags"):
            self._ids["/curation/retouch/readings"] = answer.json()["id"]
        elif call.method == "post" and "id" in (data := getattr(answer, "data", None) or {}):
            self._ids[call.path] = data["id"]
        return answer

    def _send(self, call: Call, client: APIClient) -> Any:
        parameters = call.parameters("path")
        if "{id}" in call.path:
            parameters["id"] = self._id(call)
        path, send = call.path.format(**parameters), getattr(client, call.method)
        if call.method == "get":
            return send(path, call.parameters("query"))
        if call.media_type == "multipart/form-data":
            return send(path, {name: self._part(value) for name, value in call.body.items()}, format="multipart")
        if call.media_type == "application/json":
            return send(path, json.dumps(self._body(call, client)), content_type=call.media_type)
        return send(path, call.body, content_type=call.media_type or None)

    def _id(self, call: Call) -> Any:
        collection = call.path.partition("/{id}")[0]
        if call.path == "/curation/retouch/batches/{id}/cancel":
            return self._another_batch()
        if collection == "/jobs":
            return self.staff.get("/jobs").json()[-1]["id"]
        if collection == "/curation/lookalikes":
            return self.staff.get("/curation/lookalikes").json()["groups"][0]["id"]
        if collection == "/curation/releases":
            releases = self.staff.get("/curation/releases", {"garden": "calm"}).json()["releases"]
            is_live = not call.path.endswith("/cancel")
            return next(each["id"] for each in releases if (each["live_at"] is not None) is is_live)
        return self._ids.get(collection, call.parameters("path")["id"])

    def _another_batch(self) -> str:
        """That waits for a worker; the cancelled one would make nothing that later examples read."""
        batch = {"id": str(uuid4()), "title": "Another", "recipe": {"range": "1...50", "region": "all"}, "images": [44]}
        assert self.staff.post("/curation/retouch/batches", batch, format="json").status_code == 201
        assert self.staff.post(f"/curation/retouch/batches/{batch['id']}/run").status_code == 200
        return str(batch["id"])

    def _part(self, value: Any) -> Any:
        """As `curl --form` sends it."""
        if isinstance(value, str) and value.startswith("@"):
            return (ROOT / value[1:]).open("rb")
        if isinstance(value, dict | list):
            canvas = {"canvas": self._ids.get("/curation/retouch/canvases")} if "canvas" in value else {}
            return json.dumps({**value, **canvas} if isinstance(value, dict) else value)
        return value

    @staticmethod
    def _body(call: Call, client: APIClient) -> Any:
        if call.path == "/consent":  # Another number whenever its words are others.
            return {**call.body, "notice": client.get("/consent").json()["notice"]}
        return call.body

    def schedule_a_release(self) -> None:
        """Of the garden `calm`, for a week from now."""
        picture = Image.objects.get(key="emotions/calm/bird/img_starter_0v.jpeg")
        schedule = timezone.now() + timedelta(days=7)
        act = {"id": str(uuid4()), "kind": "withdraw", "images": [picture.pk], "schedule": schedule.isoformat()}
        assert self.staff.post("/curation/acts", act, format="json").status_code == 201

    @staticmethod
    def _kiosk(reader: str) -> APIClient:
        kiosk = Kiosk.objects.create(name=reader, zone=Zone.objects.get(), reader=reader)
        _, key = KioskKey.objects.create_key(name="key", kiosk=kiosk)
        return APIClient(headers={"x-api-key": key})


def test_each_is_accepted_and_answered_with_the_documented_fields(
    calls: list[Call], garden: None, subtests: pytest.Subtests
) -> None:
    assert len(calls) > 100
    integrator = Integrator()
    integrator.schedule_a_release()
    first, others = in_order(calls)
    for call in first:
        with subtests.test(call.name, media_type=call.media_type):
            check(call, integrator.send(call))
    with worker_at_work(["painter"]):
        wait_until_made()
        for call in others:
            with subtests.test(call.name, media_type=call.media_type):
                check(call, integrator.send(call))


def check(call: Call, answer: Any) -> None:
    if call.path == NEEDS_HOSTS:
        assert answer.status_code == 400
        return
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert 200 <= answer.status_code < 300, content[:300]
    for example in call.documented_answers(answer.status_code):
        assert type(example) is type(answer.json())
        if isinstance(example, dict):
            assert example.keys() == answer.json().keys()


def wait_until_made() -> None:
    deadline = time.monotonic() + 120
    while Slot.objects.filter(state__in=[Slot.State.QUEUED, Slot.State.LEASED]).exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
