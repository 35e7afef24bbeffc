"""The review page by day and by night, on a laptop, a phone and a wall: WCAG AA as far as a machine can tell."""

import pytest

from tests.journeys.axe import faults_on
from tests.journeys.patience import comes_true
from tests.journeys.review_page import LAPTOP, PHONE, Desk

WIDTHS = (360, 390, 700, 820, 1024, 1280, 1440, 1920, 2560, 3840)
CUT_OR_COVERED = """() => [...document.querySelectorAll(".review-bar button")]
  .filter((button) => button.checkVisibility())
  .filter((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const inside = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return !inside || button.scrollWidth > button.clientWidth + 1 || button.scrollHeight > button.clientHeight + 1;
  })
  .map((button) => button.innerText)"""


@pytest.mark.parametrize(("screen", "theme"), [(LAPTOP, "light"), (PHONE, "dark")], ids=["laptop", "phone"])
def test_every_view_is_for_everyone(desk: Desk, pool: list[int], screen: dict[str, int], theme: str) -> None:
    review = desk(screen=screen, color_scheme=theme).open()
    review.press("l", "d", "3", "m")
    review.is_saved()
    faults = {"grid": faults_on(review.page)}
    review.press(" ")
    faults["one"] = faults_on(review.page)
    review.press("x")
    review.page.locator("#question").wait_for()
    faults["question"] = faults_on(review.page)
    review.press("Escape")
    review.page.locator("#question").wait_for(state="hidden")
    review.press("?")
    review.page.locator("#help").wait_for()
    faults["help"] = faults_on(review.page)
    for empty in ("library/", "library/?state=trash"):
        faults[empty] = faults_on(review.open(*empty.split("/")).page)
    assert not any(faults.values()), faults


def test_no_word_of_the_bar_is_cut_on_any_screen(desk: Desk, pool: list[int]) -> None:
    review = desk()
    cut = []
    for language in ("en", "ko", "ja"):
        review.page.set_extra_http_headers({"Accept-Language": language})
        review.open().press("m")
        for width in WIDTHS:
            review.page.set_viewport_size({"width": width, "height": 900})
            cut += [f"{language}, {width} px: {words}" for words in review.page.evaluate(CUT_OR_COVERED)]
            comes_true(
                review.page, "document.documentElement.scrollWidth <= innerWidth"
            )  # The grid follows the window.
    assert cut == []
