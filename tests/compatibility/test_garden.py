"""`POST /garden` as the seed's clients know it: the same question and answer as `/gardenfromDB`, in another order."""

import uuid
from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from garden.models import KioskKey, Visitor
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.registry import get_recommender
from recommend.models import Slate
from tests.recommend.cast import describe, interact, plant, post
from tests.support.factories import KioskFactory, VisitorFactory

pytestmark = pytest.mark.django_db
PATH = "/garden"
BROKEN = {"BACKEND": "tests.recommend.broken.BrokenRecommender"}


def ask(api: APIClient, **asked: Any) -> dict[str, Any]:
    answer = post(api, PATH, **asked)
    assert answer.status_code == 200, answer.content
    garden: dict[str, Any] = answer.json()
    return garden


def landscape(api: APIClient, **asked: Any) -> list[str]:
    return [image["key"] for image in ask(api, **asked)["landscape"]]


def test_it_answers_urls_and_emotions_by_orientation_and_adds_keys_and_an_id(api: APIClient) -> None:
    (wide,), (tall,) = plant(1), plant(1, "calm/cat", orientation="portrait")
    garden = ask(api, id="ann", emotion="calm", generation="adult", gender="Male")
    assert uuid.UUID(garden.pop("recommendationId"))
    assert garden == {
        "personalized": True,
        "landscape": [{"url": f"http://testserver/media/{wide.key}", "emotion": "calm", "key": wide.key, "score": ANY}],
        "portrait": [
            {"url": f"http://testserver/media/{tall.key}", "emotion": "calm/cat", "key": tall.key, "score": ANY}
        ],
    }


def test_an_emotion_alone_means_all_favorites_under_it(api: APIClient) -> None:
    plain, cats = plant(2), plant(2, "calm/cat")
    assert set(landscape(api, id="ann", emotion="calm")) == {image.key for image in [*plain, *cats]}
    assert set(landscape(api, id="ann", emotion="calm/cat")) == {image.key for image in cats}
    assert set(landscape(api, id="ann", emotion="CALM/cat")) == {image.key for image in cats}


def test_without_an_emotion_it_is_the_visitors_last_one(api: APIClient) -> None:
    (calm,), _ = plant(1), plant(1, "happy")
    VisitorFactory(id="ann", emotion="calm")
    assert landscape(api, id="ann") == [calm.key]
    assert landscape(api, id="ann", emotion="") == landscape(api, id="ann", emotion=None) == [calm.key]


@pytest.mark.parametrize("who", [{}, {"id": "nobody"}, {"id": "bare"}, {"id": None}, {"id": ""}])
def test_an_unknown_visitor_without_an_emotion_is_refused(api: APIClient, who: dict[str, Any]) -> None:
    Visitor.objects.create(id="bare")
    answer = post(api, PATH, **who)
    assert answer.status_code == 400
    assert answer.json()["code"] == "emotion_needed"


def test_a_visitor_never_seen_before_gets_a_garden(api: APIClient) -> None:
    (image,) = plant(1)
    assert landscape(api, id="never-seen", emotion="calm") == landscape(api, emotion="calm") == [image.key]
    assert not Visitor.objects.exists()


def test_an_empty_garden_and_an_unknown_emotion_are_two_empty_lists(api: APIClient) -> None:
    for emotion in ("calm", "bored", "calm/unicorn"):
        garden = ask(api, id="ann", emotion=emotion)
        assert (garden["landscape"], garden["portrait"]) == ([], [])
        assert garden["recommendationId"]
        assert garden["personalized"] is (emotion != "bored")


def test_the_order_is_what_people_like_the_visitor_enjoy(api: APIClient) -> None:
    images = plant(3)
    for image, topic in zip(images, ("storm, lightning", "storm, waves", "roses, blossoms"), strict=True):
        describe(image, topic)
    for number in range(60):
        man, woman = VisitorFactory(gender="Male").id, VisitorFactory(gender="Female").id
        interact(man, images[number % 2], *images)
        interact(woman, images[2], *images)
    recommender = get_recommender()
    assert isinstance(recommender, EmbeddedRecommender)
    with recommender.consumer.at_head():
        pass  # So many likes at once are learned in the background.
    first = {
        gender: [
            landscape(api, id="new", emotion="calm", generation="adult", gender=gender)[0] for _ in range(20)
        ].count(images[2].key)
        for gender in ("Male", "Female")
    }
    assert first["Female"] > 15
    assert first["Male"] < first["Female"]


def test_a_like_is_learned_at_once(api: APIClient) -> None:
    a, b = plant(2)
    before = {image["key"]: image["score"] for image in ask(api, id="ann", emotion="calm")["landscape"]}
    post(api, "/like", id="ann", itemId=a.key, impression=[a.key, b.key])
    after = {image["key"]: image["score"] for image in ask(api, id="bob", emotion="calm")["landscape"]}
    assert before[a.key] == before[b.key]
    assert after[a.key] > after[b.key]


def test_start_and_limit_page_it(api: APIClient) -> None:
    plant(40)
    first = ask(api, id="ann", emotion="calm", limit=15)
    order = [image["key"] for image in first["landscape"]]
    for start in (15, 30):
        page = ask(api, emotion="calm", start=start, limit=15, recommendationId=first["recommendationId"])
        assert page["recommendationId"] == first["recommendationId"]
        order += [image["key"] for image in page["landscape"]]
    assert len(order) == len(set(order)) == 40
    assert Slate.objects.count() == 1


def test_without_a_limit_at_most_five_thousand_come(api: APIClient, settings: Any) -> None:
    settings.GARDEN_MAX_IMAGES = 30
    plant(40)
    assert len(landscape(api, emotion="calm")) == len(landscape(api, emotion="calm", limit=35)) == 30


@pytest.mark.parametrize("wrong", [{"start": -1}, {"limit": 0}, {"start": 10**30}, {"recommendationId": "x"}])
def test_a_page_that_cannot_be_is_refused(api: APIClient, wrong: dict[str, Any]) -> None:
    answer = post(api, PATH, emotion="calm", **wrong)
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json()["detail"]


def test_words_nobody_knows_for_generation_and_gender_are_unknown_and_no_error(api: APIClient) -> None:
    plant(1)
    assert ask(api, id="ann", emotion="calm", generation="alien", gender="none")["landscape"]
    assert Slate.objects.get().group == "unknown/unknown"


def test_the_slate_is_kept_with_its_propensities(api: APIClient) -> None:
    plant(40)
    VisitorFactory(id="ann", generation="adult", gender="Female")
    garden = ask(api, id="ann", emotion="calm")
    slate = Slate.objects.get(pk=garden["recommendationId"])
    assert (slate.visitor_id, slate.emotion, slate.favorite, slate.personalized) == ("ann", "calm", "", True)
    assert (slate.recommender, slate.version, slate.group) == ("embedded", EmbeddedRecommender.version, "adult/Female")
    assert [key for key, _ in slate.landscape] == [image["key"] for image in garden["landscape"][:24]]
    assert [chance for _, chance in slate.landscape] == pytest.approx([1 / (40 - slot) for slot in range(24)])
    assert slate.portrait == []


def test_the_slate_knows_the_kiosk_that_sent_the_request(api: APIClient) -> None:
    plant(1)
    kiosk = KioskFactory()
    _, key = KioskKey.objects.create_key(name="test", kiosk=kiosk)
    assert api.post(PATH, {"emotion": "calm"}, format="json", headers={"x-api-key": key}).status_code == 200
    assert Slate.objects.get().kiosk == kiosk


def test_when_the_recommender_is_down_it_is_the_stable_order_and_says_so(
    api: APIClient, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    images = [*plant(2), *plant(2, "calm/cat")]
    settings.RECOMMENDER = BROKEN
    garden = ask(api, id="ann", emotion="calm", limit=3)
    assert garden["personalized"] is False
    assert [image["key"] for image in garden["landscape"]] == [image.key for image in reversed(images)][:3]
    assert set(garden["landscape"][0]) == {"url", "emotion", "key", "score"}
    assert "The recommender failed" in caplog.text
    slate = Slate.objects.get(pk=garden["recommendationId"])
    assert (slate.personalized, slate.recommender) == (False, "stable order")
    assert [chance for _, chance in slate.landscape] == [1, 1, 1]


def test_when_the_recommender_cannot_be_built_pages_follow_each_other_in_the_stable_order(
    api: APIClient, settings: Any
) -> None:
    settings.RECOMMENDER = {"BACKEND": "no.such.Recommender"}
    images = [image.key for image in reversed(plant(5))]
    assert landscape(api, emotion="calm", start=1, limit=2) == images[1:3]
    assert ask(api, emotion="calm")["personalized"] is False
