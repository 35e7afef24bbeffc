"""A garden in Personalize's order: asked for the emotion, never with pictures that are not there."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.vocabulary import Orientation
from recommend.backends.base import Ranking, RecommenderUnavailableError
from recommend.models import Slate
from tests.recommend.cast import ANN, plant, post, wanted
from tests.recommend.personalize.conftest import Site
from tests.recommend.personalize.server import FakePersonalize, failing
from tests.recommend.personalize.site import SITE

pytestmark = pytest.mark.django_db
WIDE = Orientation.LANDSCAPE


def keys(ranking: Ranking, orientation: Orientation = WIDE) -> list[str]:
    return list(ranking.images[orientation].keys)


def know(personalize: FakePersonalize, *images: Any) -> None:
    personalize.items |= {image.key: {} for image in images}


def test_its_order_comes_first_and_the_rest_follows_newest_first(site: Site, personalize: FakePersonalize) -> None:
    a, b, c, d = plant(4)
    know(personalize, a, c)
    ranking = site().rank(ANN, wanted())
    assert keys(ranking) == [a.key, c.key, d.key, b.key]
    assert list(ranking.images[WIDE].scores) == [1.0, 0.5, 0.0, 0.0]
    assert ranking.reference.startswith("RID-")


def test_it_asks_for_the_emotion_and_all_its_favorites(site: Site, personalize: FakePersonalize) -> None:
    plant(1), plant(1, "calm/cat"), plant(1, "calm/spring,cloudy,day"), plant(1, "happy")
    recommender = site(context_fields=["GENERATION", "EMOTION"])
    recommender.rank(ANN, wanted())
    recommender.rank(ANN, wanted(favorite="cat"))
    every, one = personalize.called("GetRecommendations")
    assert every["filterValues"] == {"EMOTION": '"calm","calm/cat","calm/spring,cloudy,day"'}
    assert one["filterValues"] == {"EMOTION": '"calm/cat"'}
    assert every["filterArn"] == SITE["filter_arn"]
    assert every["context"] == {"GENERATION": "adult", "EMOTION": "calm"}
    assert (every["campaignArn"], every["userId"], every["numResults"]) == (SITE["campaign"], "ann", 100)


def test_a_filter_with_very_many_favorites_still_fits(site: Site, personalize: FakePersonalize) -> None:
    for number in range(80):
        plant(1, f"calm/an animal of quite some length {number}")
    site().rank(ANN, wanted())
    (asked,) = personalize.called("GetRecommendations")
    assert 900 < len(asked["filterValues"]["EMOTION"]) <= 1_000


def test_pictures_it_makes_up_or_that_are_of_another_emotion_are_dropped(
    site: Site, personalize: FakePersonalize
) -> None:
    (calm,), (happy,) = plant(1), plant(1, "happy")
    know(personalize, happy)
    personalize.also = ["emotions/calm/nobody_knows_it_h.jpeg", calm.key]
    assert keys(site().rank(ANN, wanted())) == [calm.key]


def test_nobody_in_particular_gets_a_garden_too(site: Site, personalize: FakePersonalize) -> None:
    (image,) = plant(1)
    ranking = site().rank(type(ANN)(""), wanted())
    assert keys(ranking) == [image.key]
    assert personalize.called("GetRecommendations")[0]["userId"] == "nobody"


def test_an_empty_garden_costs_no_call(site: Site, personalize: FakePersonalize) -> None:
    site().rank(ANN, wanted())
    assert personalize.calls == []


def test_a_service_that_comes_back_orders_gardens_again(
    site: Site, personalize: FakePersonalize, api: APIClient
) -> None:
    plant(2)
    site()
    personalize.trouble = failing(500, "InternalFailure")
    assert post(api, "/garden", id="ann", emotion="calm").status_code == 200
    assert not Slate.objects.filter(reference__startswith="RID-").exists()
    personalize.trouble = lambda call: None
    assert post(api, "/garden", id="ann", emotion="calm").json()["personalized"] is True
    assert Slate.objects.filter(reference__startswith="RID-").count() == 1


def test_a_service_that_keeps_failing_is_left_alone_for_a_while(site: Site, personalize: FakePersonalize) -> None:
    plant(1)
    recommender = site(breaker_seconds=60)
    personalize.trouble = failing(500, "InternalFailure")
    for _ in range(5):
        assert recommender.rank(ANN, wanted()).fallback is not None
    assert len(personalize.calls) == 3
    with pytest.raises(RecommenderUnavailableError, match="asked again after a pause"):
        recommender.check()


def test_a_domain_recommender_is_asked_by_its_own_name(site: Site, personalize: FakePersonalize, settings: Any) -> None:
    plant(1)
    arn = "arn:aws:personalize:eu-west-1:123456789012:recommender/garden"
    site(campaign="", recommender=arn, filter_arn="").rank(ANN, wanted())
    (asked,) = personalize.called("GetRecommendations")
    assert asked == {"recommenderArn": arn, "userId": "ann", "numResults": 100}
