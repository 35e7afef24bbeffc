"""Who waits for a picture keeps a thread: a few for each person, never all of them, and each is freed again."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.contrib.auth.models import User

from generation.jobs import submit_job
from generation.models import GenerationJob
from generation.queue.progress import TooManyWaitsError, WaitLimitError, WaitSlots, wait_if_free, wait_slots
from tests.generation.jobs import wanted

ANN, BEN, CAT = (User(pk=number) for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def _few(settings: Any) -> None:
    settings.PICTURE_WAITS_PER_USER, settings.PICTURE_WAITS = 2, 3


def occupy(limit: WaitSlots, *people: User) -> ExitStack:
    stack = ExitStack()
    for person in people:
        stack.enter_context(limit.slot_for(person))
    return stack


def test_one_more_of_the_same_person_is_refused() -> None:
    limit = WaitSlots()
    with occupy(limit, ANN, ANN), pytest.raises(TooManyWaitsError), limit.slot_for(ANN):
        pass


def test_others_find_a_slot_until_all_are_taken() -> None:
    limit = WaitSlots()
    with occupy(limit, ANN, ANN, BEN), pytest.raises(WaitLimitError), limit.slot_for(CAT):
        pass


def test_a_slot_is_freed_however_the_wait_ends() -> None:
    limit = WaitSlots()
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), limit.slot_for(ANN):
            raise ZeroDivisionError
    with occupy(limit, ANN, ANN, BEN):
        pass


def test_who_is_refused_takes_no_slot() -> None:
    limit = WaitSlots()
    with occupy(limit, ANN, ANN):
        for _ in range(5):
            with pytest.raises(TooManyWaitsError), limit.slot_for(ANN):
                pass
        with occupy(limit, BEN):
            pass


@pytest.mark.django_db
def test_without_a_slot_nobody_waits(ann: User) -> None:
    job: GenerationJob = submit_job(title="pond", pictures=wanted(1), owner=ann)
    with occupy(wait_slots, ann, ann):
        assert not wait_if_free(job, by=ann, seconds=3_600)
