"""A publisher's whole day in one browser: make, watch, decide, remove, take back, publish, see it served, roll back."""

import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from curation.models import BulkOperation, Release
from garden.models import Image
from garden.vocabulary import Orientation
from tests.journeys.conftest import watch
from tests.journeys.review_page import LAPTOP, PASSWORD, ReviewPage
from tests.journeys.test_make import choose, made, queue
from tests.journeys.workshop import worker_at_work

PICTURES = 4
DISLIKED = (1,)
"""Places, newest first, of the pictures that the publisher does not like."""


@pytest.fixture
def review(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Iterator[ReviewPage]:
    user = User.objects.create_user("kim", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    page = context.new_page()
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    review = ReviewPage(page, live_server.url)
    watch(page, review)
    yield review.sign_in("kim")
    page.close()
    assert review.problems == []


def test_a_publisher_makes_a_garden_and_rolls_it_back(review: ReviewPage) -> None:
    _make_in_bulk(review)
    review.page.get_by_role("link", name="Review these pictures").click()
    review.is_ready()
    pool = list(Image.objects.pool().order_by("-pk").values_list("pk", flat=True))
    _decide_all(review, pool)
    _remove_take_back_and_remove_again(review, pool)
    _publish(review)
    calm, sad = _served(review, "calm"), _served(review, "sad")
    assert len(calm) + len(sad) == PICTURES - len(DISLIKED)
    assert calm
    assert sad
    _roll_back(review, "calm")
    assert _served(review, "calm") == []
    assert _served(review, "sad") == sad
    assert Release.objects.filter(garden="calm").count() == 2


def _make_in_bulk(review: ReviewPage) -> None:
    page = review.page
    page.goto(f"{review.address}/admin/curation/make/")
    choose(page, "calm", "sad", repeats=1)
    expect(page.locator("[data-count]")).to_contain_text(f"{PICTURES} pictures")
    queue(page)
    with worker_at_work():
        made(page, PICTURES)
    assert Image.objects.pool().count() == PICTURES


def _decide_all(review: ReviewPage, pool: list[int]) -> None:
    review.is_at(pool[0])
    review.press(*("d" if place in DISLIKED else "l" for place in range(PICTURES)))
    review.counts("liked", str(PICTURES - len(DISLIKED)))
    review.counts("disliked", str(len(DISLIKED)))
    review.is_saved()
    assert Image.objects.filter(verdict="").count() == 0


def _remove_take_back_and_remove_again(review: ReviewPage, pool: list[int]) -> None:
    removed = {pool[place] for place in DISLIKED}
    review.press("x")
    review.answers_yes("out of focus")
    review.says(f"Removed: {len(removed)}")
    assert set(Image.objects.in_trash().values_list("pk", flat=True)) == removed
    review.press("u")
    review.says(f"Back from the trash: {len(removed)}")
    assert Image.objects.pool().count() == PICTURES
    review.press("x")
    review.answers_yes("still out of focus")
    review.says(f"Removed: {len(removed)}")
    assert set(Image.objects.in_trash().values_list("pk", flat=True)) == removed
    assert set(BulkOperation.objects.exclude(note="").values_list("note", flat=True)) == {
        "out of focus",
        "still out of focus",
    }


def _publish(review: ReviewPage) -> None:
    review.press("p")
    review.answers_yes("the first garden")
    review.says(f"Published: {PICTURES - len(DISLIKED)}")


def _served(review: ReviewPage, emotion: str) -> list[str]:
    """Keys that a kiosk gets, which is signed in nowhere; each of them can be looked at."""
    body = json.dumps({"emotion": emotion}).encode()
    with urlopen(Request(f"{review.address}/gardenfromDB", body)) as answer:
        garden = json.load(answer)
    pictures = [picture for orientation in Orientation for picture in garden[orientation]]
    for picture in pictures:
        with urlopen(picture["url"]) as shown:
            assert shown.headers["Content-Type"] == "image/jpeg"
    return sorted(picture["key"] for picture in pictures)


def _roll_back(review: ReviewPage, emotion: str) -> None:
    """One click on the releases page."""
    page = review.page
    page.goto(f"{review.address}/admin/curation/releases/?garden={emotion}")
    expect(page.locator("tr.live")).to_contain_text("the first garden")
    page.get_by_role("button", name="Back to 0").click()
    expect(page.locator(".messagelist")).to_contain_text("rolled back to release")
