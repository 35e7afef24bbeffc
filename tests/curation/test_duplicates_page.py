"""Groups of look-alikes over REST and on their page: who may, how much is asked, what is told."""

import uuid
from typing import Any

import pytest
from django.test import Client

from garden.models import Image
from tests.curation.alike import group_ids, open_sizes, placed
from tests.curation.cast import member

pytestmark = pytest.mark.django_db
GROUPS = "/curation/lookalikes"


def signed_in(group: str) -> Client:
    client = Client()
    client.force_login(member(group))
    return client


def settle(client: Client, group: int, how: str, **more: Any) -> Any:
    said = {"id": str(uuid.uuid4()), "how": how, **more}
    return client.post(f"{GROUPS}/{group}/settle", said, content_type="application/json")


def test_it_pages_through_the_groups_newest_first() -> None:
    for n in range(5):
        for _ in range(2):
            placed(n * 0x1111_1111_1111_1111)
    client = signed_in("viewer")
    found: list[int] = []
    before: Any = ""
    while before is not None:
        page = client.get(f"{GROUPS}?limit=2{before and f'&before={before}'}").json()
        found += [group["id"] for group in page["groups"]]
        before = page["next"]
    assert found == group_ids()[::-1]
    assert len(found) == 5


def test_it_tells_what_tells_pictures_apart() -> None:
    placed(0, key="imgPool/calm/img_1h.jpeg", published_at=None, prompt="lake", parameters={"seed": 7})
    placed(0x3F, sharpness=9, key="imgPool/calm/img_2h.jpeg", published_at=None)
    (group,) = signed_in("viewer").get(GROUPS).json()["groups"]
    assert group["size"] == 2
    best, other = group["images"]
    assert (best["sharpness"], best["distance"], best["seed"]) == (9.0, 0, None)
    assert (other["distance"], other["seed"], other["prompt"], other["state"]) == (6, 7, "lake", "pool")
    assert other["thumb"] == other["url"]


def test_it_leaves_out_groups_whose_pictures_went_elsewhere() -> None:
    gone = [placed(0), placed(0)]
    placed(2**40 - 1), placed(2**40 - 1)
    Image.objects.filter(pk=gone[0].pk).withdraw()
    page = signed_in("viewer").get(GROUPS).json()
    assert [group["size"] for group in page["groups"]] == [2]
    assert open_sizes() == [2]


@pytest.mark.parametrize("number", [1, 6])
def test_it_asks_the_database_as_often_for_many_groups_as_for_one(number: int, django_assert_num_queries: Any) -> None:
    for n in range(number):
        placed(n * 0x1111_1111_1111_1111), placed(n * 0x1111_1111_1111_1111)
    client = signed_in("viewer")
    with django_assert_num_queries(
        9
    ):  # session, user, permissions of user and of groups; groups, pictures, likes, small
        assert len(client.get(GROUPS).json()["groups"]) == number


def test_a_curator_settles_and_takes_back() -> None:
    one, _other = placed(0), placed(0)
    client = signed_in("curator")
    said = settle(client, group_ids()[0], "keep_best", image=one.pk).json()
    assert (said["best"], said["undone"], client.get(GROUPS).json()["groups"]) == (one.pk, False, [])
    assert client.post(f"/curation/settlements/{said['id']}/undo").json()["undone"] is True
    assert len(client.get(GROUPS).json()["groups"]) == 1


@pytest.mark.parametrize(
    ("group", "how", "status"),
    [("viewer", "keep_all", 403), ("curator", "remove_others", 200), ("curator", "burn", 400)],
)
def test_it_asks_for_permissions_and_known_words(group: str, how: str, status: int) -> None:
    placed(0), placed(0)
    assert settle(signed_in(group), group_ids()[0], how).status_code == status


def test_a_group_that_is_settled_is_told_so() -> None:
    placed(0), placed(0)
    client, group = signed_in("curator"), group_ids()[0]
    settle(client, group, "remove_others")
    answer = settle(client, group, "keep_best")
    assert (answer.status_code, answer.json()["code"]) == (409, "group_gone")


def test_the_page_brings_the_first_groups_with_it() -> None:
    placed(0), placed(0)
    page = signed_in("viewer").get("/admin/curation/lookalikes/")
    assert page.status_code == 200
    assert page.context["first"]["groups"][0]["size"] == 2
    assert page.context["config"]["may"] == {"decide": False, "remove": False}


def test_the_page_is_for_those_who_may_review() -> None:
    client = Client()
    assert client.get("/admin/curation/lookalikes/").status_code == 302
    user = member("viewer")
    user.groups.clear()
    client.force_login(user)
    assert client.get("/admin/curation/lookalikes/").status_code == 403
