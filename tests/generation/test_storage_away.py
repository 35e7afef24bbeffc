"""A storage that takes no files costs time, never a picture and never an attempt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from garden.models import Image
from generation import tasks
from generation.models import Slot
from generation.queue.worker import storage_wait, work
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db
QUICK = ["quick"]


class Clock:
    def __init__(self, traveller: Any) -> None:
        self._traveller = traveller

    def shift(self, seconds: float) -> None:
        """Monotonic time, which the traveller leaves alone, included."""
        self._traveller.shift(seconds)
        storage_wait.until -= seconds


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def no_room(settings: Any, tmp_path: Path) -> Path:
    """A file lies where pictures should: nothing can be written below it, whoever runs the tests."""
    taken = tmp_path / "taken"
    taken.write_text("no folder", encoding="utf-8")
    settings.MEDIA_ROOT = taken
    return taken


def waiting() -> list[tuple[str, int]]:
    return list(Slot.objects.order_by("pk").values_list("state", "attempt"))


def test_it_hands_pictures_back_uncounted_and_begins_no_others(clock: Clock, no_room: Path) -> None:
    ask_for(9)
    assert work(engines=QUICK) == 0
    assert waiting() == [("queued", 0)] * 9
    assert Slot.objects.filter(error__contains="storage").count() == 4  # The batch that found no place.
    assert work(engines=QUICK) == 0
    assert Slot.objects.exclude(error="").count() == 4


def test_it_makes_all_of_them_once_there_is_room(clock: Clock, no_room: Path) -> None:
    ask_for(9)
    for _ in range(4):
        assert work(engines=QUICK) == 0
        clock.shift(20)
    no_room.unlink()
    assert work(engines=QUICK) == 9
    assert waiting() == [("done", 1)] * 9
    assert Image.objects.count() == 9


def test_it_wakes_no_worker_meanwhile(clock: Clock, no_room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(tasks, "wake_worker", woken.append)
    ask_for(9)
    assert tasks.make_pictures("quick") == 0
    assert woken == []
