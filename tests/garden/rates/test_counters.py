"""One suite for every place where processes count together."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from garden.rates.base import CounterUnavailableError, RateCounter
from garden.rates.counter import get_counter, hit
from garden.rates.database import DatabaseCounter
from garden.rates.file import FileCounter
from garden.rates.memory import MOST_NAMES, MemoryCounter
from garden.rates.redis import RedisCounter
from tests.services.redis import Redis

pytestmark = pytest.mark.django_db
COUNTERS = ["memory", "file", "database", "redis"]


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with Redis() as server:
        yield server.url


@pytest.fixture(params=COUNTERS)
def counter(request: pytest.FixtureRequest, tmp_path: Path) -> RateCounter:
    makers: dict[str, Callable[[], RateCounter]] = {
        "memory": MemoryCounter,
        "file": lambda: FileCounter(tmp_path / "rates.sqlite3"),
        "database": DatabaseCounter,
        "redis": lambda: RedisCounter(request.getfixturevalue("redis_url")),
    }
    made = makers[request.param]()
    made.forget()
    return made


def test_it_counts_each_hit_of_a_name(counter: RateCounter) -> None:
    assert [counter.hit("ann", 60).count for _ in range(3)] == [1, 2, 3]
    assert counter.hit("ben", 60).count == 1


def test_it_says_when_the_window_ends(counter: RateCounter) -> None:
    assert 50 < counter.hit("ann", 60).seconds_left <= 60


def test_it_begins_anew_when_the_window_has_ended(counter: RateCounter) -> None:
    counter.hit("ann", 0.05)
    counter.hit("ann", 0.05)
    time.sleep(0.1)
    assert counter.hit("ann", 60).count == 1


def test_the_window_does_not_grow_with_each_hit(counter: RateCounter) -> None:
    counter.hit("ann", 60)
    time.sleep(0.1)
    assert counter.hit("ann", 60).seconds_left < 59.95


def test_it_clears_one_name_and_says_what_it_had_counted(counter: RateCounter) -> None:
    for name in ("ann", "ann", "ben"):
        counter.hit(name, 60)
    assert [counter.clear("ann"), counter.clear("ann")] == [2, 0]
    assert [counter.hit("ann", 60).count, counter.hit("ben", 60).count] == [1, 2]


def test_it_forgets(counter: RateCounter) -> None:
    counter.hit("ann", 60)
    counter.forget()
    assert counter.hit("ann", 60).count == 1


_HITS = """
import sys
from pathlib import Path
from garden.rates.{module} import {name}
counter = {name}({place})
for _ in range(200):
    counter.hit("ann", 60)
"""


@pytest.mark.parametrize("name", ["file", "redis"])
def test_two_processes_miss_no_hit_of_each_other(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "rates.sqlite3"
    url = request.getfixturevalue("redis_url")
    shared: RateCounter = FileCounter(path) if name == "file" else RedisCounter(url)
    shared.forget()
    place = f"Path({str(path)!r})" if name == "file" else repr(url)
    program = _HITS.format(module=name, name=type(shared).__name__, place=place)
    processes = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert shared.hit("ann", 60).count == 401


def test_a_clock_that_was_put_back_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = FileCounter(tmp_path / "rates.sqlite3")
    now = time.time()
    counter.hit("ann", 60)
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    assert counter.hit("ann", 60).count == 1


def test_a_file_that_is_damaged_is_said(tmp_path: Path) -> None:
    path = tmp_path / "rates.sqlite3"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(CounterUnavailableError):
        FileCounter(path).hit("ann", 60)


def test_ever_new_names_cost_a_bounded_memory() -> None:
    counter = MemoryCounter()
    for n in range(MOST_NAMES + 100):
        counter.hit(f"name {n}", 60)
    assert len(counter._windows) <= MOST_NAMES


def test_each_process_counts_alone_while_nobody_can_count_together(settings: Any) -> None:
    nowhere = {"BACKEND": "garden.rates.redis.RedisCounter", "OPTIONS": {"url": "redis://127.0.0.1:9/0"}}
    settings.RATE_COUNTER = nowhere
    assert [hit("ann", 60).count for _ in range(3)] == [1, 2, 3]


def test_no_name_is_kept_in_plain_text(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "rates.sqlite3"
    settings.RATE_COUNTER = {"BACKEND": "garden.rates.file.FileCounter", "OPTIONS": {"path": path}}
    hit("garden-192.0.2.17", 60)
    assert isinstance(get_counter(), FileCounter)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"garden_ratecount" in kept
    assert b"192.0.2.17" not in kept
