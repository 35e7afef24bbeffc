"""One picture of a batch is cancelled while its worker makes the batch: it is not stored, and the others are."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from garden.models import Image
from garden.storage.comparison import Difference, DifferenceKind, find_differences
from garden.storage.sync import Repairer
from generation.jobs import cancel_job, cancel_slot
from generation.models import Slot
from generation.queue import result_pool
from generation.queue.worker import work
from tests.generation import quick_engine
from tests.generation.jobs import ask_for
from tools.services.ports import PATIENCE, wait_until

pytestmark = pytest.mark.django_db
QUICK = ["quick"]


def outcome() -> list[tuple[str, int]]:
    return list(Slot.objects.order_by("index").values_list("state", "attempt"))


def differences() -> list[tuple[DifferenceKind, str]]:
    return [(each.kind, each.key) for each in differences_found()]


def differences_found() -> Iterator[Difference]:
    return (each for each in find_differences() if each.kind is not DifferenceKind.UNREAD)


@pytest.mark.django_db(transaction=True)
def test_it_makes_the_others_of_the_batch_and_writes_no_file_for_the_cancelled_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(quick_engine, "sleep", lambda seconds: gate.wait(PATIENCE))
    monkeypatch.setattr(quick_engine, "SLOW_STEPS", 1)
    job = ask_for(4)
    first, second = job.slots.order_by("index")[:2]
    job.slots.filter(pk=first.pk).update(prompt="slow")
    working = threading.Thread(target=_work_and_close, daemon=True)
    working.start()
    wait_until(lambda: job.slots.get(pk=first.pk).state == "leased")
    assert cancel_slot(slot=second)
    gate.set()
    working.join(PATIENCE)
    assert outcome() == [("done", 1), ("cancelled", 1), ("done", 1), ("done", 1)]
    assert not default_storage.exists(second.key)
    assert not Image.objects.filter(key=second.key).exists()
    assert differences() == []


def test_a_file_written_while_its_picture_is_cancelled_is_an_orphan_and_no_new_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = ask_for(4)
    second = job.slots.get(index=1)
    _after_writing(monkeypatch, second.key, lambda: cancel_slot(slot=second))
    assert work(engines=QUICK) == 3
    assert outcome() == [("done", 1), ("cancelled", 1), ("done", 1), ("done", 1)]
    assert default_storage.exists(second.key)
    assert differences() == [(DifferenceKind.ORPHAN, second.key)]
    list(Repairer(1).repair(differences_found()))
    assert not default_storage.exists(second.key)
    assert not Image.objects.filter(key=second.key).exists()


def test_a_file_without_a_row_is_no_new_picture_while_its_slot_may_yet_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_for(1)

    def die(**described: Any) -> bool:
        raise RuntimeError("the worker was killed here")

    with monkeypatch.context() as cut:
        cut.setattr(result_pool, "finish", die)
        cut.setattr("django.conf.settings.GENERATION_MAX_ATTEMPTS", 100)
        work(engines=QUICK, seconds=0.05)
    key = Slot.objects.get().key
    assert default_storage.exists(key)
    assert differences() == []
    assert work(engines=QUICK) == 1
    assert Image.objects.get(key=key).origin == "quick"


def test_an_orphan_that_became_a_picture_since_it_was_listed_is_not_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask_for(1)
    slot = job.slots.get()
    _after_writing(monkeypatch, slot.key, lambda: cancel_job(job=job))
    work(engines=QUICK)
    listed = list(differences_found())
    assert [each.kind for each in listed] == [DifferenceKind.ORPHAN]
    monkeypatch.undo()
    Slot.objects.update(state="queued")
    assert work(engines=QUICK) == 1
    list(Repairer(1).repair(listed))
    assert default_storage.exists(slot.key)


def _after_writing(monkeypatch: pytest.MonkeyPatch, key: str, act: Any) -> None:
    """Somebody else acts between the file and its row."""
    save = default_storage.save

    def saving(name: str, *arguments: Any, **options: Any) -> str:
        saved: str = save(name, *arguments, **options)
        if name == key:
            act()
        return saved

    monkeypatch.setattr(default_storage, "save", saving)


def _work_and_close() -> None:
    work(engines=QUICK)
    connection.close()
