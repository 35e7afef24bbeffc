"""A worker: what it makes and reports, while engines fail, storage is away and nothing waits."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from garden.models import Image
from generation import tasks
from generation.jobs import cancel_job
from generation.models import Slot, Worker
from generation.queue.heartbeat import stopping
from generation.queue.progress import time_left
from generation.queue.result_pool import storage_wait
from generation.queue.worker import work
from generation.queue.worker_status import StatusThread, busy
from tests.generation import quick_engine
from tests.generation.jobs import ask_for
from tests.generation.quick_engine import QuickEngine
from tools.services.ports import PATIENCE, wait_until

pytestmark = pytest.mark.django_db


QUICK = ["quick"]


@pytest.mark.django_db
class TestWorking:
    def test_it_makes_every_picture_and_registers_it_in_the_pool(self) -> None:
        job = ask_for(6)
        assert work(engines=QUICK) == 6
        assert set(job.slots.values_list("state", flat=True)) == {"done"}
        assert Image.objects.pool().count() == 6
        assert all(default_storage.exists(image.key) for image in Image.objects.all())
        assert Image.objects.filter(origin="quick", model="quick-1", prompt="calm").count() == 6

    def test_it_reports_the_traceback_of_a_crash_and_goes_on_with_the_rest(self, settings: Any) -> None:
        settings.GENERATION_MAX_ATTEMPTS = 2
        crashing, fine = ask_for(1, name="a", prompt="crash"), ask_for(5, name="b")
        assert work(engines=QUICK) == 5
        slot = crashing.slots.get()
        assert (slot.state, slot.attempt) == ("failed", 2)
        assert "RuntimeError: out of paint" in slot.error
        assert not fine.slots.exclude(state="done").exists()

    def test_it_does_not_count_the_failure_of_one_against_its_batch(self, settings: Any) -> None:
        settings.GENERATION_MAX_ATTEMPTS = 1
        job = ask_for(4)
        job.slots.filter(index=1).update(prompt="bad")
        assert work(engines=QUICK) == 3
        assert list(job.slots.order_by("index").values_list("state", "attempt")) == [
            ("done", 1),
            ("failed", 1),
            ("done", 1),
            ("done", 1),
        ]

    def test_it_does_not_repeat_what_the_engine_refuses(self) -> None:
        job = ask_for(1, prompt="refused")
        work(engines=QUICK)
        assert list(job.slots.values_list("state", "attempt", "error")) == [("failed", 1, "width must be smaller.")]

    def test_it_waits_longer_each_time_for_an_engine_that_is_away(self) -> None:
        job = ask_for(1, prompt="away")
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for attempt, wait in ((1, 30), (2, 60)):
                work(engines=QUICK)
                slot = job.slots.get()
                assert (slot.state, slot.attempt, slot.error) == ("queued", attempt, "The service does not answer.")
                clock.shift(wait - 1)
                assert work(engines=QUICK) == 0
                assert job.slots.get().attempt == attempt
                clock.shift(1)
            job.slots.update(prompt="calm")
            assert work(engines=QUICK) == 1

    def test_it_reports_itself(self) -> None:
        ask_for(2)
        work(engines=QUICK, worker="w1")
        worker = Worker.objects.online().get(name="w1")
        assert worker.pictures_made == 2
        assert worker.engines == QUICK
        assert worker.seconds_per_picture is not None

    def test_it_estimates_how_long_the_rest_takes(self) -> None:
        ask_for(2, name="before")
        work(engines=QUICK, worker="w1")
        Slot.objects.update(seconds=3.0)
        left = time_left(ask_for(4))
        assert left is not None
        assert left.total_seconds() == pytest.approx(12)

    def test_it_does_not_guess_what_it_never_measured(self) -> None:
        assert time_left(ask_for(4)) is None


@pytest.mark.django_db(transaction=True)
def test_it_stops_a_running_picture_that_is_cancelled(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GENERATION_HEARTBEAT_SECONDS = 0.1
    job = ask_for(1, prompt="slow")
    monkeypatch.setattr(quick_engine, "SLOW_STEPS", 1_000_000)
    working = threading.Thread(target=_work_and_close, daemon=True)
    working.start()
    wait_until(lambda: job.slots.get().state == "leased")
    cancel_job(job=job)
    working.join(PATIENCE)
    assert not working.is_alive()
    assert job.slots.get().state == "cancelled"
    assert not Image.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_reports_how_far_a_running_picture_is(settings: Any) -> None:
    settings.GENERATION_HEARTBEAT_SECONDS = 0.1
    job = ask_for(1, prompt="slow")
    working = threading.Thread(target=_work_and_close)
    working.start()
    try:
        wait_until(lambda: job.slots.get().progress >= 0.02)
    finally:
        cancel_job(job=job)
        working.join()


def _work_and_close() -> None:
    work(engines=QUICK)
    connection.close()


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
    """A file has the name of the storage folder: nothing can be written below it, also not by root."""
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


class ForgetfulEngine(QuickEngine):
    unloaded: ClassVar[list[bool]] = []

    def unload(self) -> None:
        self.unloaded.append(True)


@pytest.fixture
def status_thread(settings: Any) -> StatusThread:
    ForgetfulEngine.unloaded.clear()
    settings.GENERATION_UNLOAD_SECONDS = 0
    settings.GENERATION_ENGINES = {"quick": {"BACKEND": f"{__name__}.ForgetfulEngine", "OPTIONS": {}}}
    return StatusThread("w1", ["quick"])


def test_it_reports_a_worker_that_waits(status_thread: StatusThread) -> None:
    status_thread.beat()
    worker = Worker.objects.online().get()
    assert (worker.name, worker.engines) == ("w1", ["quick"])
    assert worker.device


def test_it_unloads_an_idle_engine_once(status_thread: StatusThread) -> None:
    status_thread.beat()
    status_thread.beat()
    assert ForgetfulEngine.unloaded == [True]


def test_it_keeps_an_engine_for_the_configured_time(status_thread: StatusThread, settings: Any) -> None:
    settings.GENERATION_UNLOAD_SECONDS = 600
    status_thread.beat()
    assert ForgetfulEngine.unloaded == []


def test_it_unloads_nothing_under_a_picture_that_is_being_made(status_thread: StatusThread) -> None:
    with busy:
        status_thread.beat()
    assert ForgetfulEngine.unloaded == []


def test_it_reports_a_worker_that_makes_a_picture_for_longer_than_a_minute(status_thread: StatusThread) -> None:
    status_thread.beat()
    Worker.objects.update(last_seen_at=timezone.now() - timedelta(minutes=5))
    with busy:
        status_thread.beat()
    assert Worker.objects.online().get().name == "w1"


def test_a_worker_that_is_asked_to_end_gives_its_pictures_back() -> None:
    job = ask_for(2)
    stopping.set()
    try:
        assert work(engines=["quick"]) == 0
    finally:
        stopping.clear()
    assert set(job.slots.values_list("state", "attempt")) == {("queued", 0)}
