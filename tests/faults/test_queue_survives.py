"""The queue under fire: workers killed at random, the broker emptied, connections cut, messages sent twice.

Whatever happens, every slot is finished exactly once, and files equal rows. On PostgreSQL with Redis; with `-m long`
also with RabbitMQ, and on SQLite with the embedded broker.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis as redis_client
from kombu.connection import Connection

from generation.queue.leases import queue_of
from tests.faults.fleet import Fleet
from tests.services.rabbitmq import rabbitmq
from tools.services.redis import redis

SLOTS, KILLS = 150, 3


@pytest.fixture(
    params=[
        "postgresql-redis",
        pytest.param("postgresql-rabbitmq", marks=pytest.mark.long),
        pytest.param("sqlite-filesystem", marks=pytest.mark.long),
    ]
)
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    with ExitStack() as stack:
        kind = request.param.partition("-")[0]
        database: str = request.getfixturevalue(f"{kind}_database")
        broker = "filesystem://localhost"
        if kind == "postgresql":
            broker = stack.enter_context(redis() if request.param.endswith("redis") else rabbitmq())
        yield stack.enter_context(Fleet(tmp_path, database, broker))


def test_it_makes_every_picture_exactly_once_whatever_happens(fleet: Fleet) -> None:
    survive(fleet, SLOTS, KILLS)


@pytest.mark.long
def test_it_makes_ten_thousand_pictures_exactly_once(fleet: Fleet) -> None:
    survive(fleet, 10_000, 60)


def survive(fleet: Fleet, slots: int, kills: int) -> None:
    fleet.submit(slots)
    for blow in range(kills):
        time.sleep(fleet.dice.uniform(0.2, 1.2))
        fleet.kill_one()
        if blow % 3 == 0:
            flush(fleet)
        elif blow % 3 == 1:
            cut_connections(fleet)
        else:
            fleet.wake(10)
    fleet.wait_for(slots)
    nothing_is_lost_or_doubled(fleet, slots)


def nothing_is_lost_or_doubled(fleet: Fleet, slots: int) -> None:
    accounts = fleet.accounts()
    assert [state for _, state, _ in accounts["slots"]] == ["done"] * slots
    assert all(key == image for key, _, image in accounts["slots"])
    assert len({image for _, _, image in accounts["slots"]}) == slots
    assert fleet.files() == accounts["images"]


def flush(fleet: Fleet) -> None:
    """Every message is gone."""
    if fleet.broker.startswith("redis"):
        redis_client.Redis.from_url(fleet.broker).flushall()
    elif fleet.broker.startswith("amqp"):
        with Connection(fleet.broker) as connection:
            connection.default_channel.queue_purge(queue_of("quick"))
    else:
        shutil.rmtree(fleet.folder / "broker" / "messages", ignore_errors=True)
        (fleet.folder / "broker" / "messages").mkdir(parents=True, exist_ok=True)


def cut_connections(fleet: Fleet) -> None:
    """Every connection to a server database ends in mid-sentence; SQLite has none to cut."""
    if fleet.database.startswith("postgres"):
        with psycopg.connect(fleet.database) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
