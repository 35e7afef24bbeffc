"""The review page by day and by night, on a laptop, a phone and a wall: WCAG AA as far as a machine can tell."""

from typing import Any

import pytest

from tests.journeys.review_page import ReviewPage
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.test_review import Desk, desk, pool

__all__ = ["desk", "pool"]

WIDTHS = (360, 390, 700, 820, 1024, 1280, 1440, 1920, 2560, 3840)
CUT_OR_COVERED = """() => [...document.querySelectorAll(".review-bar button")]
  .filter((button) => button.checkVisibility())
  .filter((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const inside = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return !inside || button.scrollWidth > button.clientWidth + 1 || button.scrollHeight > button.clientHeight + 1;
  })
  .map((button) => button.innerText)"""

SCREENS = {"laptop": (1440, 900), "phone": (390, 844), "wall": (3840, 2160)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_view_is_for_everyone(desk: Desk, pool: list[int], screen: str, theme: str) -> None:
    width, height = SCREENS[screen]
    review = desk(screen={"width": width, "height": height}, color_scheme=theme).open()
    review.press("l", "d", "3", "m")
    review.is_saved()
    faults = _faults(review, "grid")
    review.press(" ")
    faults += _faults(review, "one")
    review.press("x")
    review.page.locator("#question").wait_for()
    faults += _faults(review, "question")
    review.press("Escape")
    review.page.locator("#question").wait_for(state="hidden")
    review.press("?")
    review.page.locator("#help").wait_for()
    faults += _faults(review, "help")
    assert faults == []


@pytest.mark.parametrize("hall", ["viewer", "trash"])
def test_an_empty_hall_is_for_everyone(desk: Desk, hall: str) -> None:
    review = desk().open(hall)
    assert _faults(review, hall) == []


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_no_word_of_the_bar_is_cut_on_any_screen(desk: Desk, pool: list[int], language: str) -> None:
    review = desk(screen={"width": WIDTHS[0], "height": 900}).open()
    review.page.set_extra_http_headers({"Accept-Language": language})
    review.page.reload()
    review.is_ready().press("m")
    cut = []
    for width in WIDTHS:
        review.page.set_viewport_size({"width": width, "height": 900})
        cut += [f"{width} px: {words}" for words in review.page.evaluate(CUT_OR_COVERED)]
    assert cut == []


def _faults(review: ReviewPage, where: str) -> list[str]:
    page = review.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    faults = [
        f"{where}: {rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return faults if wide <= screen else [*faults, f"{where}: {wide} px wide on a screen of {screen} px"]
