from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from generation.models import Worker
from generation.queue.worker import stopping, work
from generation.queue.worker_status import IdleKeeper, busy
from tests.generation.jobs import ask_for
from tests.generation.quick_engine import QuickEngine

pytestmark = pytest.mark.django_db


class ForgetfulEngine(QuickEngine):
    unloaded: ClassVar[list[bool]] = []

    def unload(self) -> None:
        self.unloaded.append(True)


@pytest.fixture
def keeper(settings: Any) -> IdleKeeper:
    ForgetfulEngine.unloaded.clear()
    settings.GENERATION_UNLOAD_SECONDS = 0
    settings.GENERATION_ENGINES = {"quick": {"BACKEND": f"{__name__}.ForgetfulEngine", "OPTIONS": {}}}
    return IdleKeeper("w1", ["quick"])


def test_it_reports_a_worker_that_waits(keeper: IdleKeeper) -> None:
    keeper.beat()
    worker = Worker.objects.online().get()
    assert (worker.name, worker.engines) == ("w1", ["quick"])
    assert worker.device


def test_it_unloads_an_idle_engine_once(keeper: IdleKeeper) -> None:
    keeper.beat()
    keeper.beat()
    assert ForgetfulEngine.unloaded == [True]


def test_it_keeps_an_engine_for_as_long_as_told(keeper: IdleKeeper, settings: Any) -> None:
    settings.GENERATION_UNLOAD_SECONDS = 600
    keeper.beat()
    assert ForgetfulEngine.unloaded == []


def test_it_unloads_nothing_under_a_picture_that_is_being_made(keeper: IdleKeeper) -> None:
    with busy:
        keeper.beat()
    assert ForgetfulEngine.unloaded == []


def test_it_reports_a_worker_that_makes_a_picture_for_longer_than_a_minute(keeper: IdleKeeper) -> None:
    keeper.beat()
    Worker.objects.update(last_seen_at=timezone.now() - timedelta(minutes=5))
    with busy:
        keeper.beat()
    assert Worker.objects.online().get().name == "w1"


def test_a_worker_that_is_asked_to_end_gives_its_pictures_back() -> None:
    job = ask_for(2)
    stopping.set()
    try:
        assert work(engines=["quick"]) == 0
    finally:
        stopping.clear()
    assert set(job.slots.values_list("state", "attempt")) == {("queued", 0)}
