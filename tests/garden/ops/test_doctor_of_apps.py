"""What each room adds: engines and their workers, signatures, pictures, acts, devices, secrets."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from curation.models import BulkOperation
from garden.models import Alarm, Webhook
from garden.ops.doctor import Health
from garden.settings.env import SECRETS
from garden.vocabulary import Emotion
from generation.models import Worker
from tests.garden.ops.doctor_findings import findings_of, worst
from tests.generation.jobs import ask_for
from tests.support.factories import ImageFactory, KioskFactory

pytestmark = pytest.mark.django_db


def test_an_engine_is_well_while_a_worker_is_there_for_it() -> None:
    Worker.objects.create(name="here:1", engines=["painter"], device="cpu")
    (found,) = findings_of("engines")
    assert (found.health, found.words) == (Health.WELL, "Engine painter: 1 workers online (cpu).")


def test_an_engine_whose_workers_sent_no_heartbeat_is_reported_with_the_queue_to_listen_to() -> None:
    Worker.objects.create(name="here:1", engines=["painter"], last_seen_at=timezone.now() - timedelta(hours=1))
    found = worst("engines")
    assert found.health is Health.FAILED
    assert "last heartbeat" in found.words
    assert "--queues pictures.painter" in found.advice


def test_pictures_that_wait_too_long_are_reported() -> None:
    Worker.objects.create(name="here:1", engines=["painter"])
    job = ask_for(1)
    job.created_at = timezone.now() - timedelta(hours=2)
    job.save()
    found = worst("engines")
    assert (found.health, found.words) == (Health.WARNING, "Engine painter: a picture waits for 120 minutes.")


def test_a_site_without_a_key_is_told_how_to_make_one() -> None:
    found = worst("signing")
    assert (found.health, found.advice) == (Health.WARNING, "manage.py make_signing_key")


def test_moods_without_pictures_are_named() -> None:
    for emotion in set(Emotion) - {Emotion.FEAR}:
        ImageFactory.create(key=f"emotions/{emotion}/img_0h.jpeg", emotion=emotion)
    found = worst("pictures")
    assert found.health is Health.FAILED
    assert "No pictures for fear" in found.words


def test_a_recommender_that_can_rank_is_well() -> None:
    assert worst("recommender").health is Health.WELL
    assert worst("outbox").health is Health.WELL


def test_an_operation_that_is_stuck_is_reported() -> None:
    assert worst("acts").health is Health.WELL
    BulkOperation.objects.create(kind=BulkOperation.Kind.REMOVE, moved_at=timezone.now() - timedelta(hours=1))
    assert worst("acts").health is Health.WARNING


def test_alarms_of_devices_are_reported() -> None:
    Alarm.objects.create(kiosk=KioskFactory.create(name="Hall"), kind=Alarm.Kind.SILENT, detail="last heartbeat today")
    found = worst("devices")
    assert (found.health, found.words) == (Health.WARNING, "Hall: silent (last heartbeat today).")


def test_a_webhook_that_fails_is_reported_and_none_is_no_finding() -> None:
    assert findings_of("webhooks") == []
    webhook = Webhook.objects.create(name="Museum", address="https://hooks.example.org/between-us")
    assert worst("webhooks").health == Health.WELL
    webhook.note_failure("the receiver answered 500")
    found = worst("webhooks")
    assert (found.health, found.words) == (
        Health.WARNING,
        "Museum failed 1 times in a row: the receiver answered 500.",
    )


def test_a_secret_that_everybody_can_read_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    monkeypatch.setitem(SECRETS, "METRICS_TOKEN", str(secret))
    secret.chmod(0o600)
    assert worst("secrets").health is Health.WELL
    secret.chmod(0o644)
    found = worst("secrets")
    assert (found.health, found.advice) == (Health.WARNING, f"chmod 640 {secret}")


def test_secrets_in_the_environment_are_told_in_production(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setitem(SECRETS, "METRICS_TOKEN", None)
    assert worst("secrets").health is Health.WELL
    settings.SESSION_COOKIE_SECURE = True
    found = worst("secrets")
    assert found.health is Health.WARNING
    assert "METRICS_TOKEN_FILE=/run/secrets/" in found.advice
