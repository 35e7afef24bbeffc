"""Setting up a phone: what must be read and copied there can be."""

import pytest
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from tests.garden.access.people import shown_on_phone, staff_member
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.workshop import sign_in

BOXES = """() => [...document.querySelectorAll(".codes code")].map((code) => {
  const { left, right, top, bottom } = code.getBoundingClientRect();
  return [left, right, top, bottom];
})"""
Box = tuple[float, float, float, float]


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_recovery_code_runs_into_another(
    context: BrowserContext, live_server: LiveServer, transactional_db: None, width: int
) -> None:
    ann = staff_member("ann")
    sign_in(context, live_server.url, ann)
    desk = KioskPage(context.new_page(), live_server.url)
    watch(desk.page, desk)
    page = desk.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/admin/second-factor/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)["violations"]
    page.fill("#code", shown_on_phone(ann, confirmed=False))
    page.locator(".submit-row input").click()
    expect(page.locator(".codes code")).to_have_count(10)
    boxes = [tuple(box) for box in page.evaluate(BOXES)]
    assert [(one, other) for one in boxes for other in boxes if one != other and _overlap(one, other)] == []
    assert max(right for _left, right, _top, _bottom in boxes) <= width
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults += page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults] == []
    page.close()
    assert desk.problems == []


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
