"""`POST /curation/walls/{zone}`: a curator hangs pictures of the garden."""

from typing import Any

import pytest
from django.test import Client

from garden.models import Assignment, WallChange, Zone
from tests.curation.cast import member
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
WALL = "/curation/walls/zone1"


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(member("curator"))
    Zone.objects.create(name="zone1", title="Entrance hall")
    return client


def send(client: Client, *keys: str, wall: str = WALL) -> Any:
    return client.post(wall, {"keys": [*keys]}, content_type="application/json")


def hanging() -> dict[str, str]:
    return {str(row).partition(":")[0]: row.image.key for row in Assignment.objects.select_related("zone", "image")}


def test_pictures_hang_where_their_orientation_has_a_place(curator: Client) -> None:
    keys = [ImageFactory.create(key=f"emotions/calm/img_1{side}.jpeg").key for side in "hv"]
    answer = send(curator, *keys)
    assert answer.status_code == 200
    assert answer.json() == {"zone": "zone1", "title": "Entrance hall", "version": 1, "slots": ["1h", "1v"]}
    assert hanging() == {"zone1/1h": keys[0], "zone1/1v": keys[1]}
    change = WallChange.objects.get()
    assert (change.source, change.by) == ("curator", "curator")


def test_of_an_original_its_copy_in_the_garden_hangs(curator: Client) -> None:
    original = ImageFactory.create(key="imgPool/calm/img_1h.jpeg", published_at=None, state="published")
    copy = ImageFactory.create(key="emotions/calm/img_1h.jpeg", published_from=original)
    assert send(curator, original.key).status_code == 200
    assert hanging() == {"zone1/1h": copy.key}


@pytest.mark.parametrize(
    ("key", "more"),
    [
        ("imgPool/calm/img_1h.jpeg", {"published_at": None}),
        ("imgPool/calm/img_1h.jpeg", {"published_at": None, "state": "published"}),
        ("emotions/calm/img_1h.jpeg", {"state": "trash"}),
        ("emotions/calm/img_1h.jpeg", {"state": "shelved"}),
    ],
)
def test_what_visitors_cannot_see_is_refused_and_nothing_hangs(curator: Client, key: str, more: dict[str, Any]) -> None:
    good = ImageFactory.create(key="emotions/sad/img_2h.jpeg").key
    ImageFactory.create(key=key, **more)
    answer = send(curator, good, key)
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "not_published",
        "detail": "This picture is not in the garden now, so it cannot hang on a wall. Publish it first.",
        "key": key,
    }
    assert hanging() == {}


def test_unknown_pictures_and_zones_are_named(curator: Client) -> None:
    known = ImageFactory.create(key="emotions/sad/img_2h.jpeg").key
    answer = send(curator, "emotions/calm/none_1h.jpeg")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_image")
    answer = send(curator, known, wall="/curation/walls/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_zone")


@pytest.mark.parametrize("keys", [[], ["x"] * 17, "emotions/calm/img_1h.jpeg"])
def test_one_to_sixteen_pictures_are_taken(curator: Client, keys: Any) -> None:
    answer = curator.post(WALL, {"keys": keys}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_viewer_may_not_assign_pictures(client: Client) -> None:
    Zone.objects.create(name="zone1")
    key = ImageFactory.create(key="emotions/sad/img_2h.jpeg").key
    assert send(client, key).status_code == 401
    client.force_login(member("viewer"))
    assert send(client, key).status_code == 403
    assert hanging() == {}


def test_the_review_page_offers_walls_to_whoever_may_hang(client: Client) -> None:
    Zone.objects.create(name="zone1", title="Entrance hall")
    shown = {}
    for group in ("viewer", "curator"):
        client.force_login(member(group))
        for hall in ("review/", "library/", "library/?state=trash"):
            page = client.get(f"/admin/curation/{hall}").content.decode()
            shown[group, hall] = 'data-action="wall"' in page and "Entrance hall" in page
    assert [key for key, offered in shown.items() if offered] == [("curator", "review/"), ("curator", "library/")]
