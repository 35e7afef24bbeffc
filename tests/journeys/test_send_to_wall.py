"""A curator sends a picture from the viewer to a wall."""

from playwright.sync_api import expect

from garden.models import Assignment, Image, Zone
from tests.journeys.axe import faults_on
from tests.journeys.review_page import Desk, ReviewPage


def test_the_picture_at_hand_is_shown_in_the_zone_that_is_chosen(desk: Desk, garden: list[Image]) -> None:
    hall, _ = (
        Zone.objects.create(name=name, title=title) for name, title in (("zone1", "Entrance hall"), ("zone2", ""))
    )
    review = desk("kim", "curator").open("library", "?orientation=portrait")
    review.press("j", "w")
    chooses(review, "Entrance hall")
    review.says("Now shown in Entrance hall: 1v")
    hanging = Assignment.objects.get()
    assert (hanging.zone, hanging.image_id, hanging.source) == (hall, review.at, "curator")
    review.press("w")
    review.page.locator("#wall").wait_for()
    assert faults_on(review.page) == []
    review.press("Escape")
    expect(review.page.locator("#wall")).to_be_hidden()
    review.page.get_by_role("button", name="Send to wall").click()
    chooses(review, "Cancel")
    assert Assignment.objects.count() == 1


def test_neither_a_picture_of_the_pool_nor_one_who_may_only_look_reaches_a_wall(desk: Desk, pool: list[int]) -> None:
    Zone.objects.create(name="zone1")
    review = desk("kim", "curator").open()
    review.press("w")
    chooses(review, "zone1")
    expect(review.page.locator("#notice")).to_contain_text("Publish it first.")
    review.problems.clear()  # The browser notes the refusal.

    looking = desk("eve", "viewer").open("library")
    looking.press("w")
    expect(looking.page.locator("#wall")).to_have_count(0)
    expect(looking.page.get_by_role("button", name="Send to wall")).to_have_count(0)
    assert not Assignment.objects.exists()


def chooses(review: ReviewPage, zone: str) -> None:
    review.page.locator("#wall").get_by_role("button", name=zone).click()
