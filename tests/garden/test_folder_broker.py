"""The broker that needs no server: whoever is killed while writing, the others read whole messages."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.simple import SimpleQueue

from garden import celery
from garden.settings.connections import broker_options

LARGE = 3_000_000
_WRITER = """
import itertools, sys
from pathlib import Path
from tests.garden.test_folder_broker import LARGE, connected, queue_named
with connected(Path(sys.argv[1])) as connection:
    for number in itertools.count():
        queue = connection.SimpleQueue(queue_named(f"queue{number % 50}"))
        queue.put({"number": number, "text": "x" * LARGE})
        queue.close()
        print(number, flush=True)
"""


def connected(folder: Path) -> Connection:
    """As the project's processes are."""
    assert celery.app
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Connection("filesystem://", transport_options=broker_options("filesystem://", folder))


def queue_named(name: str, exchange: str = "works") -> Queue:
    return Queue(name, Exchange(exchange, "direct"), name)


def take(queue: SimpleQueue) -> dict[str, Any]:
    message = queue.get(timeout=60)
    message.ack()
    payload: dict[str, Any] = message.payload
    return payload


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SimpleQueue]:
    with connected(tmp_path) as connection:
        # A process remembers what it has bound, and this one is of many tests.
        yield connection.SimpleQueue(queue_named("queue0", uuid.uuid4().hex))


def test_it_brings_messages_in_their_order(queue: SimpleQueue) -> None:
    for number in range(3):
        queue.put({"number": number})
        time.sleep(0.002)  # Names are in milliseconds.
    assert [take(queue)["number"] for _ in range(3)] == [0, 1, 2]


def test_an_unreadable_message_is_passed_over(queue: SimpleQueue, tmp_path: Path) -> None:
    (tmp_path / "messages" / "0_half.queue0.msg").write_text('{"body": "ha')
    queue.put({"number": 1})
    assert take(queue) == {"number": 1}


def test_an_unreadable_table_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / "halves.exchange").write_text("")
    with connected(tmp_path) as connection:
        queue = connection.SimpleQueue(queue_named("queue0", "halves"))
        queue.put({"number": 1})
        assert take(queue) == {"number": 1}


def test_a_writer_killed_at_any_moment_leaves_nothing_half_written(tmp_path: Path) -> None:
    for moment in range(4):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.05 + 0.013 * moment)
        writer.kill()
        writer.communicate()
    with connected(tmp_path) as connection:
        messages = list(_all_messages(connection))
    assert messages
    assert {len(message["text"]) for message in messages} == {LARGE}
    assert not list((tmp_path / "messages").glob("*.msg"))


def _all_messages(connection: Connection) -> Iterator[dict[str, Any]]:
    for number in range(50):
        queue = connection.SimpleQueue(queue_named(f"queue{number}"))
        for _ in range(queue.qsize()):
            yield take(queue)
        queue.close()
