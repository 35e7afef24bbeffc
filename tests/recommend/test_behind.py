"""A process far behind the ledger answers visitors at once and catches up in a thread."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from garden.models import Image
from recommend.backends.embedded import EmbeddedRecommender, ledger_consumer
from recommend.backends.embedded.events import LedgerEvent, read_events
from recommend.backends.embedded.snapshots import make_model, pack_model
from recommend.backends.registry import get_recommender
from recommend.bandit.context import Context
from recommend.models import Ledger
from tests.recommend.cast import interact, plant, post
from tools.services.ports import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
CALM = Context("calm")
MANY = 3 * ledger_consumer.AT_ONCE


class Reading:
    """The ledger as the process reads it: held up until the test lets go, or failing once in the middle."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.readers = set[str]()
        self.fails = False

    def __call__(self, *, after: int, to: int, base: int) -> Iterator[LedgerEvent]:
        if after == to:
            return
        self.readers.add(threading.current_thread().name)
        assert self.may_go_on.wait(timeout=60)
        for number, entry in enumerate(read_events(after=after, to=to, base=base)):
            if self.fails and number == MANY // 2:
                self.fails = False
                raise OperationalError("the database went away")
            yield entry


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    """Nothing is read before `may_go_on` is set; no thread outlives the test."""
    found = Reading()
    monkeypatch.setattr(ledger_consumer, "read_events", found)
    monkeypatch.setattr(ledger_consumer, "_RETRY_SECONDS", 0.0)
    yield found
    found.may_go_on.set()
    wait_until(lambda: not catching_up())


def catching_up() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "catch-up"]


def others_like(images: list[Image], likes: int = MANY) -> None:
    for number in range(likes):
        interact(f"visitor-{number}", images[0], *images)


def as_one_process_learns() -> bytes:
    model, ledger = make_model(), Ledger.objects.current()
    for entry in read_events(after=0, to=ledger.head, base=ledger.base):
        entry.teach(model)
    return pack_model(model)


def state_at_head(recommender: EmbeddedRecommender) -> bytes:
    with recommender.consumer.at_head() as (model, position):
        assert position == Ledger.objects.current().head
        return pack_model(model)


def the_recommender() -> EmbeddedRecommender:
    found = get_recommender()
    assert isinstance(found, EmbeddedRecommender)
    return found


def test_a_visitor_is_answered_at_once_while_the_process_catches_up(api: APIClient, reading: Reading) -> None:
    images = plant(3)
    recommender = the_recommender()
    recommender.warm_up()
    others_like(images)
    answer = post(api, "/garden", id="ann", emotion="calm")
    assert answer.json()["personalized"] is True
    assert len(answer.json()["landscape"]) == 3
    assert not reading.may_go_on.is_set()
    wait_until(lambda: bool(reading.readers))
    reading.may_go_on.set()
    assert state_at_head(recommender) == as_one_process_learns()
    assert reading.readers == {"catch-up"}


def test_a_few_likes_are_learned_before_the_visitor_is_answered(reading: Reading) -> None:
    images = plant(3)
    recommender = EmbeddedRecommender(poll_seconds=0)
    recommender.warm_up()
    others_like(images, ledger_consumer.AT_ONCE)
    reading.may_go_on.set()
    recommender.consumer.belief(CALM, "")
    assert reading.readers == {threading.current_thread().name}


def test_one_thread_catches_up_for_any_number_of_visitors(reading: Reading) -> None:
    images = plant(3)
    recommender = EmbeddedRecommender(poll_seconds=0)
    recommender.warm_up()
    others_like(images)

    def ask(_: int) -> None:
        try:
            recommender.consumer.belief(CALM, "")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as visitors:
        list(visitors.map(ask, range(24)))
    assert len(catching_up()) == 1
    reading.may_go_on.set()
    assert state_at_head(recommender) == as_one_process_learns()


def test_it_goes_on_where_a_failing_database_stopped_it(reading: Reading, caplog: pytest.LogCaptureFixture) -> None:
    images = plant(3)
    recommender = EmbeddedRecommender(poll_seconds=0)
    recommender.warm_up()
    others_like(images)
    reading.fails = True
    reading.may_go_on.set()
    recommender.consumer.belief(CALM, "")
    wait_until(lambda: not catching_up())
    assert "Catching up with the ledger failed" in caplog.text
    assert state_at_head(recommender) == as_one_process_learns()


def test_a_process_that_starts_answers_from_the_newest_snapshot(reading: Reading) -> None:
    images = plant(3)
    reading.may_go_on.set()
    others_like(images[::-1], 5)
    worker = EmbeddedRecommender(poll_seconds=0)
    worker.consumer.save_state(events=1, seconds=0)
    known = worker.consumer.belief(CALM, "")[0].mean.tolist()
    reading.may_go_on.clear()
    others_like(images)
    started = EmbeddedRecommender(poll_seconds=0)
    started.warm_up()
    assert started.consumer.belief(CALM, "")[0].mean.tolist() == known
    reading.may_go_on.set()
    assert state_at_head(started) == as_one_process_learns()


def test_a_process_that_cannot_start_a_thread_answers_too(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    images = plant(3)
    recommender = EmbeddedRecommender(poll_seconds=0)
    recommender.warm_up()
    others_like(images)

    def start(_: Any) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", start)
        recommender.consumer.belief(CALM, "")
    recommender.consumer.belief(CALM, "")
    reading.may_go_on.set()
    assert state_at_head(recommender) == as_one_process_learns()
