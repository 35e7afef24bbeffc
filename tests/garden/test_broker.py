"""Messages to workers: a broker that is away, silent or back again costs nobody's time."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import Celery
from django.db import transaction
from kombu import Connection

from garden import broker as messages
from garden.broker import enqueue
from tools.services.ports import free_port
from tools.services.redis import Redis

pytestmark = pytest.mark.django_db
TASK = "garden.tasks.deliver_alarms"
Send = Callable[..., None]


def work(number: int) -> None:
    """No worker takes its messages."""


@pytest.fixture
def broker() -> Iterator[Redis]:
    with Redis() as running:
        yield running


@pytest.fixture
def send_to(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Callable[[str], Send]:
    """For the address of a broker, a function that enqueues messages there and commits."""

    def bound_to(url: str) -> Send:
        app = Celery(set_as_current=False, broker=url)
        app.conf.broker_connection_timeout = 1
        monkeypatch.setattr(TASK, app.task(name=TASK)(work))

        def send(*arguments: Any, **options: Any) -> None:
            with django_capture_on_commit_callbacks(execute=True):
                enqueue(TASK, *arguments, **options)

        return send

    return bound_to


def waiting(url: str) -> int:
    with Connection(url) as connection:
        return int(connection.default_channel.client.llen("celery"))


def test_it_wakes_as_many_workers_as_requested_by_messages_that_expire_and_none_for_what_is_rolled_back(
    broker: Redis, send_to: Any
) -> None:
    send = send_to(broker.url)
    with transaction.atomic():
        enqueue(TASK, 1)
        transaction.set_rollback(True)
    assert waiting(broker.url) == 0
    send(1, times=3)
    assert waiting(broker.url) == 3
    with Connection(broker.url) as connection:
        assert connection.SimpleQueue("celery").get(timeout=5).headers["expires"]


def test_a_broker_that_is_not_there_is_logged_and_not_raised(send_to: Any, caplog: pytest.LogCaptureFixture) -> None:
    send_to(f"redis://127.0.0.1:{free_port()}/0")(1)
    assert f"the sweep will run {TASK} later" in caplog.text


def test_it_leaves_a_broker_that_is_away_alone(send_to: Any) -> None:
    """Each try on a network that swallows packets would cost its caller seconds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        send = send_to(f"amqp://guest:guest@127.0.0.1:{server.getsockname()[1]}//")
        send(1)  # Accepted by the kernel, and never a word.
        assert _accepts(server)
        while _accepts(server):
            pass
        for _ in range(20):
            send(1)
        assert not _accepts(server)


def test_it_sends_again_soon_after_the_broker_came_back(
    broker: Redis, send_to: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = send_to(broker.url)
    send(1)
    broker.stop()
    for _ in range(3):
        send(2)
    broker.start()
    assert messages._retry_at <= time.monotonic() + messages.REST_SECONDS
    monkeypatch.setattr(messages, "_retry_at", 0.0)
    send(3)
    assert waiting(broker.url) == 1


def _accepts(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True
