"""The cache that processes share: in Redis, or in files of one machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import time_machine
from django.core.cache.backends.base import BaseCache
from django.core.exceptions import ImproperlyConfigured

from garden import shared_cache
from garden.settings.connections import caches
from garden.shared_cache import SharedFileCache, SharedRedisCache
from tools.services.ports import free_port
from tools.services.redis import Redis

FILESYSTEM = "filesystem://localhost"
NOW = 1_700_000_000


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with Redis() as server:
        yield server.url


@pytest.fixture(params=["files", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    return ("", str(tmp_path / "cache")) if request.param == "files" else (request.getfixturevalue("redis_url"), "")


_COUNT = """
import sys
from tests.garden.test_shared_cache import cache_at
cache = cache_at(*sys.argv[1:])
for _ in range(200):
    cache.add("visits", 0, 60) or cache.incr("visits")
"""


def cache_at(url: str, folder: str) -> BaseCache:
    entry = caches(url, FILESYSTEM, Path(folder))["default"]
    params: dict[str, Any] = {"OPTIONS": entry["OPTIONS"]}
    backend = SharedRedisCache if entry["BACKEND"].endswith("RedisCache") else SharedFileCache
    return backend(entry["LOCATION"], params)


def test_two_processes_miss_no_step_of_each_other(place: tuple[str, str]) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", _COUNT, *place]) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert cache_at(*place).incr("visits") == 400  # One of them began at 0.


def test_one_of_several_adds_a_key(place: tuple[str, str]) -> None:
    cache = cache_at(*place)
    assert [cache.add("slot", 1, 60) for _ in range(3)] == [True, False, False]


def test_a_count_ends_at_the_time_that_it_was_given_first(tmp_path: Path) -> None:
    cache = cache_at("", str(tmp_path))
    with time_machine.travel(NOW, tick=False) as clock:
        cache.set("visits", 1, 60)
        clock.shift(50)
        assert cache.incr("visits") == 2
        clock.shift(11)
        with pytest.raises(ValueError, match="expired"):
            cache.incr("visits")


def test_a_count_without_an_end_goes_on(tmp_path: Path) -> None:
    cache = cache_at("", str(tmp_path))
    with time_machine.travel(NOW, tick=False) as clock:
        cache.set("visits", 1, None)
        clock.shift(10**9)
        assert cache.incr("visits") == 2


def test_a_count_that_ends_while_it_is_incremented_does_not_come_back(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = cache_at(redis_url, "")
    monkeypatch.setattr(redis.Redis, "exists", lambda *_: 1)  # It was there a moment ago.
    with pytest.raises(ValueError, match="not found"):
        cache.incr("ended")
    assert cache.get("ended") is None


@pytest.mark.parametrize("damage", [b"", b"no pickle", b"\x00" * 100])
def test_a_damaged_entry_is_a_missing_one(tmp_path: Path, damage: bytes) -> None:
    cache = cache_at("", str(tmp_path))
    cache.set("visits", 1, 60)
    (entry,) = tmp_path.glob("*.djcache")
    entry.write_bytes(damage)
    assert cache.get("visits") is None
    assert cache.add("visits", 5, 60)
    assert cache.incr("visits") == 6


def unreachable(tmp_path: Path) -> BaseCache:
    return cache_at(f"redis://127.0.0.1:{free_port()}/0", "")


def unwritable(tmp_path: Path) -> BaseCache:
    """As a disk without room is: the folder cannot be made where a file is."""
    cache = cache_at("", str(tmp_path / "cache"))
    (tmp_path / "cache").rmdir()
    (tmp_path / "cache").write_text("")
    return cache


def warnings_in(caplog: pytest.LogCaptureFixture) -> int:
    """Of the cache: a server of an earlier test may still log its last requests."""
    records = [record for record in caplog.records if record.name == shared_cache.__name__]
    assert {record.levelname for record in records} <= {"WARNING"}
    return len(records)


@pytest.mark.parametrize("broken", [unreachable, unwritable])
def test_each_process_uses_its_own_memory_while_the_cache_is_unavailable(
    broken: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = broken(tmp_path)
    assert cache.add("visits", 1, 60)
    assert [cache.incr("visits") for _ in range(3)] == [2, 3, 4]
    cache.set("visits", 9, 60)
    assert cache.get("visits") == 9
    assert cache.delete("visits")
    assert warnings_in(caplog) == 1
    assert "The shared cache is unavailable" in caplog.text


def test_a_redis_that_does_not_answer_delays_one_request_until_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared_cache, "RETRY_SECONDS", 3600.0)
    with Redis() as server:
        cache = cache_at(server.url, "")
        cache.set("visits", 1, 60)
        os.kill(server.pid, 19)  # It stops, its connections stay.
        try:
            for _ in range(20):
                cache.get("visits")
            assert warnings_in(caplog) == 1
        finally:
            os.kill(server.pid, 18)
        monkeypatch.setattr(cache, "_retry_at", 0.0)
        assert cache.get("visits") == 1


def test_the_cache_is_tried_again_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "RETRY_SECONDS", 0.0)
    cache = unwritable(tmp_path)
    assert cache.add("visits", 1, 60)
    (tmp_path / "cache").unlink()
    cache.set("visits", 7, 60)
    assert cache_at("", str(tmp_path / "cache")).get("visits") == 7


def test_the_cache_is_the_brokers_redis_unless_another_one_is_named() -> None:
    folder = Path("cache")
    assert caches("", FILESYSTEM, folder)["default"]["LOCATION"] == folder
    assert caches("", "redis://broker/0", folder)["default"]["LOCATION"] == "redis://broker/0"
    assert caches("rediss://cache/1", "redis://broker/0", folder)["default"]["LOCATION"] == "rediss://cache/1"
    assert caches("redis://cache/1", "amqp://broker", folder)["default"]["LOCATION"] == "redis://cache/1"
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
        caches("memcached://cache", FILESYSTEM, folder)
