"""What probes and collectors ask: before hosts are checked and http:// is sent to https://."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.dispatch import Signal
from django.test import Client

from garden.ops import health
from garden.ops.health import WarmUp
from tests.garden.ops.lines import lines_of, written
from tools.services.ports import wait_until

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(autouse=True)
def _first_look(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DRAIN_FILE = tmp_path / "draining"
    health._seen["migrated"] = False
    yield
    health._seen["migrated"] = False


@pytest.mark.parametrize("path", ["/healthz", "/healthz/live"])
def test_a_process_that_answers_lives_and_asks_no_database(client: Client, path: str) -> None:
    assert client.get(path).content == b"ok"


@pytest.mark.django_db
def test_it_is_ready_when_the_database_is_there_and_migrated(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    assert client.get("/healthz/ready").json() == {"ready": True, "reasons": []}
    with django_assert_max_num_queries(1):
        assert client.get("/healthz/ready").status_code == 200


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_missing_and_then_it_is(client: Client) -> None:
    ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("garden")
    MigrationRecorder.Migration.objects.filter(app=app, name=newest).delete()
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["migrations"])
    assert health.missing_migrations() == [f"garden.{newest}"]
    MigrationRecorder(connection).record_applied(app, newest)
    assert client.get("/healthz/ready").status_code == 200


@pytest.mark.django_db
def test_it_is_not_ready_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/healthz/ready")

    def gone(*args: Any) -> None:
        raise DatabaseError("server closed the connection")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "reasons": ["database"]})


@pytest.mark.django_db
def test_it_is_not_ready_while_it_drains_but_lives(client: Client, settings: Any) -> None:
    settings.DRAIN_FILE.touch()
    assert client.get("/healthz/ready").json()["reasons"] == ["draining"]
    assert client.get("/healthz/live").status_code == 200


@pytest.fixture
def warming(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process loads something for as long as the test runs."""
    read = threading.Event()
    signal = Signal()
    signal.connect(load := lambda **_signal: read.wait(timeout=240))
    warm_up = WarmUp(signal)
    monkeypatch.setattr(health, "warm_up", warm_up)
    warm_up.begin()
    yield
    read.set()
    wait_until(lambda: not warm_up.is_under_way())
    signal.disconnect(load)


@pytest.mark.django_db
def test_not_being_ready_yet_is_no_error_of_the_log(client: Client, warming: None) -> None:
    with written() as page:
        answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["warming"])
    assert lines_of(page) == []
    with written(level="DEBUG") as page:
        logging.getLogger("django.request").setLevel("DEBUG")
        client.get("/healthz/ready")
    assert "Not ready: warming" in [line["event"] for line in lines_of(page)]


@pytest.mark.django_db
def test_a_503_of_any_other_page_stays_an_error_of_the_log(client: Client, settings: Any, warming: None) -> None:
    client.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.garden.pages.broken_urls"
    with written() as page:
        assert client.get("/unavailable").status_code == 503
    (line,) = [line for line in lines_of(page) if line["logger"] == "django.request"]
    assert line["level"] == "error"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
def test_probes_need_no_name_and_no_tls(client: Client, settings: Any, path: str) -> None:
    """A redirect counts as success with some probes, and a strange host as failure."""
    settings.ALLOWED_HOSTS = ["garden.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/kiosk/", headers={"host": "garden.example"}).status_code == 301


@pytest.mark.django_db
def test_only_who_has_the_token_reads_measures(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for wrong in (f"Bearer {TOKEN}x", "Bearer "):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert answer["Cache-Control"] == "no-store"
