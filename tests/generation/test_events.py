"""Pictures of a job as they are made, told in portions."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from generation.models import GenerationJob, Slot
from generation.queue.progress import OVERLAP, BadCursorError, finished_slots, reasons
from generation.queue.worker import work
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> GenerationJob:
    """Six pictures, made a minute apart, the last one ten minutes ago."""
    job = ask_for(6)
    work(engines=["quick"])
    now = timezone.now()
    for slot in job.slots.all():
        job.slots.filter(pk=slot.pk).update(finished_at=now - timedelta(minutes=15 - slot.index))
    return job


def indexes(slots: list[Slot]) -> list[int]:
    return [slot.index for slot in slots]


def test_it_begins_with_the_newest(job: GenerationJob) -> None:
    assert indexes(finished_slots(job, limit=4).slots) == [2, 3, 4, 5]


def test_it_goes_on_where_it_ended(job: GenerationJob) -> None:
    cursor, told = "0-0", []
    for _ in range(4):
        portion = finished_slots(job, cursor, limit=2)
        cursor = portion.cursor
        told += indexes(portion.slots)
    assert told == [0, 1, 2, 3, 4, 5]


def test_what_appears_late_with_an_earlier_time_is_told(job: GenerationJob) -> None:
    now = timezone.now()
    job.slots.filter(index=5).update(finished_at=now)
    job.slots.filter(index=4).update(
        finished_at=now - OVERLAP / 2, state="leased", lease_deadline=now, lease_token=job.pk
    )
    first = finished_slots(job)
    assert 4 not in indexes(first.slots)
    job.slots.filter(index=4).update(state="done")
    assert 4 in indexes(finished_slots(job, first.cursor).slots)


def test_nothing_new_leaves_the_cursor_where_it_is(job: GenerationJob) -> None:
    cursor = finished_slots(job).cursor
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        portion = finished_slots(job, cursor)
    assert (portion.slots, portion.cursor) == ([], cursor)


def test_a_job_without_pictures_tells_all_of_them_later() -> None:
    job = ask_for(3)
    cursor = finished_slots(job).cursor
    work(engines=["quick"])
    assert indexes(finished_slots(job, cursor).slots) == [0, 1, 2]


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1-1", "1" * 99 + "-1"])
def test_it_refuses_a_cursor_that_is_not_ours(job: GenerationJob, cursor: str) -> None:
    with pytest.raises(BadCursorError):
        finished_slots(job, cursor)


def test_it_asks_the_database_once(job: GenerationJob, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        [slot.image and slot.image.emotion_path for slot in finished_slots(job).slots]


def test_it_says_why_pictures_are_missing_in_a_sentence_each(settings: Any) -> None:
    settings.GENERATION_MAX_ATTEMPTS = 1
    job = ask_for(2, prompt="bad")
    job.slots.filter(index=1).update(prompt="crash")
    work(engines=["quick"])
    told = {(reason.detail, reason.pictures, reason.failed) for reason in reasons(job)}
    assert told == {("The picture came out flat.", 1, True), ("RuntimeError: out of paint", 1, True)}


def test_it_says_what_waiting_pictures_wait_for() -> None:
    job = ask_for(1, prompt="away")
    work(engines=["quick"])
    assert [(reason.detail, reason.failed) for reason in reasons(job)] == [("The service does not answer.", False)]
