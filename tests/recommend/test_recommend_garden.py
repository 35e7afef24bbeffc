"""What can go wrong around a ranking costs the visitor nothing, and what they saw comes last."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from garden.models import Image, Visitor
from garden.signals import server_warms_up
from garden.vocabulary import Orientation
from recommend.backends.registry import get_recommender
from recommend.evaluation.log import SlateLog
from recommend.models import Slate
from recommend.services.gardens import GardenRequest, recommend_garden, warm_up_recommenders
from tests.recommend.cast import ANN, plant, post, wanted
from tests.support.factories import VisitorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_slate_that_cannot_be_stored_is_answered_and_logged(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.ForgettingRecommender"}
    VisitorFactory(id="ann")
    garden = recommend_garden(request=GardenRequest(visitor_id="ann"))
    assert garden.personalized
    assert not Visitor.objects.exists()
    assert not Slate.objects.exists()
    assert "could not be stored" in caplog.text


def test_the_request_of_the_kiosk_overrides_what_is_stored_of_the_visitor() -> None:
    plant(1)
    VisitorFactory(id="ann", generation="adult", gender="Female", emotion="calm")
    recommend_garden(request=GardenRequest(visitor_id="ann", emotion="happy", generation="elder"))
    slate = Slate.objects.get()
    assert (slate.emotion, slate.group) == ("happy", "elder/Female")


def test_a_recommender_that_answers_no_propensities_is_logged_without(settings: Any) -> None:
    settings.RECOMMENDER = {
        "BACKEND": "recommend.backends.embedded.EmbeddedRecommender",
        "OPTIONS": {"depth": 0},
    }
    plant(30)
    recommend_garden(request=GardenRequest(emotion="calm"))
    slate = Slate.objects.get()
    assert len(slate.landscape) == 24
    assert {chance for _, chance in slate.landscape} == {None}


def test_a_recommender_that_cannot_warm_up_does_not_stop_the_server(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.RECOMMENDER = {"BACKEND": "no.such.Recommender"}
    warm_up_recommenders()
    assert "could not warm up" in caplog.text


def test_a_server_that_warms_up_reads_the_garden_before_it_is_ready() -> None:
    (image,) = plant(1)
    server_warms_up.send(sender=None)
    Image.objects.update(changed_at=timezone.now() - timedelta(days=1))
    ranking = get_recommender().rank(ANN, wanted())
    assert list(ranking.images[Orientation.LANDSCAPE].keys) == [image.key]


def ask(api: APIClient, visitor: str, **more: object) -> tuple[list[str], str]:
    answer = post(api, "/garden", id=visitor, emotion="calm", **more).json()
    return [image["key"] for image in answer["landscape"]], answer["recommendationId"]


def test_six_slates_of_three_show_eighteen_pictures(api: APIClient) -> None:
    plant(18)
    shown: list[str] = []
    for _ in range(6):
        three = ask(api, "ann", limit=3)[0]
        post(api, "/like", id="ann", itemId=three[0], impression=three)
        shown += three
    assert len(set(shown)) == 18
    assert ask(api, "ann", limit=3)[0] == shown[:3]  # All were seen: long ago before lately.


def test_what_one_visitor_has_seen_is_still_shown_to_others(api: APIClient) -> None:
    (only,) = plant(1)
    post(api, "/like", id="ann", itemId=only.key)
    assert ask(api, "bob")[0] == ask(api, "ann")[0] == [only.key]


def test_pictures_seen_in_an_order_keep_their_place_in_it(api: APIClient) -> None:
    plant(12)
    first, recommendation = ask(api, "ann")
    for _ in range(3):
        post(api, "/like", id="ann", itemId=first[0], impression=first[:3])
    assert ask(api, "ann", recommendationId=recommendation)[0][-1] != first[0]
    assert first[0] in ask(api, "ann")[0][-3:]


def test_pictures_shown_since_come_last_in_an_order_of_its_own(api: APIClient) -> None:
    plant(12)
    first, recommendation = ask(api, "ann")
    again, other = ask(api, "ann", recommendationId=recommendation, shown=[*first[:6], "emotions/gone.jpeg"])
    assert again[6:] == first[:6]
    following = Slate.objects.get(pk=other)
    assert (str(following.follows), following.landscape[0][0]) == (recommendation, again[0])
    assert all(0 < chance <= 1 for _, chance in following.landscape[:3])
    assert Slate.objects.count() == 2


def test_a_slate_that_was_asked_for_counts_only_if_it_was_shown(api: APIClient) -> None:
    plant(12)
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
        first, recommendation = ask(api, "ann")
        again, shown = ask(api, "ann", recommendationId=recommendation, shown=first[:3])
        ask(api, "ann", recommendationId=shown, shown=first[:3])
        post(api, "/like", id="ann", itemId=again[0], impression=again[:3], recommendationId=shown)
    log = SlateLog()
    assert {uuid.UUID(int=slate.id) for slate in log.read()} == {uuid.UUID(recommendation), uuid.UUID(shown)}
    assert log.left_out == {"asked for and not shown": 1}
