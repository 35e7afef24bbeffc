"""The dashboard draws its charts under the Content-Security-Policy, and is read without seeing them."""

from django.utils import timezone
from playwright.sync_api import expect

from recommend.models import Arm, DailyTally
from tests.journeys.axe import faults_on
from tests.journeys.review_page import Desk

CALM = "Promise.all(document.getAnimations().map((each) => each.finished))"
"""Colours have changed by then."""


def test_every_chart_is_drawn_above_its_table_and_is_for_everyone(desk: Desk) -> None:
    liked = {Arm.CHAMPION: 60, Arm.HOLDOUT: 30}
    DailyTally.objects.create(
        day=timezone.localdate(),
        slates=[[arm, "calm", "adult/Female", 100, count] for arm, count in liked.items()],
        places=[[arm, 0, 100, count] for arm, count in liked.items()],
    )
    review = desk(reduced_motion="no-preference")
    page = review.page
    page.goto(f"{review.address}/admin/recommend/dailytally/")
    for chart in ("emotion", "generation", "gender", "curve", "places"):
        expect(page.locator(f"#{chart} svg").first).to_be_visible()
    bars = page.locator("#emotion svg:has(rect[width='60.0'])")
    expect(bars).to_have_count(1)
    width = bars.locator("rect").first.bounding_box()
    whole = bars.bounding_box()
    assert width
    assert whole
    assert abs(width["width"] / whole["width"] - 0.6) < 0.01
    for summary in page.get_by_text("As a table").all():
        summary.click()
    expect(page.locator("#emotion-table tr", has_text="calm").first).to_contain_text("60.0%")
    expect(page.locator("section[aria-labelledby=arms-title]")).to_contain_text("+100%")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(CALM)
        assert faults_on(page) == []
