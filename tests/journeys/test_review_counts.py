"""What the bar of the review page counts, when the garden is slow to answer."""

from playwright.sync_api import Route

from curation.models import Vote
from tests.journeys.patience import PATIENCE_MS, comes_to_be
from tests.journeys.review_page import ReviewPage
from tests.journeys.test_review import Desk, desk, pool

__all__ = ["desk", "pool"]
COUNTS = "**/curation/counts?**"
DECISIONS = "**/curation/decisions"
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"
"""What the page does with an answer, it has done by then."""


def hold(review: ReviewPage, address: str) -> list[Route]:
    """The next request to the address waits until it is let go; those after it do not."""
    held: list[Route] = []
    review.page.route(address, lambda route: route.continue_() if held else held.append(route))
    return held


def waits(review: ReviewPage, held: list[Route]) -> None:
    comes_to_be(review.page, lambda: bool(held), "the request is held")


def test_a_decision_that_is_saved_late_is_counted_once_it_is_saved(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.counts("liked", "0")
    held = hold(review, DECISIONS)
    with review.page.expect_response(COUNTS, timeout=PATIENCE_MS):
        review.press("l")
    waits(review, held)
    review.counts("liked", "0")
    assert not Vote.objects.exists()
    held[0].continue_()
    review.is_saved()
    review.counts("liked", "1")
    review.counts("undecided", str(len(pool) - 1))


def test_counts_that_arrive_late_do_not_replace_newer_ones(desk: Desk, pool: list[int]) -> None:
    review = desk().open()
    review.counts("liked", "0")
    held = hold(review, COUNTS)
    review.press("l")
    review.is_saved()
    waits(review, held)
    old = held[0].fetch()
    review.press("l")
    review.is_saved()
    review.counts("liked", "2")
    with review.page.expect_event("requestfinished", lambda request: request == held[0].request):
        held[0].fulfill(response=old)
    review.page.evaluate(DRAWN)
    assert review.page.locator('[data-count="liked"]').text_content() == "2"
