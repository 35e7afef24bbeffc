"""The clock of background work goes on when the machine's own is set."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils.module_loading import import_string

from garden.celery import app

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
WALLS = "garden.tasks.play_walls"


class Clockwork:
    """The scheduler that the settings name; what it would send is written down."""

    def __init__(self, file: Path) -> None:
        scheduler = import_string(settings.CELERY_BEAT_SCHEDULER)
        self.sent: list[str] = []
        self._scheduler = scheduler(app=app, schedule_filename=str(file), lazy=False)
        self._scheduler.apply_async = self._note

    def after(self, clock: Any, seconds: float) -> list[str]:
        clock.shift(seconds)
        self.sent.clear()
        for _ in range(2 * len(settings.CELERY_BEAT_SCHEDULE)):
            self._scheduler.tick()
        return list(self.sent)

    def close(self) -> None:
        self._scheduler.close()

    def _note(self, entry: Any, **options: Any) -> None:
        self.sent.append(entry.task)
        self._scheduler.reserve(entry)


@pytest.fixture
def clockwork(tmp_path: Path) -> Iterator[tuple[Any, Clockwork]]:
    with time_machine.travel(NOON, tick=False) as clock:
        works = Clockwork(tmp_path / "schedule")
        works.after(clock, 0)
        yield clock, works
        works.close()


@pytest.mark.parametrize("jump", [-86_400, -3_600, -60, 0, 86_400])
def test_it_sends_on_time_after_the_clock_was_set(clockwork: tuple[Any, Clockwork], jump: int) -> None:
    clock, works = clockwork
    assert WALLS in works.after(clock, 6)
    works.after(clock, jump)
    assert WALLS in works.after(clock, 6)
    assert WALLS in works.after(clock, 6)


def test_it_sends_once_for_the_hours_that_were_skipped(clockwork: tuple[Any, Clockwork]) -> None:
    clock, works = clockwork
    sent = works.after(clock, 86_400)
    assert sent.count(WALLS) == 1
    assert sent.count("garden.tasks.sweep_retention") == 1


def test_it_sends_nothing_twice_when_the_clock_is_set_back(clockwork: tuple[Any, Clockwork]) -> None:
    clock, works = clockwork
    works.after(clock, 3_601)
    assert works.after(clock, -7_200) == []


def test_a_worker_without_children_that_leads_its_session_starts_without_an_error() -> None:
    """As honcho, systemd and containers start it; the pool `solo` sends the signal of children in the worker itself."""
    code = "import os, garden.celery as own; own.follow_parent(); assert os.getsid(0) == os.getpid()"
    subprocess.run([sys.executable, "-c", code], check=True, start_new_session=True)
