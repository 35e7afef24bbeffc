"""A garden in Personalize's order, never with pictures that are not there; its records and settings."""

import json
from typing import Any

import pytest

from garden.errors import MisconfiguredError
from garden.vocabulary import Orientation
from recommend.backends.base import Feedback, Kind, Ranking, RecommenderUnavailableError
from recommend.backends.personalize import PersonalizeRecommender
from recommend.backends.personalize.delivery import event_of, filter_value, item_record, user_record
from recommend.checks import check_backends
from tests.recommend.cast import ANN, plant, wanted
from tests.recommend.personalize.conftest import Site
from tests.recommend.personalize.server import FakePersonalize, failing
from tests.recommend.personalize.site import SITE, entry
from tests.support.factories import ImageFactory, VisitorFactory

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


def test_it_requests_the_emotion_and_all_its_favorites(site: Site, personalize: FakePersonalize) -> None:
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


def test_unknown_pictures_and_those_of_another_emotion_are_dropped(site: Site, personalize: FakePersonalize) -> None:
    (calm,), (happy,) = plant(1), plant(1, "happy")
    know(personalize, happy)
    personalize.also = ["emotions/calm/nobody_knows_it_h.jpeg", calm.key]
    assert keys(site().rank(ANN, wanted())) == [calm.key]


def test_an_anonymous_visitor_gets_a_garden_too(site: Site, personalize: FakePersonalize) -> None:
    (image,) = plant(1)
    ranking = site().rank(type(ANN)(""), wanted())
    assert keys(ranking) == [image.key]
    assert personalize.called("GetRecommendations")[0]["userId"] == "nobody"


def test_an_empty_garden_costs_no_call(site: Site, personalize: FakePersonalize) -> None:
    site().rank(ANN, wanted())
    assert personalize.calls == []


def test_requests_to_a_service_that_keeps_failing_are_paused(site: Site, personalize: FakePersonalize) -> None:
    plant(1)
    recommender = site(breaker_seconds=60)
    personalize.trouble = failing(500, "InternalFailure")
    for _ in range(5):
        assert recommender.rank(ANN, wanted()).fallback is not None
    assert len(personalize.calls) == 3
    with pytest.raises(RecommenderUnavailableError, match="requests are paused"):
        recommender.check()


def test_a_domain_recommender_is_called_by_its_own_arn(site: Site, personalize: FakePersonalize, settings: Any) -> None:
    plant(1)
    arn = "arn:aws:personalize:eu-west-1:123456789012:recommender/garden"
    site(campaign="", recommender=arn, filter_arn="").rank(ANN, wanted())
    (asked,) = personalize.called("GetRecommendations")
    assert asked == {"recommenderArn": arn, "userId": "ann", "numResults": 100}


def feedback(*impression: str, item: str = "a", reference: str = "") -> Feedback:
    return Feedback(ANN, Kind.LIKE, item, impression, "", 1_700_000_000.0, reference)


def test_an_impression_is_cut_to_25_and_keeps_the_liked_picture() -> None:
    shown = [f"key-{number}" for number in range(40)]
    event = event_of(feedback(*shown, item="key-39"), "click", {})
    assert event["impression"] == [*shown[:24], "key-39"]


@pytest.mark.parametrize(("reference", "sent"), [("", False), ("RID-1", True), ("x" * 40, True), ("x" * 41, False)])
def test_only_a_reference_of_personalize_itself_is_sent(reference: str, sent: bool) -> None:
    assert ("recommendationId" in event_of(feedback(reference=reference), "click", {})) is sent


def test_a_favorite_with_a_quotation_mark_cannot_break_out_of_the_filter() -> None:
    assert filter_value(["calm", 'calm/"x"', "calm/cat"]) == '"calm","calm/cat"'


@pytest.mark.django_db
def test_users_and_items_are_described_in_camel_case() -> None:
    user = user_record(VisitorFactory(id="ann", emotion=""))
    assert (user["userId"], json.loads(user["properties"])) == ("ann", {"generation": "adult", "gender": "Female"})
    image = ImageFactory(key="emotions/calm/cat/img_1_0h.jpeg")
    words = json.loads(item_record(image)["properties"])
    seconds = int(image.published_at.timestamp())
    assert words == {"emotion": "calm/cat", "timestamp": seconds, "creationTimestamp": seconds}
    image.state = "trash"
    assert json.loads(item_record(image)["properties"])["emotion"] == "withdrawn"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"campaign": ""}, "name a campaign or a recommender"),
        ({"recommender": "arn:aws:personalize:eu-west-1:1:recommender/x"}, "one of them"),
        ({"context_fields": ["MOOD"]}, "unknown context_fields"),
        ({"results": 501}, "1 to 500"),
        ({"attempts": 0}, "at least 1"),
        ({"deadline": 0}, "above 0"),
    ],
)
def test_options_that_contradict_each_other_are_refused(settings: Any, options: dict[str, Any], words: str) -> None:
    settings.PERSONALIZE = SITE
    with pytest.raises(MisconfiguredError, match=words):
        PersonalizeRecommender(**options)


def test_the_system_check_knows_its_options(settings: Any) -> None:
    settings.PERSONALIZE = SITE
    settings.RECOMMENDER = entry("http://localhost", campain="x")
    (error,) = check_backends()
    assert "unknown options campain" in error.msg


def test_the_backend_can_be_configured_without_boto3(settings: Any) -> None:
    settings.PERSONALIZE = SITE
    assert PersonalizeRecommender().campaign == SITE["campaign"]
