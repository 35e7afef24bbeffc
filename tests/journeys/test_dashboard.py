"""The dashboard draws its charts under the Content-Security-Policy, and is read without seeing them."""

from django.utils import timezone
from playwright.sync_api import expect

from recommend.models import Arm, DailyTally
from tests.journeys.axe import faults_on
from tests.journeys.patience import comes_true
from tests.journeys.review_page import Desk

DRAWN = """id => {
  const canvas = document.getElementById(id);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(pixels).size;
}"""
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
        expect(page.locator(f"canvas#{chart}")).to_be_visible()
        comes_true(page, f"({DRAWN})('{chart}') > 5")
    for summary in page.get_by_text("As a table").all():
        summary.click()
    expect(page.locator("#emotion-table tr", has_text="calm").first).to_contain_text("60.0%")
    expect(page.locator("section[aria-labelledby=arms-title]")).to_contain_text("+100%")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(CALM)
        assert faults_on(page) == []
