"""Bulk operations and releases over REST, and numbers that no database column can hold."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from curation.models import BulkOperation, Release
from curation.services.operations import AT_ONCE, run_operation
from garden.models import Image
from tests.curation.cast import member, picture, pool, serving
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(api: APIClient) -> APIClient:
    api.force_authenticate(member("publisher"))
    return api


def begin(client: APIClient, kind: str, **asked: Any) -> Any:
    return client.post("/curation/acts", {"id": str(uuid.uuid4()), "kind": kind, **asked}, format="json")


def test_it_publishes_and_answers_with_the_release(publisher: APIClient) -> None:
    images = pool(2)
    answer = begin(publisher, "publish", images=[image.pk for image in images], note="spring")
    assert answer.status_code == 201
    operation = answer.json()
    assert (operation["state"], operation["total"], operation["done"], operation["undoable"]) == ("done", 2, 2, True)
    assert (operation["by"], operation["note"]) == ("publisher", "spring")
    assert [(release["garden"], release["number"]) for release in operation["releases"]] == [("calm", 1)]


def test_the_same_id_again_answers_200_and_does_nothing(publisher: APIClient) -> None:
    body = {"id": str(uuid.uuid4()), "kind": "publish", "images": [pool(1)[0].pk]}
    answers = [publisher.post("/curation/acts", body, format="json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert Release.objects.count() == 1


def test_a_filter_chooses_what_it_finds_now(publisher: APIClient) -> None:
    liked, _other = pool(2)
    Image.objects.filter(pk=liked.pk).update(verdict="like")
    assert begin(publisher, "publish", filter={"state": "pool", "verdict": "like"}).json()["total"] == 1
    assert serving() == {"emotions/calm/img_0_0h.jpeg"}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"images": [1], "filter": {"state": "pool"}}, "images"),
        ({}, "images"),
        ({"filter": {"mood": "calm"}}, "mood"),
        ({"images": ["x"]}, "images"),
        ({"images": [1], "schedule": "2001-01-01T00:00:00Z"}, "wait"),
    ],
)
def test_it_refuses_and_names_the_field(publisher: APIClient, asked: dict[str, Any], field: str) -> None:
    answer = begin(publisher, "publish", **asked)
    assert answer.status_code == 400
    assert field in answer.content.decode()
    assert not BulkOperation.objects.exists()


def test_pictures_without_an_emotion_are_named(publisher: APIClient) -> None:
    image = picture("imgPool/img_1_0h.jpeg", published_at=None)
    answer = begin(publisher, "publish", images=[image.pk])
    assert (answer.status_code, answer.json()["keys"]) == (400, [image.key])


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        ("viewer", set()),
        ("curator", {"remove", "restore", "label"}),
        ("publisher", {"remove", "restore", "label", "publish", "withdraw"}),
        ("operator", {"remove", "restore", "label", "publish", "withdraw", "purge"}),
    ],
)
def test_each_group_may_start_the_operations_of_its_role(api: APIClient, group: str, kinds: set[str]) -> None:
    api.force_authenticate(member(group))
    asked: dict[str, Any] = {kind: {} for kind in ("remove", "restore", "publish", "withdraw", "purge")}
    asked["label"] = {"labels": {"emotion": "sad"}}
    assert {kind for kind, more in asked.items() if begin(api, kind, images=[], **more).status_code == 201} == kinds


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("label", {}, "labels"),
        ("label", {"labels": {"emotion": "joy"}}, "labels"),
        ("label", {"labels": {"favorite": "a/b"}}, "labels"),
        ("remove", {"labels": {"emotion": "sad"}}, "labels"),
    ],
)
def test_labels_are_an_emotion_a_favorite_or_both(
    publisher: APIClient, kind: str, more: dict[str, Any], field: str
) -> None:
    (image,) = pool(1)
    answer = begin(publisher, kind, images=[image.pk], **more)
    assert answer.status_code == 400
    assert field in str(answer.json())
    image.refresh_from_db()
    assert (image.emotion, image.favorite, image.state) == ("calm", "", "pool")


def test_undo_needs_the_permission_of_what_was_done(api: APIClient) -> None:
    api.force_authenticate(member("publisher"))
    operation = begin(api, "publish", images=[pool(1)[0].pk]).json()
    api.force_authenticate(member("curator"))
    assert api.post(f"/curation/acts/{operation['id']}/undo").status_code == 403
    api.force_authenticate(member("operator"))
    undone = api.post(f"/curation/acts/{operation['id']}/undo").json()
    assert (undone["kind"], undone["undoes"], undone["state"]) == ("undo", operation["id"], "done")
    assert serving() == set()
    assert api.get(f"/curation/acts/{operation['id']}").json()["undoable"] is False


def test_a_large_one_is_polled(publisher: APIClient, django_assert_max_num_queries: Any) -> None:
    images = ImageFactory.create_batch(AT_ONCE + 1)
    operation = begin(publisher, "remove", images=[image.pk for image in images]).json()
    assert (operation["state"], operation["done"]) == ("queued", 0)
    run_operation(operation_id=operation["id"])
    with django_assert_max_num_queries(4):
        polled = publisher.get(f"/curation/acts/{operation['id']}")
    assert (polled.json()["state"], polled.json()["done"]) == ("done", AT_ONCE + 1)
    again = publisher.get(f"/curation/acts/{operation['id']}", headers={"If-None-Match": polled["ETag"]})
    assert again.status_code == 304


class TestReleases:
    def test_history_diff_and_roll_back(self, publisher: APIClient) -> None:
        images = pool(2)
        for image in images:
            begin(publisher, "publish", images=[image.pk])
        second, first = publisher.get("/curation/releases?garden=calm").json()["releases"]
        assert [(release["number"], release["live"]) for release in (first, second)] == [(1, False), (2, True)]
        diff = publisher.get(f"/curation/releases/{first['id']}/diff?with={second['id']}").json()
        assert (diff["added"], diff["removed"]) == (["emotions/calm/img_1_0h.jpeg"], [])
        operation = publisher.post(
            f"/curation/releases/{first['id']}/roll-back", {"note": "too much"}, format="json"
        ).json()
        assert (operation["kind"], operation["state"], operation["releases"][0]["number"]) == ("roll_back", "done", 3)
        assert serving() == {"emotions/calm/img_0_0h.jpeg"}

    def test_a_scheduled_one_waits_and_is_cancelled(self, publisher: APIClient) -> None:
        later = (timezone.now() + timedelta(days=1)).isoformat()
        image = pool(1)[0]
        operation = begin(publisher, "publish", images=[image.pk], schedule=later).json()
        (release,) = operation["releases"]
        assert release["number"] is None
        assert serving() == set()
        answer = publisher.post(f"/curation/releases/{release['id']}/cancel")
        assert answer.json()["state"] == "done"
        assert Release.objects.get().cancelled_at
        image.refresh_from_db()
        assert image.state == Image.State.POOL
        again = publisher.post(f"/curation/releases/{release['id']}/cancel")
        assert (again.status_code, again.json()["id"]) == (200, answer.json()["id"])

    def test_a_curator_may_look_and_not_roll_back(self, publisher: APIClient) -> None:
        begin(publisher, "publish", images=[pool(1)[0].pk])
        publisher.force_authenticate(member("curator"))
        (release,) = publisher.get("/curation/releases?garden=calm").json()["releases"]
        assert publisher.post(f"/curation/releases/{release['id']}/roll-back").status_code == 403

    @pytest.mark.parametrize("path", ["releases?garden=bored", "releases/1/diff", "releases/1/diff?with=x"])
    def test_what_is_not_there_is_refused(self, publisher: APIClient, path: str) -> None:
        assert publisher.get(f"/curation/{path}").status_code in (400, 404)


HUGE = 1002060445187450863616


@pytest.fixture
def curator(api: APIClient) -> APIClient:
    api.force_login(member("operator"))
    return api


def send(client: APIClient, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("number", [2**63, "9" * 5_000])
@pytest.mark.parametrize(
    "path",
    [
        "/curation/lookalikes/{}/settle",
        "/curation/releases/{}/roll-back",
        "/curation/releases/{}/cancel",
        "/curation/retouch/presets/{}/delete",
    ],
)
def test_it_finds_nothing_under_a_number_larger_than_any_id(curator: APIClient, path: str, number: object) -> None:
    answer = send(curator, path.format(number), {"id": str(uuid.uuid4()), "how": "keep_all"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_it_says_that_a_group_with_the_largest_id_is_gone(curator: APIClient) -> None:
    answer = send(curator, f"/curation/lookalikes/{2**63 - 1}/settle", {"id": str(uuid.uuid4()), "how": "keep_all"})
    assert (answer.status_code, answer.json()["group"]) == (409, 2**63 - 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/curation/acts", {"id": str(uuid.uuid4()), "kind": "remove", "images": [HUGE]}),
        ("/curation/acts", {"id": str(uuid.uuid4()), "kind": "remove", "filter": {"start": HUGE}}),
        ("/curation/acts", {"id": str(uuid.uuid4()), "kind": "remove", "filter": {"emotion": "\ud800"}}),
        ("/curation/decisions", {"decisions": [{"event": str(uuid.uuid4()), "image": HUGE, "verdict": "like"}]}),
        ("/retrieve", {"emotion": "calm", "start": HUGE}),
        ("/bulk", {"index": HUGE, "prompt": "{}", "fname": "imgPool/happy/img_1"}),
        ("/text2image", {"text": "a pond", "seed": HUGE}),
        ("/gpu-hosts/idle", {"seconds": HUGE}),
    ],
)
def test_it_refuses_values_that_no_column_holds(curator: APIClient, path: str, body: dict[str, Any]) -> None:
    answer = send(curator, path, body)
    assert (answer.status_code, set(answer.json()) >= {"code", "detail"}) == (400, True)


def test_it_names_the_wrong_one_of_several_decisions(curator: APIClient) -> None:
    image = ImageFactory.create(key="imgPool/calm/a_h.jpeg").pk
    right = {"event": str(uuid.uuid4()), "image": image, "verdict": "like"}
    answer = send(curator, "/curation/decisions", {"decisions": [right, {**right, "verdict": "perhaps"}]})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("verdict: ")
