"""The seeds' curator routes: `/retrieve`, `/remove`, `/removePool`, `/clearIndex`, as their pages call them."""

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from curation.models import BulkOperation
from curation.services.operations import AT_ONCE
from garden.models import Image
from tests.curation.cast import member, picture, serving
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
ROUTES = {
    "retrieve": {"emotion": "calm"},
    "remove": {"objName": ["emotions/calm/a_0h.jpeg"]},
    "removePool": {"objName": ["imgPool/calm/a_0h.jpeg"]},
    "clearIndex": {"objName": "emotions/calm/a_0h.jpeg"},
}


def client_of(group: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=member(group)).key}")
    return client


@pytest.fixture
def publisher() -> APIClient:
    return client_of("publisher")


def post(client: APIClient, route: str, body: Any) -> Any:
    return client.post(f"/{route}", body, format="json")


class TestWhoMay:
    @pytest.mark.parametrize("route", ROUTES)
    def test_nobody_without_a_name(self, api: APIClient, route: str) -> None:
        assert post(api, route, ROUTES[route]).status_code == 401

    @pytest.mark.parametrize(
        ("group", "allowed"),
        [
            ("viewer", {"retrieve"}),
            ("curator", {"retrieve", "remove", "removePool"}),
            ("publisher", set(ROUTES)),
            ("operator", set(ROUTES)),
        ],
    )
    def test_each_group_what_it_is_for(self, group: str, allowed: set[str]) -> None:
        client = client_of(group)
        answers = {route: post(client, route, body).status_code for route, body in ROUTES.items()}
        assert answers == {route: 200 if route in allowed else 403 for route in ROUTES}


class TestRetrieve:
    def test_it_answers_the_pool_as_a_garden(self, publisher: APIClient) -> None:
        for key in ("imgPool/calm/a_0h.jpeg", "imgPool/calm/b_0v.jpeg", "imgPool/calm/cat/c_0h.jpeg"):
            ImageFactory(key=key, published_at=None)
        ImageFactory(key="emotions/calm/d_0h.jpeg")
        ImageFactory(key="imgPool/calm/e_0h.jpeg", state=Image.State.TRASH)
        answer = post(publisher, "retrieve", {"emotion": "calm"}).json()
        assert [image["key"] for image in answer["landscape"]] == ["imgPool/calm/a_0h.jpeg"]
        assert answer["portrait"] == [
            {
                "url": "http://testserver/media/imgPool/calm/b_0v.jpeg",
                "emotion": "calm",
                "key": "imgPool/calm/b_0v.jpeg",
            }
        ]

    def test_a_favorite_is_requested_by_name_and_the_newest_comes_first(self, publisher: APIClient) -> None:
        for name in "ab":
            ImageFactory(key=f"imgPool/calm/cat/{name}_0h.jpeg", published_at=None)
        answer = post(publisher, "retrieve", {"emotion": "calm/cat"}).json()
        assert [image["key"][-9:] for image in answer["landscape"]] == ["b_0h.jpeg", "a_0h.jpeg"]
        assert post(publisher, "retrieve", {"emotion": "bored"}).json() == {"landscape": [], "portrait": []}


@pytest.mark.parametrize("route", ["remove", "removePool"])
class TestRemove:
    def test_it_moves_to_the_trash_and_names_what_is_not_there(self, publisher: APIClient, route: str) -> None:
        images = [picture("emotions/calm/a_0h.jpeg"), picture("imgPool/calm/b_0h.jpeg")]
        keys = [image.key for image in images]
        answer = post(publisher, route, {"objName": [*keys, "imgPool/calm/none.jpeg"]}).json()
        assert (answer["removed"], answer["missing"]) == (2, ["imgPool/calm/none.jpeg"])
        assert Image.objects.in_trash().count() == 2
        assert all(default_storage.exists(key) for key in keys)

    def test_the_list_may_be_a_json_string_of_urls_and_sent_twice_it_removes_once(
        self, publisher: APIClient, route: str
    ) -> None:
        image = picture("imgPool/calm/a_0h.jpeg")
        body = {"objName": json.dumps([f"http://testserver/media/{image.key}"])}
        answers = [post(publisher, route, body).json() for _ in range(2)]
        assert [(answer["removed"], answer["missing"]) for answer in answers] == [(1, []), (0, [])]

    def test_it_can_be_undone(self, publisher: APIClient, route: str) -> None:
        image = picture("emotions/calm/a_0h.jpeg")
        operation = post(publisher, route, {"objName": [image.key]}).json()["act"]
        assert serving() == set()
        assert publisher.post(f"/curation/acts/{operation}/undo").status_code == 200
        assert serving() == {image.key}

    def test_many_are_gone_when_the_answer_comes(self, publisher: APIClient, route: str) -> None:
        images = ImageFactory.create_batch(AT_ONCE + 1)
        answer = post(publisher, route, {"objName": [image.key for image in images]}).json()
        assert answer["removed"] == AT_ONCE + 1
        assert Image.objects.in_trash().count() == AT_ONCE + 1

    @pytest.mark.parametrize("junk", ["[", '{"a": 1}', [1], {"a": 1}, None, "[" * 5_000, '["\\ud800"]', '["a\\u0000"]'])
    def test_it_refuses_what_is_no_list(self, publisher: APIClient, route: str, junk: Any) -> None:
        answer = post(publisher, route, {"objName": junk})
        assert answer.status_code == (200 if junk == '{"a": 1}' else 400)
        assert not Image.objects.in_trash().exists()


class TestClearIndex:
    def test_it_withdraws_and_keeps_the_file(self, publisher: APIClient) -> None:
        image = picture("emotions/calm/a_0h.jpeg")
        unknown = post(publisher, "clearIndex", {"objName": "emotions/calm/none.jpeg"})
        assert (unknown.status_code, unknown.json()["missing"]) == (200, ["emotions/calm/none.jpeg"])
        answer = post(publisher, "clearIndex", {"objName": image.key}).json()
        assert (answer["withdrawn"], answer["missing"]) == (1, [])
        operation = BulkOperation.objects.get(pk=answer["act"])
        assert (operation.kind, operation.by and operation.by.username, operation.total) == ("withdraw", "publisher", 1)
        assert publisher.post("/gardenfromDB", {"emotion": "calm"}, format="json").json()["landscape"] == []
        assert default_storage.exists(image.key)
        assert publisher.get(f"/image?content={image.key}").status_code == 200
