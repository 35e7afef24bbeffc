"""Waiting for what a page says. Playwright's own polling builds functions in the page, which its policy forbids."""

from playwright.sync_api import Page

PATIENCE_MS = 60_000
_PAUSE_MS = 50


def comes_true(page: Page, expression: str, patience_ms: int = PATIENCE_MS) -> None:
    """Wait until the expression is true in the page; fails with the expression."""
    for _ in range(patience_ms // _PAUSE_MS):
        if page.evaluate(f"Boolean({expression})"):
            return
        page.wait_for_timeout(_PAUSE_MS)
    raise AssertionError(f"It never came true: {expression}")
