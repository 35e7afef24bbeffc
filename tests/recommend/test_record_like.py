"""What a like, a dislike and a look without either leave behind."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from garden.models import Visitor
from recommend.backends.base import Kind
from recommend.models import Interaction, Slate
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.likes import Like, UnknownImageError, record_like
from tests.factories import ImageFactory, VisitorFactory
from tests.recommend.cast import GROUP, counts, counts_of, plant, say

pytestmark = pytest.mark.django_db


def test_a_like_counts_a_look_at_everything_shown_and_one_like() -> None:
    a, b, c = plant(3)
    say("ann", b, a, b, c)
    assert counts() == {(a.key, GROUP): (1, 0), (b.key, GROUP): (1, 1), (c.key, GROUP): (1, 0)}


def test_a_like_without_an_impression_is_about_the_item_alone() -> None:
    (a,) = plant(1)
    like = say("ann", a)
    assert like is not None
    assert like.impression == [a.key]
    assert counts() == {(a.key, GROUP): (1, 1)}


def test_an_item_outside_its_impression_was_seen_too() -> None:
    a, b = plant(2)
    say("ann", a, b)
    assert (counts_of(a), counts_of(b)) == ((1, 1), (1, 0))


def test_a_dislike_counts_as_shown_and_not_liked() -> None:
    a, b = plant(2)
    say("ann", a, a, b, liked=False)
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))


def test_seen_without_a_like_counts_as_shown() -> None:
    a, b = plant(2)
    seen = say("ann", None, a, b)
    assert seen is not None
    assert (seen.kind, seen.image, seen.item_key) == (Kind.SEEN, None, "")
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))


def test_a_like_taken_back_was_only_seen() -> None:
    a, b = plant(2)
    like = say("ann", a, a, b)
    undo = say("ann", a, a, b, liked=False)
    assert undo is not None
    assert undo.takes_back == like
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))


def test_a_like_is_taken_back_without_its_impression_too() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    say("ann", a, liked=False)
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))


def test_a_like_is_taken_back_once_and_a_second_dislike_is_a_dislike() -> None:
    a, b, c = plant(3)
    say("ann", a, a, b)
    say("ann", a, a, b, liked=False)
    second = say("ann", a, a, c, liked=False)
    assert second is not None
    assert second.takes_back is None
    assert counts_of(a) == (2, 0)


def test_a_dislike_takes_nobody_elses_like_back() -> None:
    (a,) = plant(1)
    say("ann", a, a)
    say("bob", a, a, liked=False)
    assert counts_of(a) == (2, 1)


def test_changing_ones_mind_twice_within_the_retry_window_ends_in_a_like() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    say("ann", a, a, b, liked=False)
    say("ann", a, a, b)
    assert (counts_of(a), counts_of(b)) == ((1, 1), (1, 0))


def test_liking_two_of_the_three_shown_is_one_look() -> None:
    a, b, c = plant(3)
    say("ann", a, a, b, c)
    say("ann", b, a, b, c)
    assert [counts_of(image) for image in (a, b, c)] == [(1, 1), (1, 1), (1, 0)]


def test_the_same_three_shown_again_later_are_a_second_look() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        say("ann", b, a, b)
    assert (counts_of(a), counts_of(b)) == ((2, 1), (2, 1))


def test_the_same_like_after_the_retry_window_is_a_second_like_of_a_second_look() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        say("ann", a, a, b)
    assert (counts_of(a), counts_of(b)) == ((2, 2), (2, 0))


def test_a_picture_named_twice_in_an_impression_was_seen_once() -> None:
    a, b = plant(2)
    say("ann", a, a, b, b)
    assert counts_of(b) == (1, 0)


def test_unknown_keys_of_an_impression_are_kept_as_sent_and_not_counted() -> None:
    (a,) = plant(1)
    sent = ["https://old.example/pictures/1.jpeg", a.key, "emotions/calm/lost_1h.jpeg"]
    like = record_like(like=Like(visitor_id="ann", item=a.key, impression=sent))
    assert like is not None
    assert like.impression == sent
    assert like.exposed == [a.pk]
    ImageFactory(key="emotions/calm/lost_1h.jpeg")
    assert counts() == {(a.key, GROUP): (1, 1)}


def test_likes_are_counted_in_the_visitors_group_of_that_moment() -> None:
    (a,) = plant(1)
    VisitorFactory(id="ann", generation="adult", gender="Female")
    say("ann", a)
    Visitor.objects.update(generation="elder")
    say("ann", a, liked=False)
    assert (counts_of(a, "adult/Female"), counts_of(a, "elder/Female")) == ((1, 0), (0, 0))
    say("ann", a)
    assert (counts_of(a, "adult/Female"), counts_of(a, "elder/Female")) == ((1, 0), (1, 1))


def test_a_withdrawn_picture_may_still_be_liked_and_one_never_published_may_not() -> None:
    (a,) = plant(1)
    type(a).objects.withdraw()
    assert say("ann", a) is not None
    draft = ImageFactory(key="imgPool/calm/img_1_0h.jpeg", published_at=None)
    with pytest.raises(UnknownImageError):
        say("ann", draft)


def test_a_like_remembers_the_slate_it_answers_to() -> None:
    (a,) = plant(1)
    garden = recommend_garden(request=GardenRequest(visitor_id="ann", emotion="calm"))
    like = say("ann", a, recommendation_id=str(garden.recommendation_id))
    assert like is not None
    assert like.slate == Slate.objects.get()


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "RID-of-another-system", ""])
def test_an_unknown_recommendation_id_costs_no_like(unknown: str) -> None:
    (a,) = plant(1)
    like = say("ann", a, recommendation_id=unknown)
    assert like is not None
    assert like.slate is None


def test_it_makes_a_bare_visitor_and_notes_that_a_known_one_was_here() -> None:
    (a,) = plant(1)
    long_ago = timezone.now() - timedelta(days=30)
    VisitorFactory(id="bob", last_seen_at=long_ago)
    say("ann", a)
    say("bob", a)
    ann, bob = Visitor.objects.get(id="ann"), Visitor.objects.get(id="bob")
    assert (ann.generation, ann.gender, ann.emotion) == ("", "", "")
    assert bob.last_seen_at > long_ago


def test_a_forgotten_visitors_likes_stay_counted_and_are_nobodys() -> None:
    (a,) = plant(1)
    say("ann", a)
    Visitor.objects.get(id="ann").delete()
    assert Interaction.objects.said().get().visitor is None
    assert counts_of(a) == (1, 1)


def test_what_a_recommender_wrote_before_it_failed_is_taken_back_alone(settings: Any) -> None:
    (a,) = plant(1)
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.HalfWayRecommender"}
    assert say("ann", a) is not None
    assert counts_of(a) == (1, 1)
    assert list(Visitor.objects.values_list("id", flat=True)) == ["ann"]


def test_a_visitor_who_comes_back_after_days_goes_by_the_same_pseudonym() -> None:
    a, b = plant(2)
    first = say("ann", a)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        second, other = say("ann", b), say("bob", b)
    assert first is not None
    assert second is not None
    assert other is not None
    assert second.pseudonym == first.pseudonym != other.pseudonym
    assert counts_of(b) == (2, 2)


def test_a_recommender_that_fails_to_learn_costs_no_like(settings: Any) -> None:
    (a,) = plant(1)
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.BrokenRecommender"}
    assert say("ann", a) is not None
    assert Interaction.objects.count() == 1
