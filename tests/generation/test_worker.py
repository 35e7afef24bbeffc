import threading
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from garden.models import Image
from generation.jobs import cancel_job
from generation.models import Slot, Worker
from generation.queue.progress import time_left
from generation.queue.worker import work
from tests.generation import quick_engine
from tests.generation.jobs import ask_for
from tests.services.ports import PATIENCE, wait_until

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

    def test_it_tells_the_traceback_of_a_crash_and_goes_on_with_the_rest(self, settings: Any) -> None:
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
def test_it_tells_how_far_a_running_picture_is(settings: Any) -> None:
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
