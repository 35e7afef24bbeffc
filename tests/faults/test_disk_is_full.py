"""A disk without room: pictures are shown as ever, likes are a clear 503, and afterwards all is as before."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
import requests

from tests.faults.planting import EMOTION, KEYS
from tests.faults.server import Server
from tests.faults.visiting import is_clear

ROOM = 4096
"""Bytes: the first page of a file may be written, nothing behind it."""


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """No file of the server's processes may grow, its log's neither."""
    main = psutil.Process(server.process.pid)
    processes = [main, *main.children(recursive=True)]
    before = [process.rlimit(psutil.RLIMIT_FSIZE) for process in processes]
    for process, (_soft, hard) in zip(processes, before, strict=True):
        process.rlimit(psutil.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        for process, limits in zip(processes, before, strict=True):
            process.rlimit(psutil.RLIMIT_FSIZE, limits)


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="macOS cannot limit another process")
def test_a_garden_on_a_full_disk_still_shows_pictures(server: Server) -> None:
    server.ask("from tests.faults.planting import plant; plant()")
    assert like(server, "before").text == "Success"
    with full_disk(server):
        refused = like(server, "meanwhile")
        assert is_clear(refused), refused.text
        assert shown(server) == set(KEYS)
    assert like(server, "meanwhile").text == "Success"
    kept = "from recommend.models import Interaction; print(*Interaction.objects.values_list('event_id', flat=True))"
    assert sorted(server.ask(kept).split()) == ["before", "meanwhile"]


def like(server: Server, event: str) -> requests.Response:
    message = {"id": "ann", "itemId": KEYS[0], "impression": [event, *KEYS[:3]], "eventId": event}
    return requests.post(f"{server.url}/like", json=message, timeout=60)


def shown(server: Server) -> set[str]:
    garden = requests.post(f"{server.url}/garden", json={"id": "ann", "emotion": EMOTION}, timeout=60).json()
    return {picture["key"] for picture in garden["landscape"]}
