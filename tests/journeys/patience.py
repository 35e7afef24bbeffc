"""Waiting for what a page says. Playwright's own polling builds functions in the page, which its policy forbids."""

from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE_MS = 60_000
_PAUSE_MS = 50


def comes_true(page: Page, expression: str, patience_ms: int = PATIENCE_MS) -> None:
    """Wait until the expression is true in the page; fails with the expression."""
    comes_to_be(page, lambda: bool(page.evaluate(f"Boolean({expression})")), expression, patience_ms)


def comes_to_be(page: Page, is_so: Callable[[], bool], description: str, patience_ms: int = PATIENCE_MS) -> None:
    """Wait, while the page goes on, until it is so; fails with this description."""
    for _ in range(patience_ms // _PAUSE_MS):
        if is_so():
            return
        page.wait_for_timeout(_PAUSE_MS)
    raise AssertionError(f"It never came true: {description}")


def is_drawn(page: Page) -> None:
    """Wait until the page has drawn what its last event changed: two frames."""
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
