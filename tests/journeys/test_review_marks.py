"""A curator marks single pictures in review, and takes exactly these to the page for many, in a real browser."""

import pytest
from playwright.sync_api import Locator, expect

from garden.models import Image
from generation.models import BatchItem
from tests.journeys.batch_page import BatchPage
from tests.journeys.review_page import ReviewPage
from tests.journeys.test_review import PHONE, PICTURES, Desk, desk, pool

__all__ = ["desk", "pool"]
NARROW = {"width": 400, "height": 700}
"""One picture below the other: most of them have no tile."""


def is_marked(review: ReviewPage, image: int, marked: bool = True) -> None:
    expect(review.tile(image)).to_have_attribute("aria-checked", str(marked).lower())


def told(review: ReviewPage, text: str) -> None:
    expect(review.page.locator(".bar-marked")).to_have_text(text)


def corner(review: ReviewPage, image: int) -> Locator:
    return review.tile(image).locator(".tile-mark")


def brought_along(review: ReviewPage) -> list[str]:
    """Names of the pictures on the page for many, once it is there."""
    batch = BatchPage(review.page, review.address).is_ready()
    return [str(image.get_attribute("title")) for image in batch.candidates.locator("img").all()]


def key_of(image: int, pool: list[int]) -> str:
    number, side = divmod(len(pool) - 1 - pool.index(image), 2)
    return f"imgPool/calm/img_{number}{'hv'[side]}.jpeg"


def test_marked_pictures_and_no_others_become_a_batch(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.press("m", "j", "j", "m", "j", "j", "j")
    review.press("Shift+M")
    told(review, "5 marked")
    review.press("m")
    told(review, "4 marked")
    wanted = [pool[0], *pool[2:5]]
    for image in pool[:7]:
        is_marked(review, image, image in wanted)
    expect(review.page.locator(".batch-what")).to_have_text("Retouch the 4 marked")
    review.press("b")
    review.page.wait_for_url("**marked=1")
    assert brought_along(review) == [key_of(image, pool) for image in wanted]
    review.page.reload()
    assert brought_along(review) == [key_of(image, pool) for image in wanted]
    batch = BatchPage(review.page, review.address)
    batch.preview()
    assert list(BatchItem.objects.in_order().values_list("image", flat=True)) == wanted
    review.open()
    told(review, "")
    expect(review.page.locator(".batch-what")).to_have_text("Retouch all of these")


def test_marks_outlive_scrolling_a_reload_and_another_filter(desk: Desk, pool: list[int]) -> None:
    review = desk(screen=NARROW).open()
    review.press("m", "j", "Shift+ArrowDown", "Shift+ArrowDown")
    told(review, "4 marked")
    review.press("End")
    expect(review.tile(pool[0])).to_have_count(0)
    review.press("m", "Home")
    for image in pool[:4]:
        is_marked(review, image)
        review.press("j")
    is_marked(review, pool[4], marked=False)
    review.reload()
    told(review, "5 marked")
    is_marked(review, pool[3])
    review.open(query="?orientation=portrait")
    told(review, "5 marked")
    review.press("End")
    expect(review.tile(pool[-2])).to_be_visible()
    is_marked(review, pool[-2], marked=False)
    review.press("Shift+M")
    told(review, "6 marked")
    review.press("b")
    assert brought_along(review) == [key_of(image, pool) for image in (*pool[:4], pool[-2], pool[-1])]


def test_marked_pictures_that_went_to_the_trash_since_are_left_out_and_the_others_made(
    desk: Desk, pool: list[int]
) -> None:
    review = desk().open()
    review.press("m", "j", "m", "j", "m")
    told(review, "3 marked")
    Image.objects.filter(pk=pool[1]).withdraw()
    review.press("b")
    review.page.wait_for_url("**marked=1")
    batch = BatchPage(review.page, review.address)
    assert brought_along(review) == [key_of(pool[0], pool), key_of(pool[2], pool)]
    batch.said("Left out, because they are in the trash or gone: 1.")
    Image.objects.filter(pk=pool[0]).withdraw()
    review.page.locator("[data-preview]").click()
    batch.said("Left out, because they are in the trash or gone: 2.")
    review.problems.clear()  # The browser notes the refusal.
    batch.preview()
    assert list(BatchItem.objects.values_list("image", flat=True)) == [pool[2]]


def test_escape_leaves_full_screen_first_and_then_takes_all_marks_away(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.press("m", " ", "j", "m")
    expect(review.page.locator(".one-verdict")).to_contain_text("☑ marked")
    expect(review.page.locator('[data-action="mark"]')).to_have_attribute("aria-pressed", "true")
    told(review, "2 marked")
    review.press("Escape")
    expect(review.page.locator(".one")).to_be_hidden()
    told(review, "2 marked")
    review.press("Escape")
    review.says("No picture is marked any more.")
    told(review, "")
    for image in pool[:2]:
        is_marked(review, image, marked=False)
    review.is_at(pool[1])
    review.reload()
    told(review, "")


def test_a_mouse_marks_at_the_corner_and_a_range_with_shift(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.tile(pool[1]).hover()
    corner(review, pool[1]).click()
    review.tile(pool[4]).click(modifiers=["Shift"])
    told(review, "4 marked")
    review.tile(pool[2]).click(modifiers=["ControlOrMeta"])
    told(review, "3 marked")
    review.tile(pool[6]).hover()
    corner(review, pool[6]).dblclick()
    told(review, "3 marked")
    expect(review.page.locator(".one")).to_be_hidden()
    review.is_at(pool[6])


def test_a_finger_marks_at_the_corner_and_opens_elsewhere(desk: Desk, pool: list[int]) -> None:
    review = desk(screen=PHONE, has_touch=True, is_mobile=True).open()
    corner(review, pool[0]).tap()
    is_marked(review, pool[0])
    expect(review.page.locator(".one")).to_be_hidden()
    review.tile(pool[0]).tap()
    expect(review.page.locator(".one")).to_be_visible()
    review.page.locator(".one-on").tap()
    review.page.locator('[data-action="mark"]').tap()
    told(review, "2 marked")
    review.page.locator('[data-action="unmark"]').tap()
    told(review, "")


def test_it_is_a_list_of_which_several_may_be_chosen_and_the_help_says_how(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    grid = review.page.get_by_role("listbox")
    expect(grid).to_have_attribute("aria-multiselectable", "true")
    review.press("m")
    expect(grid.get_by_role("option", checked=True)).to_have_count(1)
    expect(review.page.get_by_role("status").filter(has_text="1 marked")).to_be_visible()
    review.press("?")
    expect(review.page.locator("#help")).to_contain_text("mark this picture, or unmark it")
    expect(review.page.locator("#help")).to_contain_text("mark along the way")


@pytest.mark.parametrize("key", ["m", "Shift+ArrowRight"])
def test_who_may_not_retouch_marks_nothing(desk: Desk, pool: list[int], key: str) -> None:
    review = desk("eve", "viewer").open()
    review.press(key)
    review.is_at(pool[1] if "Arrow" in key else pool[0])
    expect(review.page.get_by_role("listbox")).not_to_have_attribute("aria-multiselectable", "true")
    expect(review.page.locator(".tile-mark, .tile[aria-checked], .bar-marks")).to_have_count(0)
    expect(review.page.locator(".tile")).to_have_count(PICTURES)
