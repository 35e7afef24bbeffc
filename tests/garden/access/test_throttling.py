"""Counts that all processes share: exact, with an end, and without addresses in plain text."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine

from garden.access.throttling import clear_count, count, seconds_left
from garden.settings.connections import caches

NOW = 1_700_000_000


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.CACHES = {**settings.CACHES, **caches("", "", tmp_path / "cache")}
    return tmp_path / "cache"


def test_it_counts_each_name_alone() -> None:
    assert [count("ann", 60) for _ in range(3)] == [1, 2, 3]
    assert count("ben", 60) == 1


def test_a_window_begins_with_its_first_count_and_does_not_grow() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert seconds_left("ann") == 0
        count("ann", 60)
        clock.shift(20)
        assert count("ann", 60) == 2
        assert seconds_left("ann") == 40
        clock.shift(41)
        assert seconds_left("ann") == 0
        assert count("ann", 60) == 1


def test_it_clears_one_name_and_returns_its_count() -> None:
    for name in ("ann", "ann", "ben"):
        count(name, 60)
    assert [clear_count("ann"), clear_count("ann")] == [2, 0]
    assert seconds_left("ann") == 0
    assert [count("ann", 60), count("ben", 60)] == [1, 2]


def test_no_address_is_stored_in_plain_text(folder: Path) -> None:
    count("garden-192.0.2.17", 60)
    stored = b"".join(path.name.encode() + path.read_bytes() for path in folder.iterdir())
    assert stored
    assert b"192.0.2.17" not in stored


_GUESS = """
import sys
from pathlib import Path
import django
import time_machine
django.setup()
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.test.utils import override_settings
from garden.access import sign_in
from garden.settings.connections import caches
sign_in._is_new_address = lambda *_: True
checked = 0
with override_settings(CACHES={**settings.CACHES, **caches("", "", Path(sys.argv[1]))}):
    with time_machine.travel(1_700_000_000, tick=False):
        for n in range(100):
            try:
                sign_in._refuse_too_early(RequestFactory().post("/", REMOTE_ADDR=f"192.0.2.{n}"), "ann")
                checked += 1
            except PermissionDenied:
                pass
print(checked)
"""


def test_two_processes_check_no_more_guesses_together_than_one(folder: Path) -> None:
    """Twenty attempts are free; of those that follow at the same moment one is checked, the others wait."""
    command = [sys.executable, "-c", _GUESS, str(folder)]
    guessing = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate(timeout=60)[0]) for process in guessing) == 21
