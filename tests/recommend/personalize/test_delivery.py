"""Every like reaches Personalize once, whatever fails in between, and at whichever line a worker dies."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from garden.models import Image, Visitor
from recommend.backends.personalize import PersonalizeRecommender
from recommend.models import Interaction, OutgoingEvent
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.tasks import deliver_events
from tests.recommend.cast import interact, plant
from tests.recommend.personalize.conftest import Site
from tests.recommend.personalize.server import Answer, Call, FakePersonalize, failing, slow

pytestmark = pytest.mark.django_db


def all_due() -> None:
    """Pauses and leases are over."""
    OutgoingEvent.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def like(count: int, images: list[Image], visitors: int = 3) -> None:
    for number in range(count):
        interact(f"visitor-{number % visitors}", images[number % len(images)], *images, event_id=f"event-{number}")


def test_a_like_is_sent_as_personalize_wants_it(site: Site, personalize: FakePersonalize) -> None:
    a, b, c = plant(3)
    recommender = site(context_fields=["GENERATION"])
    Visitor.objects.create(id="ann", generation="adult")
    garden = recommend_garden(request=GardenRequest(visitor_id="ann", emotion="calm"))
    interact("ann", b, a, b, c, recommendation_id=str(garden.recommendation_id))
    interaction = Interaction.objects.get()
    deliver_events()
    (call,) = personalize.called("PutEvents")
    (event,) = call["eventList"]
    assert (call["trackingId"], call["userId"], call["sessionId"]) == (recommender.tracking_id, "ann", "ann")
    assert (event["eventType"], event["itemId"]) == ("click", b.key)
    assert event["impression"] == [a.key, b.key, c.key]
    assert event["recommendationId"] == garden.ranking.reference
    assert event["properties"] == '{"GENERATION": "adult"}'
    assert event["sentAt"] == pytest.approx(interaction.created_at.timestamp(), abs=1)
    assert not OutgoingEvent.objects.exists()


def test_a_dislike_is_sent_and_seen_without_a_like_only_if_the_site_names_it(
    site: Site, personalize: FakePersonalize
) -> None:
    a, b = plant(2)
    site()
    interact("ann", a, a, b, liked=False)
    interact("bob", None, a, b)
    site().deliver()
    assert [event["eventType"] for event in personalize.events.values()] == ["dislike"]
    recommender = site(seen_event="seen")
    interact("cho", None, a, b)
    recommender.deliver()
    seen = list(personalize.events.values())[-1]
    assert (seen["eventType"], seen.get("itemId"), seen["impression"]) == ("seen", None, [a.key, b.key])


def test_events_are_sent_ten_at_a_time_and_by_visitor(site: Site, personalize: FakePersonalize) -> None:
    recommender = site()
    like(46, plant(2), visitors=2)
    assert recommender.deliver().sent == 46
    assert sorted(len(call["eventList"]) for call in personalize.called("PutEvents")) == [3, 3, 10, 10, 10, 10]


def test_keys_too_long_for_personalize_are_left_out_of_impressions(site: Site, personalize: FakePersonalize) -> None:
    short, long = plant(24), plant(1, "calm/" + "x" * 240)
    recommender = site()
    interact("ann", short[3], *long, *short[:24])
    recommender.deliver()
    (event,) = personalize.events.values()
    assert event["impression"] == [image.key for image in short[:24]]


@pytest.mark.parametrize(
    "trouble",
    [failing(429, "ThrottlingException"), failing(404, "ResourceNotFoundException")],
)
def test_what_cannot_be_sent_now_waits_and_is_sent_later(
    site: Site, personalize: FakePersonalize, trouble: Any
) -> None:
    recommender = site(attempts=2)
    like(30, plant(2))
    personalize.trouble = trouble
    assert recommender.deliver().sent == 0
    assert len(personalize.calls) <= 2
    assert OutgoingEvent.objects.waiting().count() == 30
    assert OutgoingEvent.objects.exclude(last_error="").count() == 10
    personalize.trouble = lambda call: None
    all_due()
    assert recommender.deliver().sent == 30
    assert len(personalize.events) == 30


def test_the_pause_between_tries_grows(site: Site, personalize: FakePersonalize) -> None:
    recommender = site(attempts=1)
    like(1, plant(1))
    personalize.trouble = failing(500, "InternalFailure")
    pauses = []
    for _ in range(10):
        all_due()
        recommender.deliver()
        pauses.append((OutgoingEvent.objects.get().due_at - timezone.now()).total_seconds())
    assert pauses[0] <= 1
    assert 100 < pauses[-1] <= 300
    assert OutgoingEvent.objects.get().attempts == 10


def test_an_answer_that_comes_too_late_counts_the_events_once(site: Site, personalize: FakePersonalize) -> None:
    recommender = site(read_timeout=0.3, attempts=1)
    like(5, plant(2), visitors=1)

    def takes_it_and_hangs(call: Call) -> Answer:
        personalize._PutEvents(call.body)
        return slow(60)(call) or Answer()

    personalize.trouble = takes_it_and_hangs
    assert recommender.deliver().sent == 0
    personalize.trouble = lambda call: None
    all_due()
    assert recommender.deliver().sent == 5
    assert len(personalize.events) == 5


def test_one_poisoned_event_holds_up_no_other(site: Site, personalize: FakePersonalize) -> None:
    images = plant(3)
    recommender = site()
    like(9, images, visitors=1)

    def refuses(call: Call) -> Answer | None:
        bad = any(event["itemId"] == images[1].key for event in call.body["eventList"])
        return Answer({"message": "that item is poison"}, 400, "InvalidInputException") if bad else None

    personalize.trouble = refuses
    done = recommender.deliver()
    assert (done.sent, done.refused, done.waiting) == (6, 3, 0)
    refused = OutgoingEvent.objects.refused()
    assert {event.payload["itemId"] for event in refused} == {images[1].key}
    assert all("that item is poison" in event.refused_because for event in refused)
    all_due()
    assert recommender.deliver() == type(done)()


def test_a_liked_key_too_long_for_personalize_is_refused_at_once(site: Site, personalize: FakePersonalize) -> None:
    (image,) = plant(1, "calm/" + "x" * 255)
    recommender = site()
    interact("ann", image, image)
    assert "more than 256" in OutgoingEvent.objects.refused().get().refused_because
    assert recommender.deliver().sent == 0
    assert personalize.calls == []


def test_two_workers_never_hold_the_same_event(site: Site) -> None:
    site()
    like(30, plant(2))
    claimed = [OutgoingEvent.objects.all().claim(6, 60) for _ in range(7)]
    assert [len(events) for events in claimed] == [6, 6, 6, 4, 4, 4, 0]
    assert all(len({event.visitor_id for event in events}) == 1 for events in claimed if events)
    assert len({event.pk for events in claimed for event in events}) == 30
    all_due()
    assert len(OutgoingEvent.objects.all().claim(40, 60)) == 10


def test_the_waiting_events_of_a_deleted_visitor_are_deleted(site: Site) -> None:
    site()
    like(4, plant(2), visitors=2)
    Visitor.objects.get(pk="visitor-0").delete()
    assert {event.visitor_id for event in OutgoingEvent.objects.all()} == {"visitor-1"}


def test_a_like_that_is_rolled_back_is_not_sent(site: Site, personalize: FakePersonalize) -> None:
    recommender = site()
    (image,) = plant(1)
    with transaction.atomic():
        interact("ann", image, image)
        transaction.set_rollback(True)
    assert recommender.deliver().sent == 0
    assert personalize.calls == []


def test_a_like_wakes_a_worker_once_it_is_committed(
    site: Site, personalize: FakePersonalize, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_events, "apply_async", lambda *args, **options: deliver_events())  # A worker at once.
    site()
    (image,) = plant(1)
    with django_capture_on_commit_callbacks(execute=True):
        interact("ann", image, image)
        assert personalize.calls == []
    assert [event["itemId"] for event in personalize.events.values()] == [image.key]


def test_a_broker_that_is_down_loses_no_like(
    site: Site, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: Any, **options: Any) -> None:
        raise OperationalError("nobody listens")

    monkeypatch.setattr(deliver_events, "apply_async", away)
    site()
    (image,) = plant(1)
    with django_capture_on_commit_callbacks(execute=True):
        interact("ann", image, image)
    assert OutgoingEvent.objects.waiting().count() == 1


class Killed(BaseException):
    """Nothing catches it: what it interrupts ends where it is."""


Visit = tuple[str, int, int]


@contextmanager
def killed_at_a_new_line(known: set[Visit]) -> Iterator[None]:
    """A process ends at each line of the delivery and of the outbox, the first and the second time it runs it."""
    visits = Counter[tuple[str, int]]()

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if not frame.f_code.co_filename.endswith(("personalize/delivery.py", "models/outbox.py")):
            return None
        if event == "line":
            line = frame.f_code.co_filename, frame.f_lineno
            visits[line] += 1
            visit = (*line, visits[line])
            if visits[line] <= 2 and visit not in known:
                known.add(visit)
                raise Killed
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def dies(recommender: PersonalizeRecommender, known: set[Visit]) -> bool:
    try:
        with killed_at_a_new_line(known):
            recommender.deliver()
    except Killed:
        return True
    return False


def test_a_worker_killed_at_any_line_loses_and_doubles_nothing(site: Site, personalize: FakePersonalize) -> None:
    images = plant(2)
    recommender = site(attempts=1)
    known, likes, died = set[Visit](), 0, True
    while died:
        for _ in range(3):
            likes += 1
            interact(f"visitor-{likes % 2}", images[likes % 2], event_id=f"event-{likes}")
        died = dies(recommender, known)
        all_due()
        recommender.deliver()
        assert not OutgoingEvent.objects.exists()
        assert len(personalize.events) == likes
    assert len(known) > 30
