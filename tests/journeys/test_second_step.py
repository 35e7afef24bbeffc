"""Setting up a phone: what must be read and copied there can be."""

from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.garden.access.people import shown_on_phone
from tests.journeys.axe import faults_on
from tests.journeys.review_page import Desk

BOXES = """() => [...document.querySelectorAll(".codes code")].map((code) => {
  const { left, right, top, bottom } = code.getBoundingClientRect();
  return [left, right, top, bottom];
})"""
Box = tuple[float, float, float, float]


def test_no_recovery_code_runs_into_another_on_any_screen(desk: Desk) -> None:
    review = desk("ann")
    page = review.page
    page.goto(f"{review.address}/admin/second-factor/")
    assert faults_on(page) == []
    page.fill("#code", shown_on_phone(User.objects.get(username="ann"), confirmed=False))
    page.locator(".submit-row input").click()
    expect(page.locator(".codes code")).to_have_count(10)
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        boxes: list[Box] = [tuple(box) for box in page.evaluate(BOXES)]
        assert [(one, other) for one in boxes for other in boxes if one != other and _overlap(one, other)] == []
        assert max(right for _left, right, _top, _bottom in boxes) <= width
    assert faults_on(page) == []


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
