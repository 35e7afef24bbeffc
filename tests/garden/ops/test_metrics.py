"""What is counted: by route, by mood, by engine; nobody and nothing that could be endless is a label."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from celery.signals import task_postrun, task_prerun
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from garden.broker import note_queue_heard
from garden.models import DeviceHealth
from garden.ops.metrics import gauge_readers, write_metrics
from garden.tasks import sweep_retention
from generation.models import Slot, Worker
from tests.generation.jobs import ask_for
from tests.support import pictures
from tests.support.factories import ImageFactory, KioskFactory
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
Sample = tuple[str, tuple[tuple[str, str], ...]]


def measured() -> dict[Sample, float]:
    """Every sample by its name and labels."""
    families = text_string_to_metric_families(write_metrics().decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def values(name: str, *labels: dict[str, str]) -> list[float]:
    found = measured()
    return [found.get((name, tuple(sorted(each.items()))), 0.0) for each in labels]


def value(name: str, **labels: str) -> float:
    return values(name, labels)[0]


def test_it_times_requests_by_route(client: Client) -> None:
    labels = {"route": "s/<slug:code>", "method": "GET", "status": "404"}
    before = value("garden_request_seconds_count", **labels)
    client.get("/s/one")
    client.get("/s/another")
    assert value("garden_request_seconds_count", **labels) == before + 2


def test_anonymous_users_cannot_make_series(client: Client) -> None:
    """Neither paths nor methods that they invent become labels."""
    client.get("/nowhere/1")
    client.generic("INVENTED", "/kiosk/")
    before = {labels for name, labels in measured() if name == "garden_request_seconds_count"}
    for number in range(5):
        client.get(f"/nowhere/{number}/{uuid.uuid4()}")
        client.generic(f"INVENTED{number}", "/kiosk/")
    assert {labels for name, labels in measured() if name == "garden_request_seconds_count"} == before


def test_it_counts_what_was_seen_in_photos(api: APIClient) -> None:
    seen = [{"seen": word, "reader": "server"} for word in ("happy", "no_face")]
    before = values("garden_readings_total", *seen)
    show_photo(api, pictures.portrait())
    show_photo(api, pictures.coffee())
    assert values("garden_readings_total", *seen) == [count + 1 for count in before]


def test_it_counts_gardens_and_visitors_answers(api: APIClient) -> None:
    image = ImageFactory.create()
    likes, gardens = value("garden_interactions_total", kind="like"), value("garden_gardens_total", order="champion")
    api.post("/garden", {"id": "anna", "emotion": image.emotion}, format="json")
    api.post("/like", {"id": "anna", "itemId": image.key}, format="json")
    assert value("garden_interactions_total", kind="like") == likes + 1
    assert value("garden_gardens_total", order="champion") == gardens + 1


def test_it_times_background_work(db: None) -> None:
    task = sweep_retention
    labels = {"task": task.name, "outcome": "success"}
    before = value("garden_task_seconds_count", **labels)
    task_prerun.send(sender=task, task_id="one", task=task)
    task_postrun.send(sender=task, task_id="one", task=task, state="SUCCESS")
    assert value("garden_task_seconds_count", **labels) == before + 1


def test_it_reports_what_waits_and_since_when(settings: Any) -> None:
    job = ask_for(3)
    job.created_at = timezone.now() - timedelta(minutes=5)
    job.save()
    Worker.objects.create(name="host:1", engines=["painter"])
    engine = Slot.objects.values_list("engine", flat=True).first() or ""
    assert value("garden_slots", engine=engine, state="queued") == Slot.objects.count()
    assert 299 < value("garden_slot_oldest_seconds", engine=engine) < 400
    assert value("garden_workers", engine="painter") == 1


def test_it_reports_how_devices_and_queues_are(settings: Any) -> None:
    DeviceHealth.objects.create(kiosk=KioskFactory.create())
    DeviceHealth.objects.create(kiosk=KioskFactory.create(), heard_at=timezone.now() - timedelta(days=1))
    DeviceHealth.objects.create(kiosk=KioskFactory.create(), problem="no camera")
    note_queue_heard(queue="walls", worker="worker@here")
    found = measured()
    states = {state: found["garden_devices", (("kind", "kiosk"), ("state", state))] for state in ("heard", "silent")}
    assert states == {"heard": 1, "silent": 1}
    assert found["garden_devices", (("kind", "kiosk"), ("state", "troubled"))] == 1
    assert found["garden_queue_silent_seconds", (("queue", "walls"),)] < 60
    assert found["garden_queue_silent_seconds", (("queue", "alarms"),)] > 10**8


def test_states_that_cannot_be_read_take_no_others_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def fail() -> Any:
        raise OperationalError("gone")

    monkeypatch.setitem(gauge_readers, "slots", fail)
    assert value("garden_states_failed", of="slots") == 1
    assert value("garden_states_failed", of="devices") == 0
    assert "garden_devices{" in write_metrics().decode()


def test_no_measure_names_a_person(api: APIClient) -> None:
    """Labels are words that the code knows: no id, no address, no key of a picture."""
    image = ImageFactory.create()
    visitor = str(uuid.uuid4())
    api.post("/garden", {"id": visitor, "emotion": image.emotion}, format="json")
    api.post("/like", {"id": visitor, "itemId": image.key}, format="json")
    page = write_metrics().decode()
    assert visitor not in page
    assert image.key not in page
    assert not re.search(r"\d+\.\d+\.\d+\.\d+|[0-9a-f]{8}-[0-9a-f]{4}", page.replace("python_info", ""))
