"""What an interaction says of each look, written down for learning."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from garden.models import Image, Visitor
from recommend.models import Interaction
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.history import append_interactions
from tests.factories import KioskFactory, VisitorFactory
from tests.recommend.cast import counts_of, plant, say

pytestmark = pytest.mark.django_db


def told(said: Interaction | None) -> list[tuple[int, list[int], list[int], list[int]]]:
    assert said is not None
    return [(look["look"], look["images"], look["positions"], look["liked"]) for look in said.looks]


def ids(*images: Image) -> list[int]:
    return [image.pk for image in images]


def test_a_look_holds_what_was_seen_where_and_what_was_liked() -> None:
    a, b, c = plant(3)
    assert told(say("ann", b, c, b, a)) == [(1, ids(c, b, a), [0, 1, 2], ids(b))]


def test_a_second_like_of_the_same_look_is_told_in_place_of_the_first() -> None:
    a, b, c = plant(3)
    say("ann", b, a, b, c)
    assert told(say("ann", a, a, b, c)) == [(1, ids(a, b, c), [0, 1, 2], ids(a, b))]


def test_seen_and_nothing_liked_is_a_look_without_likes_and_takes_none_back() -> None:
    a, b = plant(2)
    assert told(say("ann", None, a, b)) == [(1, ids(a, b), [0, 1], [])]
    say("bob", a, a, b)
    assert told(say("bob", None, a, b)) == [(2, ids(a, b), [0, 1], ids(a))]


def test_a_like_taken_back_in_its_look_is_no_like_any_more() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    assert told(say("ann", a, a, b, liked=False)) == [(1, ids(a, b), [0, 1], [])]


def test_a_like_taken_back_elsewhere_is_taken_out_of_its_own_look() -> None:
    a, b, c = plant(3)
    say("ann", b, a, b)
    say("ann", a, a, b)
    looks = told(say("ann", a, a, c, liked=False))
    assert looks == [(3, ids(c), [1], []), (1, ids(a, b), [0, 1], ids(b))]


def test_a_like_taken_back_without_an_impression_says_nothing_else() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    assert told(say("ann", a, liked=False)) == [(1, ids(a, b), [0, 1], [])]


def test_an_item_outside_its_impression_stood_nowhere() -> None:
    a, b = plant(2)
    assert told(say("ann", b, a)) == [(1, ids(a, b), [0, -1], ids(b))]


def test_the_same_three_seen_again_later_are_another_look() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert told(say("ann", b, a, b)) == [(2, ids(a, b), [0, 1], ids(b))]


def test_pictures_that_nobody_knows_are_no_part_of_a_look() -> None:
    from recommend.services.likes import Like, record_like

    (a,) = plant(1)
    assert told(record_like(like=Like(visitor_id="ann", item=None, impression=["lost", a.key]))) == [
        (1, ids(a), [1], [])
    ]
    assert told(record_like(like=Like(visitor_id="bob", item=None, impression=["lost"]))) == []


def test_the_context_is_that_of_the_garden_it_answers_to() -> None:
    (cat,) = plant(1, "calm/cat")
    kiosk = KioskFactory(place="lobby")
    request = GardenRequest(visitor_id="ann", emotion="calm/cat", generation="elder", gender="Female")
    garden = recommend_garden(request=request, kiosk=kiosk)
    said = say("ann", cat, recommendation_id=str(garden.recommendation_id))
    assert said is not None
    assert (said.emotion, said.favorite, said.zone, said.group) == ("calm", "cat", "lobby", "elder/Female")


def test_without_a_garden_the_context_is_that_of_the_picture_and_the_visitor(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    (cat,) = plant(1, "calm/cat")
    VisitorFactory(id="ann", generation="adult", gender="Male", emotion="happy")
    with time_machine.travel("2026-03-01T03:30:00Z"):
        said = say("ann", cat)
    assert said is not None
    assert (said.emotion, said.favorite, said.zone, said.group, said.hour) == ("calm", "", "", "adult/Male", 12)


def test_a_pseudonym_is_of_one_visitor_and_stays_theirs() -> None:
    a, b = plant(2)
    for visitor in ("ann", "bob", "ann"):
        say(visitor, a, a, b)
        say(visitor, b, a, b)
    names = dict(Interaction.objects.values_list("visitor", "pseudonym"))
    assert len(set(names.values())) == 2
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        again = say("ann", a, a, b)
    assert again is not None
    assert again.pseudonym == names["ann"]


def test_history_joins_the_ledger_at_its_end() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    long_ago = timezone.now() - timedelta(days=900)
    Visitor.objects.create(id="old")
    about: dict[str, Any] = {"impression": [b.key, a.key], "group": "adult/Male", "created_at": long_ago}
    append_interactions(
        interactions=[
            Interaction(visitor_id="old", kind="like", image=a, item_key=a.key, exposed=ids(a, b), **about),
            Interaction(visitor_id="ann", kind="seen", exposed=ids(a, b), **about),
            Interaction(kind="like", image=b, item_key=b.key, exposed=[], **about),
        ]
    )
    first, old, anns, nobodys = Interaction.objects.order_by("sequence")
    assert [row.sequence for row in (first, old, anns, nobodys)] == [1, 2, 3, 4]
    assert told(old) == [(2, ids(a, b), [1, 0], ids(a))]
    assert told(nobodys) == [(4, ids(b), [0], ids(b))]
    assert anns.pseudonym == first.pseudonym != old.pseudonym != nobodys.pseudonym
    assert counts_of(a, "adult/Male") == (2, 1)
