"""A curator sends a picture from the viewer to a wall."""

import pytest
from playwright.sync_api import expect

from garden.models import Assignment, Image, Zone
from tests.journeys.review_page import ReviewPage
from tests.journeys.test_review import Desk, desk, pool
from tests.journeys.test_review_accessibility import _faults

__all__ = ["desk", "pool"]


@pytest.fixture
def halls(garden: list[Image]) -> list[Zone]:
    return [Zone.objects.create(name=name, title=title) for name, title in (("zone1", "Entrance hall"), ("zone2", ""))]


def chooses(review: ReviewPage, zone: str) -> None:
    review.page.locator("#wall").get_by_role("button", name=zone).click()


def test_the_picture_at_hand_hangs_in_the_zone_that_is_chosen(desk: Desk, halls: list[Zone]) -> None:
    review = desk(group="curator").open("viewer", "?orientation=portrait")
    review.press("j", "w")
    chooses(review, "Entrance hall")
    review.says("Hangs in Entrance hall now: 1v")
    hanging = Assignment.objects.get()
    assert (hanging.zone, hanging.image_id, hanging.source) == (halls[0], review.at, "curator")
    review.press("w")
    review.page.locator("#wall").wait_for()
    assert _faults(review, "wall") == []
    review.press("Escape")
    expect(review.page.locator("#wall")).to_be_hidden()
    review.page.get_by_role("button", name="Send to wall").click()
    chooses(review, "Cancel")
    assert Assignment.objects.count() == 1


def test_a_picture_of_the_pool_is_refused_in_a_sentence(desk: Desk, pool: list[int]) -> None:
    Zone.objects.create(name="zone1")
    review = desk(group="curator").open()
    review.press("w")
    chooses(review, "zone1")
    expect(review.page.locator("#notice")).to_contain_text("Publish it first.")
    assert not Assignment.objects.exists()
    review.problems.clear()  # The browser notes the refusal.


def test_who_may_not_hang_is_not_asked(desk: Desk, halls: list[Zone]) -> None:
    review = desk("eve", "viewer").open("viewer")
    review.press("w")
    expect(review.page.locator("#wall")).to_have_count(0)
    expect(review.page.get_by_role("button", name="Send to wall")).to_have_count(0)
