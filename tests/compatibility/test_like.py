"""`POST /like` as the seed's clients know it."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.models import Image, Visitor
from recommend.models import Interaction
from tests.recommend.cast import counts_of, plant, post
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
PATH = "/like"


def like(api: APIClient, item: Image | None, *shown: Image, **more: Any) -> Any:
    fields: dict[str, Any] = {"id": "ann", "itemId": item and item.key, **more}
    return post(api, PATH, **{**fields, "impression": [image.key for image in shown]} if shown else fields)


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert Interaction.objects.count() == 0
    return problem


def test_it_answers_success_in_plain_text(api: APIClient) -> None:
    a, b, c = plant(3)
    answer = like(api, a, a, b, c)
    assert (answer.status_code, answer.content) == (200, b"Success")
    assert answer["Content-Type"].startswith("text/plain")
    interaction = Interaction.objects.get()
    assert (interaction.visitor_id, interaction.image, interaction.kind) == ("ann", a, "like")
    assert interaction.impression == [a.key, b.key, c.key]


def test_full_urls_are_accepted_for_keys(api: APIClient) -> None:
    a, b = plant(2, "happy/spring,cloudy,day")
    urls = [f"https://cdn.example/some/folder/{image.key.replace(',', '%2C')}?v=1" for image in (a, b)]
    assert post(api, PATH, id="ann", itemId=urls[0], impression=urls).status_code == 200
    interaction = Interaction.objects.get()
    assert (interaction.image, interaction.item_key, interaction.impression) == (a, a.key, [a.key, b.key])


def test_the_impression_may_be_missing_and_is_then_the_item_alone(api: APIClient) -> None:
    (a,) = plant(1)
    nothing: list[dict[str, Any]] = [{}, {"impression": None}, {"impression": []}]
    for absent in nothing:
        assert like(api, a, **absent).status_code == 200
    assert Interaction.objects.get().impression == [a.key]


def test_two_likes_in_the_same_second_are_two(api: APIClient) -> None:
    a, b = plant(2)
    like(api, a, a, b)
    like(api, b, a, b)
    assert Interaction.objects.count() == 2
    assert (counts_of(a), counts_of(b)) == ((1, 1), (1, 1))


def test_the_same_like_is_one_within_the_retry_window_and_one_for_each_visitor(api: APIClient, settings: Any) -> None:
    a, b = plant(2)
    answers = [like(api, a, a, b).content for _ in range(3)]
    assert answers == [b"Success"] * 3
    assert counts_of(a) == (1, 1)
    like(api, a, a, b, id="bob")
    assert counts_of(a) == (2, 2)
    settings.LIKE_RETRY_WINDOW_SECONDS = 0
    like(api, a, a, b)
    assert counts_of(a) == (3, 3)


def test_a_retry_with_the_same_event_id_of_a_visitor_is_one_at_any_time(api: APIClient, settings: Any) -> None:
    settings.LIKE_RETRY_WINDOW_SECONDS = 0
    a, b = plant(2)
    like(api, a, a, b, eventId="42")
    like(api, a, a, b, eventId="42")
    assert like(api, b, a, b, eventId="43").status_code == 200
    assert Interaction.objects.count() == 2
    like(api, a, a, b, id="bob", eventId="42")
    assert Interaction.objects.count() == 3


def test_like_false_is_a_dislike_and_takes_a_like_back(api: APIClient) -> None:
    a, b = plant(2)
    like(api, a, a, b)
    assert like(api, a, a, b, like=False).content == b"Success"
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))
    like(api, b, a, b, like=False, id="bob")
    assert counts_of(b) == (2, 0)


def test_a_null_item_says_these_were_seen_and_none_was_liked(api: APIClient) -> None:
    a, b, c = plant(3)
    assert like(api, None, a, b, c).content == b"Success"
    assert Interaction.objects.get().kind == "seen"
    assert [counts_of(image) for image in (a, b, c)] == [(1, 0)] * 3


def test_seen_sent_twice_is_one_and_of_other_pictures_another(api: APIClient) -> None:
    a, b = plant(2)
    like(api, None, a)
    like(api, None, b)
    like(api, None, a)
    assert (counts_of(a), counts_of(b)) == ((1, 0), (1, 0))


def test_an_unknown_item_is_not_found_and_named_also_a_picture_never_published(api: APIClient) -> None:
    draft = ImageFactory(key="imgPool/calm/img_1_0h.jpeg", published_at=None)
    for unknown in ("emotions/calm/lost_0h.jpeg", draft.key):
        problem = refused(post(api, PATH, id="ann", itemId=unknown), 404, "unknown_image")
        assert unknown in problem["detail"]
        assert problem["itemId"] == unknown
    assert not Visitor.objects.exists()


def test_unknown_keys_of_an_impression_do_not_spoil_the_like(api: APIClient) -> None:
    (a,) = plant(1)
    assert post(api, PATH, id="ann", itemId=a.key, impression=[a.key, "lost", "x/y.png"]).status_code == 200
    assert Interaction.objects.get().impression == [a.key, "lost", "x/y.png"]


def test_an_unknown_visitor_is_accepted_and_made_bare(api: APIClient) -> None:
    (a,) = plant(1)
    like(api, a, id="never-seen")
    visitor = Visitor.objects.get()
    assert (visitor.id, visitor.generation, visitor.gender, visitor.emotion) == ("never-seen", "", "", "")


@pytest.mark.parametrize("visitor", [{"id": None}, {"id": " "}, {"id": "x" * 257}, {"id": []}, {"id": "\x00"}, {}])
def test_a_missing_or_invalid_id_is_refused(api: APIClient, visitor: dict[str, Any]) -> None:
    (a,) = plant(1)
    assert "id: " in refused(post(api, PATH, itemId=a.key, **visitor), 400, "invalid")["detail"]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("itemId", {}),
        ("itemId", {"itemId": ""}),
        ("itemId", {"itemId": "x" * 5_000}),
        ("impression", {"itemId": None}),
        ("impression", {"itemId": None, "impression": []}),
        ("impression", {"itemId": "KEY", "impression": "KEY"}),
        ("impression", {"itemId": "KEY", "impression": ["KEY"] * 26}),
        ("impression", {"itemId": "KEY", "impression": [None]}),
        ("impression", {"itemId": "KEY", "impression": {"a": 1}}),
        ("like", {"itemId": "KEY", "like": "perhaps"}),
        ("eventId", {"itemId": "KEY", "eventId": "x" * 129}),
    ],
)
def test_what_cannot_be_a_like_is_refused_naming_the_field(api: APIClient, field: str, fields: dict[str, Any]) -> None:
    (a,) = plant(1)
    body = {name: a.key if value == "KEY" else value for name, value in fields.items()}
    problem = refused(post(api, PATH, id="ann", **body), 400, "invalid")
    assert field in problem["fields"]


def test_twenty_five_pictures_may_be_seen_at_once(api: APIClient) -> None:
    images = plant(25)
    assert like(api, None, *images).status_code == 200
    assert len(Interaction.objects.get().exposed) == 25


def test_a_recommendation_id_ties_the_like_to_its_garden_and_an_unknown_one_is_ignored(api: APIClient) -> None:
    a, b = plant(2)
    garden: dict[str, Any] = post(api, "/garden", id="ann", emotion="calm").json()
    like(api, a, recommendationId=garden["recommendationId"])
    assert str(Interaction.objects.get().slate_id) == garden["recommendationId"]
    for number, unknown in enumerate(("7b0b3c1e-52f5-4d0c-8a43-5d2c1f0e9a11", "RID-5", "", None)):
        assert like(api, b, id=f"visitor-{number}", recommendationId=unknown).status_code == 200
    assert Interaction.objects.filter(image=b, slate=None).count() == 4


def test_the_body_is_json_whatever_the_content_type_says(api: APIClient) -> None:
    (a,) = plant(1)
    body = f'{{"id": "ann", "itemId": "{a.key}"}}'
    for content_type in ("text/plain;charset=UTF-8", "application/x-www-form-urlencoded", ""):
        assert api.generic("POST", PATH, body, content_type=content_type).content == b"Success"


@pytest.mark.parametrize("body", ["", "not json", "[]"])
def test_a_body_that_is_no_object_is_refused(api: APIClient, body: str) -> None:
    answer = api.generic("POST", PATH, body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) >= {"code", "detail"}
    assert api.get(PATH).status_code == 405


def test_a_broken_recommender_costs_no_like(api: APIClient, settings: Any) -> None:
    (a,) = plant(1)
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.BrokenRecommender"}
    assert like(api, a).content == b"Success"
    assert Interaction.objects.count() == 1
