"""`POST /gardenfromDB` as the seed's clients know it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from garden.models import Image
from tests.recommend.cast import plant, post
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
PATH = "/gardenfromDB"


def landscape(api: APIClient, **asked: Any) -> list[str]:
    answer = post(api, PATH, **asked)
    assert answer.status_code == 200
    return [image["key"] for image in answer.json()["landscape"]]


def test_it_answers_urls_and_emotions_by_orientation(api: APIClient) -> None:
    (wide,), (tall,) = plant(1), plant(1, orientation="portrait")
    answer = post(api, PATH, id="ann", emotion="calm", generation="adult", gender="Male").json()
    assert answer == {
        "landscape": [{"url": f"http://testserver/media/{wide.key}", "emotion": "calm", "key": wide.key}],
        "portrait": [{"url": f"http://testserver/media/{tall.key}", "emotion": "calm", "key": tall.key}],
    }


def test_only_the_emotion_is_required(api: APIClient) -> None:
    assert landscape(api, emotion="calm") == []
    answer = post(api, PATH, id="ann")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["detail"].startswith("emotion: ")


def test_an_emotion_alone_means_without_a_favorite_and_a_favorite_is_matched_whole(api: APIClient) -> None:
    (plain,), (cat,) = plant(1), plant(1, "calm/cat")
    assert landscape(api, emotion="calm") == [plain.key]
    assert landscape(api, emotion="calm/cat") == [cat.key]
    (spring,) = plant(1, "happy/spring,cloudy,day")
    assert landscape(api, emotion="happy/spring,cloudy,day") == [spring.key]
    assert landscape(api, emotion="happy/spring") == []


@pytest.mark.parametrize("emotion", ["bored", "calm/unicorn", "calm/CAT", "../calm"])
def test_an_unknown_emotion_is_two_empty_lists(api: APIClient, emotion: str) -> None:
    plant(1)
    answer = post(api, PATH, emotion=emotion)
    assert (answer.status_code, answer.json()) == (200, {"landscape": [], "portrait": []})


def test_the_emotion_is_taken_as_the_reading_writes_it(api: APIClient) -> None:
    (plain,), (cat,) = plant(1), plant(1, "calm/cat")
    assert landscape(api, emotion="CALM") == [plain.key]
    assert landscape(api, emotion="CALM/cat") == [cat.key]


@pytest.mark.parametrize("accept", ["text/html", "image/jpeg", "text/plain", "nonsense"])
def test_an_accept_that_is_not_json_is_disregarded(api: APIClient, accept: str) -> None:
    answer = api.post(PATH, {"emotion": "calm"}, format="json", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_the_newest_comes_first_and_the_order_is_stable(api: APIClient) -> None:
    now = timezone.now()
    keys = [f"emotions/calm/img_{n}h.jpeg" for n in range(4)]
    for key, minutes in zip(keys, (3, 1, 2, 1), strict=True):
        ImageFactory(key=key, published_at=now - timedelta(minutes=minutes))
    expected = [keys[3], keys[1], keys[2], keys[0]]
    assert landscape(api, emotion="calm") == landscape(api, emotion="calm") == expected


def test_start_and_limit_page_it(api: APIClient) -> None:
    images = [image.key for image in reversed(plant(7))]
    assert landscape(api, emotion="calm", start=2, limit=3) == images[2:5]
    assert landscape(api, emotion="calm", start=5) == images[5:]
    assert landscape(api, emotion="calm", start=99) == []


def test_without_a_limit_at_most_five_thousand_come(api: APIClient, settings: Any) -> None:
    assert settings.GARDEN_MAX_IMAGES == 5_000
    settings.GARDEN_MAX_IMAGES = 3
    plant(5)
    assert len(landscape(api, emotion="calm")) == len(landscape(api, emotion="calm", limit=4)) == 3


@pytest.mark.parametrize("wrong", [{"start": -1}, {"limit": 0}, {"start": "x"}, {"limit": 10**30}])
def test_a_page_that_cannot_be_is_refused(api: APIClient, wrong: dict[str, Any]) -> None:
    answer = post(api, PATH, emotion="calm", **wrong)
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json()["detail"]


def test_only_published_pictures_come(api: APIClient) -> None:
    (shown,) = plant(1)
    ImageFactory(key="imgPool/calm/img_1_0h.jpeg", published_at=None)
    (gone,) = plant(1)
    Image.objects.filter(pk=gone.pk).withdraw()
    assert landscape(api, emotion="calm") == [shown.key]


def test_the_body_is_json_whatever_the_content_type_says(api: APIClient) -> None:
    (image,) = plant(1)
    for content_type in ("text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "application/json"):
        answer = api.generic("POST", PATH, '{"emotion": "calm"}', content_type=content_type)
        assert answer.json()["landscape"][0]["key"] == image.key


@pytest.mark.parametrize("body", ["", "not json", "[]", '"calm"', '{"emotion": {}}', '{"emotion": "\\ud800"}'])
def test_a_body_that_is_no_request_is_refused(api: APIClient, body: str) -> None:
    answer = api.generic("POST", PATH, body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) >= {"code", "detail"}


def test_an_imported_key_is_answered_byte_for_byte_and_its_url_is_quoted(api: APIClient) -> None:
    ImageFactory(key="emotions/calm/봄,비 1/img_2023039-20405_0h.jpeg")
    answer = post(api, PATH, emotion="calm/봄,비 1").json()
    assert answer["landscape"][0]["key"] == "emotions/calm/봄,비 1/img_2023039-20405_0h.jpeg"
    assert answer["landscape"][0]["url"] == (
        "http://testserver/media/emotions/calm/%EB%B4%84%2C%EB%B9%84%201/img_2023039-20405_0h.jpeg"
    )


def test_it_asks_the_database_once_for_both_orientations(
    api: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plant(20)
    with django_assert_max_num_queries(1):
        landscape(api, emotion="calm")
