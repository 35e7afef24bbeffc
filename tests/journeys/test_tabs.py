"""The start page and the bar of areas and pages, which scrolls on a phone: what is open is always in sight."""

from playwright.sync_api import expect

from garden.models import Alarm, Zone
from garden.walls.rotation import keep_walls
from tests.curation.cast import picture
from tests.generation.jobs import ask_for
from tests.journeys.axe import faults_on
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
    for path in ("make/", "releases/", "dashboard/"):
        page.goto(f"{review.address}/admin/curation/{path}")
        expect(page.locator(".curation-pages [aria-current]")).to_be_in_viewport(ratio=0.99)
        assert page.evaluate("[scrollX, scrollY]") == [0, 0]
        assert page.evaluate(SHIFTS) < 0.01
    page.set_viewport_size({"width": 1600, "height": 900})
    page.reload()
    assert page.locator(".curation-pages").evaluate("list => list.scrollLeft") == 0


def test_the_start_page_and_that_of_data_are_for_everyone_in_both_themes(desk: Desk) -> None:
    Zone.objects.create(name="zone1")
    Alarm.objects.create(kind="files_missing", detail="3 of 10")
    ask_for(4), picture("emotions/calm/img_0_0h.jpeg")
    keep_walls()
    review = desk(screen=PHONE)
    page = review.page
    for is_dark, width, height in ((True, 390, 844), (False, 3840, 2160)):
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.set_viewport_size({"width": width, "height": height})
        for path in ("", "data/"):
            page.goto(f"{review.address}/admin/{path}")
            assert faults_on(page) == []
    page.locator(".areas a").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".areas [aria-current]")).to_have_text("Make")
