"""What a like, a dislike and an impression without either change in counts, and what is stored for learning."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from garden.models import Image, Visitor
from recommend.backends.base import Kind
from recommend.models import Interaction
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.history import append_interactions
from recommend.services.likes import Like, UnknownImageError, record_like
from tests.recommend.cast import GROUP, counts, counts_of, interact, plant
from tests.support.factories import ImageFactory, KioskFactory, VisitorFactory

pytestmark = pytest.mark.django_db


def test_a_dislike_counts_as_shown_and_not_liked() -> None:
    a, b = plant(2)
    interact("ann", a, a, b, liked=False)
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))


def test_a_like_is_taken_back_once_and_a_second_dislike_is_a_dislike() -> None:
    a, b, c = plant(3)
    interact("ann", a, a, b)
    interact("ann", a, a, b, liked=False)
    second = interact("ann", a, a, c, liked=False)
    assert second is not None
    assert second.takes_back is None
    assert counts_of(a) == (2, 0)


def test_a_dislike_takes_nobody_elses_like_back() -> None:
    (a,) = plant(1)
    interact("ann", a, a)
    interact("bob", a, a, liked=False)
    assert counts_of(a) == (2, 1)


def test_a_like_taken_back_and_repeated_within_the_retry_window_is_a_like() -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
    interact("ann", a, a, b, liked=False)
    interact("ann", a, a, b)
    assert (counts_of(a), counts_of(b)) == ((1, 1), (1, 0))


def test_the_same_like_after_the_retry_window_is_a_second_like_of_a_second_impression() -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        interact("ann", a, a, b)
    assert (counts_of(a), counts_of(b)) == ((2, 2), (2, 0))


def test_a_picture_named_twice_in_an_impression_was_seen_once() -> None:
    a, b = plant(2)
    interact("ann", a, a, b, b)
    assert counts_of(b) == (1, 0)


def test_likes_are_counted_in_the_visitors_group_of_that_moment() -> None:
    (a,) = plant(1)
    VisitorFactory(id="ann", generation="adult", gender="Female")
    interact("ann", a)
    Visitor.objects.update(generation="elder")
    interact("ann", a, liked=False)
    assert (counts_of(a, "adult/Female"), counts_of(a, "elder/Female")) == ((1, 0), (0, 0))
    interact("ann", a)
    assert (counts_of(a, "adult/Female"), counts_of(a, "elder/Female")) == ((1, 0), (1, 1))


def test_a_withdrawn_picture_may_still_be_liked_and_one_never_published_may_not() -> None:
    (a,) = plant(1)
    type(a).objects.withdraw()
    assert interact("ann", a) is not None
    draft = ImageFactory(key="imgPool/calm/img_1_0h.jpeg", published_at=None)
    with pytest.raises(UnknownImageError):
        interact("ann", draft)


def test_the_writes_of_a_recommender_that_failed_are_rolled_back_alone(settings: Any) -> None:
    (a,) = plant(1)
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.HalfWayRecommender"}
    assert interact("ann", a) is not None
    assert counts_of(a) == (1, 1)
    assert list(Visitor.objects.values_list("id", flat=True)) == ["ann"]


def test_a_like_notes_that_a_known_visitor_was_here() -> None:
    long_ago = timezone.now() - timedelta(days=30)
    VisitorFactory(id="bob", last_seen_at=long_ago)
    interact("bob", *plant(1))
    assert Visitor.objects.get(id="bob").last_seen_at > long_ago


def impressions_of(interaction: Interaction | None) -> list[tuple[int, list[int], list[int], list[int]]]:
    assert interaction is not None
    return [
        (impression["id"], impression["images"], impression["positions"], impression["liked"])
        for impression in interaction.impressions
    ]


def ids(*images: Image) -> list[int]:
    return [image.pk for image in images]


def test_seen_and_nothing_liked_is_an_impression_without_likes_and_takes_none_back() -> None:
    a, b = plant(2)
    seen = interact("ann", None, a, b)
    assert seen is not None
    assert (seen.kind, seen.image, seen.item_key) == (Kind.SEEN, None, "")
    assert impressions_of(seen) == [(1, ids(a, b), [0, 1], [])]
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))
    interact("bob", a, a, b)
    assert impressions_of(interact("bob", None, a, b)) == [(2, ids(a, b), [0, 1], ids(a))]


def test_a_like_taken_back_elsewhere_is_taken_out_of_its_own_impression() -> None:
    a, b, c = plant(3)
    interact("ann", b, a, b)
    interact("ann", a, a, b)
    impressions = impressions_of(interact("ann", a, a, c, liked=False))
    assert impressions == [(3, ids(c), [1], []), (1, ids(a, b), [0, 1], ids(b))]


def test_an_item_outside_its_impression_stood_nowhere() -> None:
    a, b = plant(2)
    assert impressions_of(interact("ann", b, a)) == [(1, ids(a, b), [0, -1], ids(b))]
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 1))


def test_the_same_three_seen_again_later_are_another_impression() -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert impressions_of(interact("ann", b, a, b)) == [(2, ids(a, b), [0, 1], ids(b))]
    assert (counts_of(a), counts_of(b)) == ((2, 1), (2, 1))


def test_unknown_pictures_are_no_part_of_an_impression() -> None:
    (a,) = plant(1)
    assert impressions_of(record_like(like=Like(visitor_id="ann", item=None, impression=["lost", a.key]))) == [
        (1, ids(a), [1], [])
    ]
    seen = record_like(like=Like(visitor_id="bob", item=None, impression=["lost"]))
    assert impressions_of(seen) == []
    assert seen is not None
    assert (seen.impression, seen.exposed) == (["lost"], [])
    assert counts_of(a) == (1, 0)


def test_the_context_is_that_of_the_garden_it_answers_to() -> None:
    (cat,) = plant(1, "calm/cat")
    kiosk = KioskFactory(place="lobby")
    request = GardenRequest(visitor_id="ann", emotion="calm/cat", generation="elder", gender="Female")
    garden = recommend_garden(request=request, kiosk=kiosk)
    interaction = interact("ann", cat, recommendation_id=str(garden.recommendation_id))
    assert interaction is not None
    assert (interaction.emotion, interaction.favorite, interaction.zone, interaction.group) == (
        "calm",
        "cat",
        "lobby",
        "elder/Female",
    )


def test_without_a_garden_the_context_is_that_of_the_picture_and_the_visitor(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    (cat,) = plant(1, "calm/cat")
    VisitorFactory(id="ann", generation="adult", gender="Male", emotion="happy")
    with time_machine.travel("2026-03-01T03:30:00Z"):
        interaction = interact("ann", cat)
    assert interaction is not None
    assert (interaction.emotion, interaction.favorite, interaction.zone, interaction.group, interaction.hour) == (
        "calm",
        "",
        "",
        "adult/Male",
        12,
    )


def test_a_pseudonym_is_of_one_visitor_and_stays_theirs() -> None:
    a, b = plant(2)
    for visitor in ("ann", "bob", "ann"):
        interact(visitor, a, a, b)
        interact(visitor, b, a, b)
    names = dict(Interaction.objects.values_list("visitor", "pseudonym"))
    assert len(set(names.values())) == 2
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        again = interact("ann", a, a, b)
    assert again is not None
    assert again.pseudonym == names["ann"]


def test_history_joins_the_ledger_at_its_end() -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
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
    assert impressions_of(old) == [(2, ids(a, b), [1, 0], ids(a))]
    assert impressions_of(nobodys) == [(4, ids(b), [0], ids(b))]
    assert anns.pseudonym == first.pseudonym != old.pseudonym != nobodys.pseudonym
    assert counts_of(a, "adult/Male") == (2, 1)


def test_an_impression_holds_what_was_seen_where_and_what_was_liked() -> None:
    a, b, c = plant(3)
    assert impressions_of(interact("ann", b, c, b, a)) == [(1, ids(c, b, a), [0, 1, 2], ids(b))]
    assert counts() == {(a.key, GROUP): (1, 0), (b.key, GROUP): (1, 1), (c.key, GROUP): (1, 0)}


def test_a_second_like_of_the_same_impression_replaces_the_first() -> None:
    a, b, c = plant(3)
    interact("ann", b, a, b, c)
    assert impressions_of(interact("ann", a, a, b, c)) == [(1, ids(a, b, c), [0, 1, 2], ids(a, b))]
    assert [counts_of(image) for image in (a, b, c)] == [(1, 1), (1, 1), (1, 0)]


@pytest.mark.parametrize("impression", [True, False])
def test_a_like_taken_back_with_or_without_its_impression_was_only_seen(impression: bool) -> None:
    a, b = plant(2)
    like = interact("ann", a, a, b)
    undo = interact("ann", a, *([a, b] if impression else []), liked=False)
    assert undo is not None
    assert undo.takes_back == like
    assert impressions_of(undo) == [(1, ids(a, b), [0, 1], [])]
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))
