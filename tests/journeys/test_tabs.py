"""The names of the curators' pages scroll beside each other on a phone: the open one is always in sight."""

from playwright.sync_api import expect

from tests.journeys.review_page import PHONE, Desk

SLOW_PHONE = 4
"""Times slower than this machine: it would paint what has come of a page before the rest is read."""
SHIFTS = """() => new Promise((tell) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => tell(sum), 100);
})"""


def test_the_open_page_is_named_in_sight_and_nothing_jumps(desk: Desk) -> None:
    review = desk(screen=PHONE)
    page = review.page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PHONE})
    for path in ("bulk/", "releases/", "dashboard/"):
        page.goto(f"{review.address}/admin/curation/{path}")
        expect(page.locator(".curation-pages [aria-current]")).to_be_in_viewport(ratio=0.99)
        assert page.evaluate("[scrollX, scrollY]") == [0, 0]
        assert page.evaluate(SHIFTS) < 0.01
    page.set_viewport_size({"width": 1600, "height": 900})
    page.reload()
    assert page.locator(".curation-pages").evaluate("list => list.scrollLeft") == 0
