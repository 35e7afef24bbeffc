"""The pool that stores results while the next batch is made: overlap, leases, cancellation, shutdown, statements."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from garden.models import Image
from generation.engines.base import OnStep, Picture, PictureRequest, ignore_steps
from generation.jobs import cancel_slot
from generation.models import Slot
from generation.provenance import encode_jpeg
from generation.queue.heartbeat import stopping
from generation.queue.leases import claim, requeue_expired
from generation.queue.worker import work
from tests.generation.jobs import ask_for
from tests.generation.quick_engine import QuickEngine
from tools.services.ports import PATIENCE, wait_until

QUICK = ["quick"]
BATCH = 4


class BatchEngine(QuickEngine):
    """Makes the pictures of a batch at once, as diffusion does; `before` is called with the batch's number."""

    before: ClassVar[Callable[[int], object]]
    made: ClassVar[int]

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        type(self).made += 1
        type(self).before(self.made)
        on_step(0.5)
        yield from list(super().make(requests))


@pytest.fixture(autouse=True)
def _batch_engine(settings: Any) -> None:
    BatchEngine.before = lambda number: None
    BatchEngine.made = 0
    settings.GENERATION_ENGINES = {"quick": {"BACKEND": f"{__name__}.BatchEngine", "OPTIONS": {}}}
    settings.GENERATION_STORING_THREADS = 2


@pytest.fixture
def storing(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No file is written before the event is set."""
    allowed, save = threading.Event(), default_storage.save

    def waiting(*arguments: Any, **options: Any) -> str:
        assert allowed.wait(PATIENCE)
        return str(save(*arguments, **options))

    monkeypatch.setattr(default_storage, "save", waiting)
    yield allowed
    allowed.set()


def states() -> list[str]:
    return list(Slot.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db
def test_it_asks_the_database_at_most_twelve_times_a_lease_and_twice_a_picture() -> None:
    ask_for(1, name="first")
    work(engines=QUICK, worker="w")
    counts = []
    for leases in (1, 2):
        ask_for(leases * BATCH, name=f"of{leases}")
        with CaptureQueriesContext(connection) as queries:
            assert work(engines=QUICK, worker="w") == leases * BATCH
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 12 + 2 * BATCH


@pytest.mark.django_db(transaction=True)
def test_it_makes_the_next_batch_before_the_last_one_is_stored(storing: threading.Event) -> None:
    BatchEngine.before = lambda number: storing.set() if number == 2 else None
    ask_for(2 * BATCH)
    assert work(engines=QUICK) == 2 * BATCH
    assert states() == ["done"] * 2 * BATCH
    assert all(default_storage.exists(key) for key in Image.objects.values_list("key", flat=True))


@pytest.mark.django_db(transaction=True)
def test_it_keeps_no_more_than_three_batches_at_once(storing: threading.Event) -> None:
    held: list[int] = []

    def look(number: int) -> None:
        held.append(Slot.objects.leased().count())
        if number == 3:
            storing.set()

    BatchEngine.before = look
    ask_for(8 * BATCH)
    assert work(engines=QUICK) == 8 * BATCH
    assert max(held) == 3 * BATCH


@pytest.mark.django_db(transaction=True)
def test_it_renews_the_lease_of_pictures_that_wait_to_be_stored(storing: threading.Event, settings: Any) -> None:
    settings.GENERATION_HEARTBEAT_SECONDS = 0.05
    ask_for(1)
    working = _in_a_thread()
    wait_until(lambda: BatchEngine.made == 1)
    long_ago = timezone.now() - timedelta(hours=1)
    Slot.objects.update(lease_deadline=long_ago)
    wait_until(lambda: Slot.objects.filter(lease_deadline__gt=timezone.now()).exists())
    storing.set()
    working.join(PATIENCE)
    assert states() == ["done"]


@pytest.mark.django_db(transaction=True)
def test_it_stores_what_is_finished_and_gives_the_rest_back_when_it_is_asked_to_end(storing: threading.Event) -> None:
    def end(number: int) -> None:
        if number == 2:
            stopping.set()
            storing.set()

    BatchEngine.before = end
    ask_for(3 * BATCH)
    try:
        assert work(engines=QUICK) == BATCH
    finally:
        stopping.clear()
    assert states() == ["done"] * BATCH + ["queued"] * 2 * BATCH
    assert not Slot.objects.filter(state="queued", attempt__gt=0).exists()


@pytest.mark.django_db(transaction=True)
def test_it_drops_a_picture_that_is_cancelled_while_it_waits(storing: threading.Event) -> None:
    job = ask_for(2 * BATCH)
    waiting = job.slots.get(index=BATCH)

    def cancel(number: int) -> None:
        if number == 3:  # The second batch waits behind the first one.
            cancel_slot(slot=waiting)
            storing.set()

    BatchEngine.before = cancel
    ask_for(1, name="third")
    work(engines=QUICK)
    assert states() == [*["done"] * BATCH, "cancelled", *["done"] * (BATCH - 1), "done"]
    assert not default_storage.exists(waiting.key)
    assert not Image.objects.filter(key=waiting.key).exists()


@pytest.mark.django_db(transaction=True)
def test_it_tries_again_what_could_not_be_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = iter([True])

    def encode(picture: Picture) -> bytes:
        if picture.request.seed == 1 and next(failing, False):
            raise RuntimeError("no ink")
        return encode_jpeg(picture)

    monkeypatch.setattr("generation.queue.handlers.encode_jpeg", encode)
    ask_for(BATCH)
    assert work(engines=QUICK) == BATCH
    assert list(Slot.objects.order_by("pk").values_list("state", "attempt")) == [
        ("done", 1),
        ("done", 2),
        ("done", 1),
        ("done", 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_it_makes_a_picture_that_is_made_alone_without_another_one_in_the_pool(storing: threading.Event) -> None:
    open_slots: list[int] = []

    def look(number: int) -> None:
        open_slots.append(Slot.objects.leased().count())

    BatchEngine.before = look
    storing.set()
    job = ask_for(4)
    job.slots.update(alone=True)
    assert work(engines=QUICK) == 4
    assert open_slots == [1] * 4


@pytest.mark.django_db
def test_slots_of_two_leases_of_a_dead_worker_use_up_no_attempt_and_are_made_alone() -> None:
    ask_for(2)
    for _ in range(2):
        claim(worker="dead", engines=QUICK)
    Slot.objects.update(lease_deadline=timezone.now() - timedelta(seconds=1))
    requeue_expired()
    assert list(Slot.objects.values_list("state", "attempt", "alone")) == [("queued", 0, True)] * 2


def _in_a_thread() -> threading.Thread:
    def run() -> None:
        work(engines=QUICK)
        connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
