"""`manage.py doctor`: words for people, JSON for machines, an exit code for both."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from garden.broker import note_queue_heard
from tools.services.ports import free_port


@pytest.mark.django_db
def test_it_says_what_is_wrong_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "workers", "storage")
    message = capsys.readouterr().out
    assert ended.value.code == 1
    assert "FAIL" in message
    assert "Queue walls: never connected. No worker listens." in message
    assert "→ Start a worker: celery -A garden.celery worker --queues celery,walls,alarms" in message
    assert "writes, reads and deletes" in message


@pytest.mark.django_db
def test_it_says_so_when_all_is_well(settings: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    for queue in ("celery", "walls", "alarms"):
        note_queue_heard(queue=queue, worker="worker@here")
    call_command("doctor", "workers", "database", "migrations", "storage", "faces")
    assert "FAIL" not in capsys.readouterr().out


@pytest.mark.django_db
def test_a_warning_fails_only_when_asked_to(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor", "signing")
    with pytest.raises(SystemExit):
        call_command("doctor", "signing", "--strict")


@pytest.mark.django_db
def test_machines_read_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor", "signing", "--json")
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["subject"] == "signing"
    assert found["health"] == "warning"
    assert found["advice"] == "manage.py make_signing_key"


def test_it_names_the_subjects_it_knows() -> None:
    with pytest.raises(CommandError, match=r"Unknown subject nonsense; known are database, migrations.*engines.*acts"):
        call_command("doctor", "nonsense")


def test_without_its_database_it_still_speaks(tmp_path: Path) -> None:
    """The day it is needed most; everything else is still looked at."""
    gone = f"postgres://garden:very-private@127.0.0.1:{free_port()}/garden"
    environment = {**os.environ, "DATABASE_URL": gone, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "garden.settings.local"
    command = [sys.executable, "manage.py", "doctor", "database", "migrations", "workers", "storage", "disk"]
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1
    assert "The database cannot be queried: connection failed" in outcome.stdout
    assert "Check the database and the migrations first." in outcome.stdout
    assert "writes, reads and deletes" in outcome.stdout
    assert "very-private" not in outcome.stdout + outcome.stderr
    assert "Traceback" not in outcome.stderr
