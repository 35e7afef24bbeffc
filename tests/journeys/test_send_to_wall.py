"""A curator takes pictures from review or the library to a wall."""

from playwright.sync_api import expect

from garden.models import Assignment, Image, Zone
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.review_page import Desk
from tests.journeys.test_make import is_for_everyone


def test_the_picture_at_hand_is_chosen_in_the_editor_of_the_wall(desk: Desk, garden: list[Image]) -> None:
    for name, title in (("zone1", "Entrance hall"), ("zone2", "")):
        Zone.objects.create(name=name, title=title)
    review = desk("kim", "publisher").open("library", "?orientation=portrait")
    review.press("j")
    image = sorted(image.pk for image in garden if image.orientation == "portrait")[-2]
    review.is_at(image)
    page = review.page
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Show on a wall").click()
    page.locator("#walls").wait_for()
    is_for_everyone(page)
    page.get_by_role("link", name="Entrance hall").click()
    page.wait_for_url("**/zone1/**")
    expect(page.locator(".tray-picture input:checked")).to_have_count(1)
    review.is_ready()
    page.keyboard.press("w")
    expect(page.locator(".wall-message")).to_have_text("Now shown: 1v", timeout=PATIENCE_MS)
    hanging = Assignment.objects.get()
    assert (hanging.zone.name, hanging.image_id, hanging.source) == ("zone1", image, "curator")


def test_neither_a_picture_of_the_pool_nor_one_who_may_only_look_reaches_a_wall(desk: Desk, pool: list[int]) -> None:
    Zone.objects.create(name="zone1")
    review = desk("kim", "curator").open()
    review.press("w")
    expect(review.page.locator(".tray")).to_contain_text("Publish them first.", timeout=PATIENCE_MS)

    looking = desk("eve", "viewer").open("library")
    looking.press("w")
    expect(looking.page.get_by_role("button", name="Show on a wall")).to_have_count(0)
    assert "/library/" in looking.page.url
    assert not Assignment.objects.exists()
