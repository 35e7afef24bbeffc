"""Who waits for a picture keeps a thread: a few for each person, never all of them, and none that is not given back."""

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


def sit(room: WaitSlots, *people: User) -> ExitStack:
    stack = ExitStack()
    for person in people:
        stack.enter_context(room.slot_for(person))
    return stack


def test_one_more_of_the_same_person_is_refused() -> None:
    room = WaitSlots()
    with sit(room, ANN, ANN), pytest.raises(TooManyWaitsError), room.slot_for(ANN):
        pass


def test_others_still_find_a_seat_until_all_are_taken() -> None:
    room = WaitSlots()
    with sit(room, ANN, ANN, BEN), pytest.raises(WaitLimitError), room.slot_for(CAT):
        pass


def test_a_seat_is_given_back_however_the_wait_ends() -> None:
    room = WaitSlots()
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), room.slot_for(ANN):
            raise ZeroDivisionError
    with sit(room, ANN, ANN, BEN):
        pass


def test_who_is_refused_takes_no_seat() -> None:
    room = WaitSlots()
    with sit(room, ANN, ANN):
        for _ in range(5):
            with pytest.raises(TooManyWaitsError), room.slot_for(ANN):
                pass
        with sit(room, BEN):
            pass


@pytest.mark.django_db
def test_without_a_seat_nobody_waits(ann: User) -> None:
    job: GenerationJob = submit_job(title="pond", pictures=wanted(1), owner=ann)
    with sit(wait_slots, ann, ann):
        assert not wait_if_free(job, by=ann, seconds=3_600)
