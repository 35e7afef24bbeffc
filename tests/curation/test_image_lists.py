"""GET /curation/images: pages by id, the same number of queries whatever their length."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.library import paging
from curation.services.votes import NewDecision, decide
from garden.models import Image
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
Answer = dict[str, Any]


@pytest.fixture
def viewer(client: Client) -> Client:
    user = get_user_model().objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_review"))
    client.force_login(user)
    return client


@pytest.fixture
def ask(viewer: Client) -> Callable[..., Answer]:
    def ask(**params: Any) -> Answer:
        answer = viewer.get("/curation/images", params)
        assert answer.status_code == 200, answer.content
        found: Answer = answer.json()
        return found

    return ask


def pictures(count: int, **fields: Any) -> list[int]:
    """Ids of new pool pictures, newest first."""
    made = [ImageFactory(key=f"imgPool/calm/img_{_next()}h.jpeg", published_at=None, **fields) for _ in range(count)]
    return [image.pk for image in reversed(made)]


def _next() -> int:
    return Image.objects.count()


def ids(answer: Answer) -> list[int]:
    return [image["id"] for image in answer["images"]]


def test_it_pages_from_the_newest_to_the_oldest(ask: Callable[..., Answer]) -> None:
    made = pictures(5)
    first = ask(limit=2)
    assert ids(first) == made[:2]
    assert first["previous"] is None
    second = ask(limit=2, before=first["next"])
    last = ask(limit=2, before=second["next"])
    assert ids(second) + ids(last) == made[2:]
    assert last["next"] is None


def test_it_pages_back_to_the_newest(ask: Callable[..., Answer]) -> None:
    made = pictures(5)
    page = ask(limit=2, after=made[4])
    assert ids(page) == made[2:4]
    page = ask(limit=2, after=page["previous"])
    assert ids(page) == made[:2]
    assert page["previous"] is None


def test_it_opens_around_a_picture(ask: Callable[..., Answer]) -> None:
    made = pictures(9)
    page = ask(limit=4, around=made[4])
    assert ids(page) == made[2:6]
    assert ids(ask(limit=9, before=page["next"])) == made[6:]
    assert ids(ask(limit=9, after=page["previous"])) == made[:2]


def test_it_opens_around_the_place_of_a_picture_that_left(ask: Callable[..., Answer]) -> None:
    made = pictures(5)
    Image.objects.filter(pk=made[2]).withdraw()
    assert ids(ask(limit=4, around=made[2])) == [made[0], made[1], made[3], made[4]]


def test_a_narrow_filter_goes_on_in_strides(ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "STRIDE", 3)
    far = pictures(1, model="rare")
    pictures(10)
    page = ask(limit=2, model="rare")
    found, asked = ids(page), 1
    while page["next"] is not None and asked < 10:
        page = ask(limit=2, model="rare", before=page["next"])
        found, asked = found + ids(page), asked + 1
    assert found == far
    assert asked > 1
    page = ask(limit=2, model="rare", after=far[0] - 1)
    assert ids(page) == far


def test_it_shows_the_votes_of_the_curator_who_asks(ask: Callable[..., Answer]) -> None:
    made = pictures(2)
    viewer = get_user_model().objects.get(username="viewer")
    other = get_user_model().objects.create_user("other")
    decide(by=viewer, decisions=[NewDecision(uuid.uuid4(), made[0], "like", 4)])
    decide(by=other, decisions=[NewDecision(uuid.uuid4(), made[1], "dislike")])
    assert [image["mine"] for image in ask()["images"]] == [{"verdict": "like", "rating": 4}, None]


def test_it_finds_pictures_by_id_in_any_state(ask: Callable[..., Answer]) -> None:
    made = pictures(2)
    Image.objects.filter(pk=made[0]).withdraw()
    answer = ask(ids=f"{made[0]},{made[1]},987654")
    assert {image["id"]: image["state"] for image in answer["images"]} == {made[0]: "trash", made[1]: "pool"}


def test_sixty_pictures_need_no_more_queries_than_one(
    viewer: Client, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    pictures(60)
    # Session, user, second factor, permissions of user and of groups; images, small ones, look-alikes, votes.
    with django_assert_max_num_queries(9):
        viewer.get("/curation/images", {"limit": 60})


def test_it_answers_304_until_something_changed(viewer: Client) -> None:
    made = pictures(2)
    etag = viewer.get("/curation/images")["ETag"]
    assert viewer.get("/curation/images", headers={"If-None-Match": etag}).status_code == 304
    Image.objects.filter(pk=made[0]).update(verdict="like")
    assert viewer.get("/curation/images", headers={"If-None-Match": etag}).status_code == 200


def test_sixty_pictures_are_light(viewer: Client) -> None:
    pictures(60, prompt="a calm sea of poppies, " * 50)
    assert len(viewer.get("/curation/images").content) < 75_000


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": "501"}, "limit"),
        ({"before": "-1"}, "before"),
        ({"ids": "1;2"}, "ids"),
        ({"emotion": "bored"}, "emotion"),
    ],
)
def test_it_refuses_nonsense_and_names_the_field(viewer: Client, asked: dict[str, str], field: str) -> None:
    answer = viewer.get("/curation/images", dict(asked))
    assert answer.status_code == 400
    assert field in answer.json()["detail"]


def test_it_counts_what_was_decided(viewer: Client) -> None:
    pictures(2, verdict="like")
    pictures(3)
    pictures(1, verdict="disputed")
    expected = {"all": 6, "liked": 2, "disliked": 0, "undecided": 3, "disputed": 1, "at_least": []}
    assert viewer.get("/curation/counts").json() == expected
    assert viewer.get("/curation/counts", {"verdict": "like"}).json()["all"] == 2


def test_it_counts_to_a_limit_and_further_on_request(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.library.paging.ENOUGH", 3)
    pictures(5)
    pictures(3, verdict="like")
    counts = viewer.get("/curation/counts").json()
    assert (counts["undecided"], counts["liked"], counts["at_least"]) == (3, 3, ["all", "undecided"])
    assert viewer.get("/curation/counts", {"exact": 0}).json() == counts
    counts = viewer.get("/curation/counts", {"exact": 1}).json()
    assert (counts["undecided"], counts["all"], counts["at_least"]) == (5, 8, [])


def test_a_narrow_count_looks_at_the_newest_only(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.library.paging.STRIDE", 1)
    pictures(1, model="rare")
    pictures(9, model="usual")
    counts = viewer.get("/curation/counts", {"model": "rare"}).json()
    assert counts["undecided"] == 0
    assert "undecided" in counts["at_least"]
    assert viewer.get("/curation/counts", {"model": "rare", "exact": "1"}).json()["undecided"] == 1


def test_a_page_of_one_skips_no_newer_picture(ask: Callable[..., Answer]) -> None:
    made = pictures(3)
    page = ask(limit=1, around=made[1])
    assert ids(page) == [made[1]]
    assert ids(ask(limit=1, after=page["previous"])) == [made[0]]


def test_new_pictures_do_not_shift_the_next_page(ask: Callable[..., Answer]) -> None:
    made = pictures(4)
    first = ask(limit=2)
    pictures(3)
    assert ids(ask(limit=2, before=first["next"])) == made[2:]
