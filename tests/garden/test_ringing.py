"""Bells for workers: a broker that is away, silent or back again costs nobody's time."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from kombu import Connection

from garden import ringing
from garden.breaker import BreakerState, CircuitBreaker, ClosedError, Gate
from tests.services.ports import free_port
from tests.services.redis import Redis


@pytest.fixture
def broker() -> Iterator[Redis]:
    with Redis() as running:
        yield running


def bell_on(url: str) -> Any:
    app = Celery(set_as_current=False, broker=url)
    app.conf.broker_connection_timeout = 1

    def rung(number: int) -> None:
        """Nobody works here."""

    return app.task(name="rung")(rung)


def heard(url: str) -> int:
    with Connection(url) as connection:
        return int(connection.default_channel.client.llen("celery"))


def test_it_tells_whether_the_broker_heard(broker: Redis) -> None:
    assert ringing.ring(bell_on(broker.url), 1, times=3)
    assert heard(broker.url) == 3


def test_it_tells_when_nobody_is_there() -> None:
    assert not ringing.ring(bell_on(f"redis://127.0.0.1:{free_port()}/0"), 1)


def test_it_leaves_a_broker_that_is_away_alone() -> None:
    """Each try on a network that swallows packets would cost its caller seconds."""
    tries = 0
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        bell = bell_on(f"amqp://guest:guest@127.0.0.1:{port}//")
        for _ in range(2):
            assert not ringing.ring(bell, 1)  # Accepted by the kernel, and never a word.
        while _accepts(server):
            tries += 1
        assert tries > 0
        for _ in range(20):
            assert not ringing.ring(bell, 1)
        assert not _accepts(server)


def test_it_rings_again_soon_after_the_broker_came_back(broker: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ringing.gate.breaker, "cool_down", 0.1)
    bell = bell_on(broker.url)
    assert ringing.ring(bell, 1)
    broker.stop()
    for _ in range(3):
        assert not ringing.ring(bell, 2)
    broker.start()
    time.sleep(0.1)
    assert ringing.ring(bell, 3)


def test_a_gate_that_is_half_open_lets_one_in_at_a_time() -> None:
    now = [0.0]
    gate = Gate(CircuitBreaker(threshold=1, cool_down=5, clock=lambda: now[0]))
    with pytest.raises(OSError, match="away"), gate.passing(OSError):
        raise OSError("away")
    now[0] = 6.0
    with gate.passing(OSError):
        with pytest.raises(ClosedError), gate.passing(OSError):
            pytest.fail("a second probe was let in")
        assert state(gate) is BreakerState.HALF_OPEN
    assert state(gate) is BreakerState.CLOSED


def test_a_gate_does_not_count_what_is_no_failure() -> None:
    gate = Gate(CircuitBreaker(threshold=1, cool_down=5))
    with pytest.raises(ValueError, match="mine"), gate.passing(OSError):
        raise ValueError("mine")
    with gate.passing(OSError):
        pass


def state(gate: Gate) -> BreakerState:
    return gate.breaker.state


def _accepts(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True
