"""The names of the curators' pages scroll beside each other on a phone: the open one is always in sight."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_review import PHONE, Desk, desk, pool

__all__ = ["desk", "pool"]
SLOW_PHONE = 4
"""Times slower than this machine: it would paint what has come of a page before the rest is read."""
SHIFTS = """() => new Promise((tell) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => tell(sum), 100);
})"""


@pytest.mark.parametrize("path", ["bulk/", "review/", "releases/", "acts/", "dashboard/"])
def test_the_open_page_is_named_in_sight_and_nothing_jumps(desk: Desk, path: str) -> None:
    page = desk(screen=PHONE).page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PHONE})
    page.goto(f"{page.url.split('/admin/')[0]}/admin/curation/{path}")
    tab = page.locator(".curation-pages [aria-current]")
    expect(tab).to_be_in_viewport(ratio=1)
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]
    assert page.evaluate(SHIFTS) < 0.01


def test_a_page_that_has_room_for_all_names_scrolls_none(desk: Desk) -> None:
    page = desk(screen={"width": 1600, "height": 900}).page
    page.goto(f"{page.url.split('/admin/')[0]}/admin/curation/dashboard/")
    assert page.locator(".curation-pages").evaluate("list => list.scrollLeft") == 0
