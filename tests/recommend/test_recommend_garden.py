"""What can go wrong around a ranking, and costs the visitor nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from garden.models import Image, Visitor
from garden.signals import server_warms_up
from garden.vocabulary import Orientation
from recommend.backends.registry import get_recommender
from recommend.models import Slate
from recommend.services.gardens import GardenRequest, recommend_garden, warm_up_recommenders
from tests.factories import VisitorFactory
from tests.recommend.cast import ANN, plant, wanted


@pytest.mark.django_db(transaction=True)
def test_a_slate_that_cannot_be_kept_is_answered_and_logged(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.ForgettingRecommender"}
    VisitorFactory(id="ann")
    garden = recommend_garden(request=GardenRequest(visitor_id="ann"))
    assert garden.personalized
    assert not Visitor.objects.exists()
    assert not Slate.objects.exists()
    assert "could not be kept" in caplog.text


@pytest.mark.django_db
def test_what_the_kiosk_says_now_counts_more_than_what_was_read() -> None:
    plant(1)
    VisitorFactory(id="ann", generation="adult", gender="Female", emotion="calm")
    recommend_garden(request=GardenRequest(visitor_id="ann", emotion="happy", generation="elder"))
    slate = Slate.objects.get()
    assert (slate.emotion, slate.group) == ("happy", "elder/Female")


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_recommender_that_cannot_warm_up_does_not_stop_the_server(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.RECOMMENDER = {"BACKEND": "no.such.Recommender"}
    warm_up_recommenders()
    assert "could not warm up" in caplog.text


@pytest.mark.django_db
def test_a_server_that_warms_up_reads_the_garden_before_it_asks_for_visitors() -> None:
    (image,) = plant(1)
    server_warms_up.send(sender=None)
    Image.objects.update(changed_at=timezone.now() - timedelta(days=1))
    ranking = get_recommender().rank(ANN, wanted())
    assert list(ranking.images[Orientation.LANDSCAPE].keys) == [image.key]
