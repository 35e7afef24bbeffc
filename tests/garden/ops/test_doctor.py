"""What a site needs: database, broker, workers, storage, face analysis, disk, pages."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from garden.broker import note_queue_heard, report_listening
from garden.celery import app
from garden.ops import infrastructure
from garden.ops.doctor import Health
from tests.garden.ops.doctor_findings import findings_of, worst
from tools.services.ports import free_port
from tools.services.s3 import REGION, s3_endpoint

pytestmark = pytest.mark.django_db


def test_it_names_the_database_and_how_far_it_is() -> None:
    found = worst("database")
    assert found.health is not Health.FAILED
    assert "answers in" in found.words
    assert found.words.startswith(("SQLite 3.", "PostgreSQL 1"))


def test_missing_migrations_are_named_with_their_command() -> None:
    assert worst("migrations").health is Health.WELL
    ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("garden")
    MigrationRecorder.Migration.objects.filter(app=app, name=newest).delete()
    found = worst("migrations")
    assert (found.health, found.advice) == (Health.FAILED, "manage.py migrate")
    assert f"garden.{newest}" in found.words


def test_a_broker_that_is_away_is_reported_with_what_still_works(settings: Any) -> None:
    assert worst("broker").health is Health.WELL
    settings.CELERY_BROKER_URL = f"redis://:secret@127.0.0.1:{free_port()}/0"
    found = worst("broker")
    assert found.health is Health.FAILED
    assert "redis" in found.words
    assert "secret" not in found.words
    assert "Visitors are served" in found.advice


def test_queues_are_well_while_each_has_a_recent_heartbeat(settings: Any) -> None:
    for queue in settings.WORKER_QUEUES:
        note_queue_heard(queue=queue, worker="worker@here")
    assert {finding.health for finding in findings_of("workers")} == {Health.WELL}
    assert len(findings_of("workers")) == len(settings.WORKER_QUEUES)


def test_a_queue_that_fell_silent_is_reported_with_its_command(settings: Any) -> None:
    for queue in settings.WORKER_QUEUES:
        with time_machine.travel(timezone.now() - timedelta(hours=3 if queue == "walls" else 0)):
            note_queue_heard(queue=queue, worker="worker@here")
    (found,) = [finding for finding in findings_of("workers") if finding.health is Health.FAILED]
    assert found.words == "Queue walls: last heartbeat 3 hours ago. No worker listens."
    assert found.advice.endswith("--queues walls")


def test_a_worker_that_is_busy_for_long_is_not_taken_for_absent(settings: Any) -> None:
    """It answers nothing meanwhile; a thread of its process reports that it is there."""
    for queue in settings.WORKER_QUEUES:
        with time_machine.travel(timezone.now() - timedelta(minutes=5 if queue == "celery" else 0)):
            note_queue_heard(queue=queue, worker="worker@here")
    report_listening(settings.WORKER_QUEUES)
    (found,) = [finding for finding in findings_of("workers") if finding.health is not Health.WELL]
    assert found.health is Health.WARNING
    assert found.words == "Queue celery: last heartbeat 5 minutes ago. Its worker runs, and is busy with other tasks."


class AnsweringWorker:
    """What a worker of the pool `prefork` answers, busy or idle: its main process runs no task."""

    def __init__(self, running: list[dict[str, str]]) -> None:
        self._running = running

    def active(self) -> dict[str, Any]:
        return {"worker@here": self._running}

    def active_queues(self) -> dict[str, Any]:
        return {"worker@here": [{"name": queue} for queue in ("celery", "walls", "alarms")]}


@pytest.mark.parametrize(
    ("heard", "running", "health"),
    [
        (["walls"], [], Health.WARNING),
        ([], [{"name": "garden.tasks.make_missing_thumbnails"}], Health.WARNING),
        ([], [], Health.FAILED),
    ],
    ids=["beat reaches another queue", "the worker runs a task", "no queue has a heartbeat and no task runs"],
)
def test_beat_is_reported_only_where_nothing_else_explains_the_silence(
    heard: list[str], running: list[dict[str, str]], health: Health, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    for queue in heard:
        note_queue_heard(queue=queue, worker="worker@here")
    report_listening(settings.WORKER_QUEUES)
    monkeypatch.setattr(app.control, "inspect", lambda timeout: AnsweringWorker(running))
    (found,) = [finding for finding in findings_of("workers") if "celery" in finding.words]
    assert found.health is health


def test_storage_is_tried_and_left_as_it_was() -> None:
    assert worst("storage").health is Health.WELL
    assert [path for path in Path(default_storage.location).rglob("*") if path.is_file()] == []  # type: ignore[attr-defined]


def test_storage_that_cannot_be_written_is_reported(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    found = worst("storage")
    assert (found.health, "NotADirectoryError" in found.words) == (Health.FAILED, True)


@pytest.fixture
def _no_bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with s3_endpoint() as endpoint:
        options = {"bucket_name": "no-such-bucket", "endpoint_url": endpoint, "region_name": REGION}
        entry = {"BACKEND": "garden.storage.s3.PictureS3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": entry}
        yield


@pytest.mark.usefixtures("_no_bucket")
def test_a_bucket_that_is_not_there_is_named() -> None:
    found = worst("storage")
    assert found.health is Health.FAILED
    assert "NoSuchBucket" in found.words
    assert "PICTURE_STORAGE" in found.advice


def test_faces_are_read_in_a_drawing_of_one() -> None:
    found = worst("faces")
    assert found.health is Health.WELL
    assert "LocalAnalyzer reads a drawn face" in found.words


def test_missing_face_models_are_reported_with_their_command(settings: Any, tmp_path: Path) -> None:
    settings.FACE_ANALYZER = {**settings.FACE_ANALYZER, "OPTIONS": {"models": tmp_path}}
    found = worst("faces")
    assert found.health is Health.FAILED
    assert "build_models" in found.advice


def test_a_disk_is_reported_before_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GB free" in worst("disk").words
    for free, health in ((10_000_000, Health.FAILED), (500_000_000, Health.WARNING), (10**12, Health.WELL)):
        usage = type("Usage", (), {"free": free, "total": 2 * 10**12 if health is Health.WELL else 10**11})
        monkeypatch.setattr("shutil.disk_usage", lambda folder, usage=usage: usage)
        assert worst("disk").health is health


def test_pages_whose_files_were_not_collected_are_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert worst("pages").health is Health.WELL
    storage = ManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(infrastructure, "staticfiles_storage", storage)
    found = worst("pages")
    assert (found.health, found.advice) == (Health.FAILED, "manage.py collectstatic --noinput")
    assert str(tmp_path) in found.words
