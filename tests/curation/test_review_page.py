"""The review page, the viewer and the trash as the server sends them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from garden.models import Image
from tests.curation.cast import member
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
REVIEW = "/admin/curation/review/"


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(member("curator"))
    return client


def pool(count: int) -> list[int]:
    """Ids of new pool pictures, newest first."""
    known = Image.objects.count()
    made = [
        ImageFactory(key=f"imgPool/calm/img_{known + n}h.jpeg", published_at=None, prompt="sea, " * 60)
        for n in range(count)
    ]
    return [image.pk for image in reversed(made)]


def part(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def shown(client: Client, address: str) -> list[int]:
    return [image["id"] for image in part(client.get(address).content.decode(), "review-first")["images"]]


def test_it_brings_the_first_pictures_with_the_page(curator: Client) -> None:
    made = pool(3)
    assert shown(curator, REVIEW) == made


def test_it_opens_around_the_picture_of_its_address(curator: Client) -> None:
    made = pool(100)
    found = shown(curator, f"{REVIEW}?at={made[80]}")
    assert made[80] in found
    assert made[0] not in found
    assert shown(curator, f"{REVIEW}?at=nonsense")[0] == made[0]


def test_each_list_shows_its_own_states(curator: Client) -> None:
    waiting = pool(1)
    serving = ImageFactory(key="emotions/calm/img_1h.jpeg").pk
    gone = ImageFactory(key="emotions/calm/img_2h.jpeg", state="trash").pk
    listings = {
        path: shown(curator, f"/admin/curation/{path}") for path in ("review/", "library/", "library/?state=trash")
    }
    assert listings == {"review/": waiting, "library/": [serving], "library/?state=trash": [gone]}
    assert curator.get("/admin/curation/review/?state=trash").status_code == 400


def test_the_trash_separates_pictures_with_a_missing_file_from_removed_ones(curator: Client) -> None:
    trash = "/admin/curation/library/?state=trash"
    lost, removed = pool(2)
    Image.objects.filter(pk=lost).withdraw(Image.TrashReason.FILE_MISSING)
    Image.objects.filter(pk=removed).withdraw()
    assert shown(curator, trash) == [lost, removed]
    assert shown(curator, f"{trash}&trash_reason=file_missing") == [lost]
    assert 'name="trash_reason"' in curator.get(trash).content.decode()
    assert 'name="trash_reason"' not in curator.get(REVIEW).content.decode()


def test_a_number_of_pictures_becomes_a_fixed_end_in_the_address(curator: Client) -> None:
    made = pool(9)
    answer = curator.get(REVIEW, {"number": "4", "emotion": "calm"})
    assert answer.status_code == 302
    pool(2)
    assert shown(curator, answer["Location"]) == made[:4]


def test_a_number_counts_from_the_start_of_the_request(curator: Client) -> None:
    made = pool(9)
    answer = curator.get(REVIEW, {"number": "2", "start": str(made[3])})
    assert shown(curator, answer["Location"]) == made[3:5]


@pytest.mark.parametrize("name", ["number", "at"])
@pytest.mark.parametrize("junk", ["9" * 30, "0" * 5_000])
def test_invalid_numbers_in_the_address_are_ignored(curator: Client, name: str, junk: str) -> None:
    made = pool(2)
    assert shown(curator, f"{REVIEW}?{name}={junk}") == made


@pytest.mark.parametrize("query", ["emotion=bored", "state=trash", "job=17", "start=x"])
def test_it_says_what_is_wrong_with_a_filter(curator: Client, query: str) -> None:
    answer = curator.get(f"{REVIEW}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.content.decode().partition("errornote")[2][:200]


def test_the_page_is_light_and_has_nothing_inline(curator: Client) -> None:
    pool(60)
    page = curator.get(REVIEW).content.decode()
    assert len(page.encode()) < 150_000
    assert not re.search(r"<style|\sstyle=|\son\w+=\"", page)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


def test_sixty_pictures_need_no_more_queries_than_one(
    curator: Client, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    pool(60)
    with django_assert_max_num_queries(16):
        curator.get(REVIEW)


def test_rights_decide_which_buttons_there_are(client: Client) -> None:
    pool(1)
    for group, buttons in {"viewer": set(), "curator": {"remove"}, "publisher": {"remove", "publish"}}.items():
        client.force_login(member(group))
        page = client.get(REVIEW).content.decode()
        assert {name for name in ("remove", "publish") if f'data-action="{name}"' in page} == buttons


@pytest.mark.parametrize(
    ("language", "word"), [("ko", "‘좋지 않음’ 그림을 휴지통으로"), ("ja", "「よくない」絵をゴミ箱へ")]
)
def test_it_speaks_the_curators_language(curator: Client, language: str, word: str) -> None:
    assert word in curator.get(REVIEW, headers={"Accept-Language": language}).content.decode()


def test_an_empty_review_leads_to_what_is_published(curator: Client) -> None:
    ImageFactory.create_batch(2)
    page = curator.get(REVIEW).content.decode()
    assert '<a href="/admin/curation/library/">2 published pictures</a>' in page
    pool(1)
    assert "published pictures</a>" not in curator.get(REVIEW).content.decode()


@pytest.mark.parametrize(
    "page",
    ["review", "library", "make", "fleet", "releases", "acts", "lookalikes", "dashboard", "retouch-batch"],
)
def test_every_page_needs_a_sign_in_and_its_permission(client: Client, django_user_model: Any, page: str) -> None:
    assert client.get(f"/admin/curation/{page}/")["Location"].startswith("/admin/login/")
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert client.get(f"/admin/curation/{page}/").status_code == 403


@pytest.mark.parametrize("route", ["images", "counts", "lookalikes", "releases?garden=calm", "retouch/options"])
def test_every_list_needs_a_sign_in_and_its_permission(client: Client, django_user_model: Any, route: str) -> None:
    assert client.get(f"/curation/{route}").status_code == 401
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert client.get(f"/curation/{route}").status_code == 403
