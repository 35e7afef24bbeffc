"""A curator marks single pictures in review, and takes exactly these to the page for many, in a real browser."""

import json

from playwright.sync_api import expect

from garden.models import Image
from generation.models import BatchItem
from tests.journeys.batch_page import BatchPage
from tests.journeys.patience import comes_to_be
from tests.journeys.review_page import Desk, ReviewPage

NARROW = {"width": 400, "height": 700}
"""One picture below the other: most of them have no tile."""


def is_marked(review: ReviewPage, image: int, marked: bool = True) -> None:
    expect(review.tile(image)).to_have_attribute("aria-checked", str(marked).lower())


def shows_progress(review: ReviewPage, text: str) -> None:
    expect(review.page.locator(".bar-marked")).to_have_text(text)


def brought_along(review: ReviewPage) -> list[str]:
    """Names of the pictures on the page for many, once it is there."""
    batch = BatchPage(review.page, review.address).is_ready()
    return [str(image.get_attribute("title")) for image in batch.candidates.locator("img").all()]


def keys(*images: int) -> list[str]:
    return [Image.objects.get(pk=image).key for image in images]


def test_marked_pictures_and_no_others_become_a_batch_unless_they_go_to_the_trash(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.press("m", "j", "j", "m", "j", "j", "j")
    review.press("Shift+M")
    shows_progress(review, "5 marked")
    review.press("m")
    shows_progress(review, "4 marked")
    wanted = [pool[0], *pool[2:5]]
    for image in pool[:7]:
        is_marked(review, image, image in wanted)
    expect(review.page.locator(".batch-what")).to_have_text("Retouch the 4 marked")
    review.press("b")
    review.page.wait_for_url("**marked=1")
    assert brought_along(review) == keys(*wanted)

    batch = BatchPage(review.page, review.address)
    expect(batch.candidates).to_have_count(4)
    Image.objects.filter(pk=pool[2]).withdraw()
    review.page.reload()
    assert brought_along(review) == keys(pool[0], *pool[3:5])
    batch.shows_message("Left out, because they are in the trash or gone: 1.")
    Image.objects.filter(pk=pool[0]).withdraw()
    review.page.locator("[data-preview]").click()
    batch.shows_message("Left out, because they are in the trash or gone: 2.")
    review.problems.clear()  # The browser notes the refusal.
    batch.preview()
    assert list(BatchItem.objects.in_order().values_list("image", flat=True)) == pool[3:5]
    review.open()
    shows_progress(review, "")
    expect(review.page.locator(".batch-what")).to_have_text("Retouch all of these")


def test_marks_outlive_scrolling_a_reload_and_another_filter_until_escape(desk: Desk, pool: list[int]) -> None:
    review = desk(screen=NARROW).open()
    review.press("m", "j", "Shift+ArrowDown", "Shift+ArrowDown")
    shows_progress(review, "4 marked")
    review.press("End")
    expect(review.tile(pool[0])).to_have_count(0)
    review.press("m", "Home")
    for image in pool[:4]:
        is_marked(review, image)
        review.press("j")
    is_marked(review, pool[4], marked=False)
    review.reload()
    shows_progress(review, "5 marked")
    is_marked(review, pool[3])
    review.open(query="?orientation=portrait")
    shows_progress(review, "5 marked")
    review.press("End")
    expect(review.tile(pool[-2])).to_be_visible()
    is_marked(review, pool[-2], marked=False)
    review.press("Shift+M")
    shows_progress(review, "6 marked")
    review.press("b")
    assert brought_along(review) == keys(*pool[:4], pool[-2], pool[-1])

    review.open()
    shows_progress(review, "6 marked")
    review.press(" ")
    expect(review.page.locator(".one-verdict")).to_contain_text("☑ marked")
    expect(review.page.locator('[data-action="mark"]')).to_have_attribute("aria-pressed", "true")
    review.press("m")
    shows_progress(review, "5 marked")
    review.press("Escape")
    expect(review.page.locator(".one")).to_be_hidden()
    shows_progress(review, "5 marked")
    review.press("Escape")
    review.says("No picture is marked any more.")
    shows_progress(review, "")
    is_marked(review, pool[1], marked=False)
    review.is_at(pool[0])
    review.reload()
    shows_progress(review, "")


COUNT_WRITES = """() => {
  window.writes = 0;
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (name, value) {
    if (name.startsWith("curation.marked")) window.writes += 1;
    setItem.call(this, name, value);
  };
}"""
KEPT = "Object.entries(sessionStorage).find(([name]) => name.startsWith('curation.marked'))?.[1] ?? '[]'"


def test_marks_made_at_a_stretch_are_written_down_together(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.page.evaluate(COUNT_WRITES)
    review.press("m", *["Shift+ArrowRight"] * 6)
    comes_to_be(review.page, lambda: json.loads(review.page.evaluate(KEPT)) == pool[:7], "the marks are kept")
    assert review.page.evaluate("window.writes") < 6


def test_a_mouse_marks_at_the_corner_and_a_range_with_shift_and_is_announced(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    page, grid = review.page, review.page.get_by_role("listbox")
    expect(grid).to_have_attribute("aria-multiselectable", "true")
    review.tile(pool[1]).hover()
    review.tile(pool[1]).locator(".tile-mark").click()
    expect(grid.get_by_role("option", checked=True)).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1 marked")).to_be_visible()
    review.tile(pool[4]).click(modifiers=["Shift"])
    shows_progress(review, "4 marked")
    review.tile(pool[2]).click(modifiers=["ControlOrMeta"])
    shows_progress(review, "3 marked")
    review.tile(pool[6]).hover()
    review.tile(pool[6]).locator(".tile-mark").dblclick()
    shows_progress(review, "3 marked")
    expect(page.locator(".one")).to_be_hidden()
    review.is_at(pool[6])
    review.press("?")
    expect(page.locator("#help")).to_contain_text("mark this picture, or unmark it")
    expect(page.locator("#help")).to_contain_text("mark while moving")
    review.press("Escape")

    page.get_by_text("More filters").click()
    page.get_by_label("How many").fill("5")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**end=**")
    review.is_ready()
    review.counts("all", "5")
    review.press("End")
    review.is_at(pool[4])
