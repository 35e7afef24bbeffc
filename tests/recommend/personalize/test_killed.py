"""A worker dies at any line of its delivery; nothing is lost, nothing counts twice."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from recommend.backends.personalize import PersonalizeRecommender
from recommend.models import OutgoingEvent
from tests.recommend.cast import plant, say
from tests.recommend.personalize.conftest import Site
from tests.recommend.personalize.server import FakePersonalize
from tests.recommend.personalize.test_delivery import all_due

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Nothing catches it: what it interrupts ends where it is."""


@contextmanager
def killed_at(line: int) -> Iterator[None]:
    """Whoever runs the n-th line of the delivery or of the outbox dies there."""
    left = [line]

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if not frame.f_code.co_filename.endswith(("personalize/delivery.py", "models/outbox.py")):
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                raise Killed
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def _dies(recommender: PersonalizeRecommender, line: int) -> bool:
    try:
        with killed_at(line):
            recommender.deliver()
    except Killed:
        return True
    return False


def test_a_worker_killed_at_any_line_loses_and_doubles_nothing(site: Site, personalize: FakePersonalize) -> None:
    images = plant(2)
    recommender = site(attempts=1)
    line, likes = 0, 0
    while True:
        line += 1
        for _ in range(3):
            likes += 1
            say(f"visitor-{likes % 2}", images[likes % 2], event_id=f"event-{likes}")
        died = _dies(recommender, line)
        all_due()
        recommender.deliver()
        assert not OutgoingEvent.objects.exists()
        assert len(personalize.events) == likes
        if not died:
            break
    assert line > 30
