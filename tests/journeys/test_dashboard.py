"""The dashboard draws its charts under the Content-Security-Policy, and is read without seeing them."""

import json
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from recommend.models import Arm, DailyTally
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import comes_true
from tests.journeys.test_accessibility import AXE, TAGS

DRAWN = """id => {
  const canvas = document.getElementById(id);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(pixels).size;
}"""


@pytest.fixture
def tallies(transactional_db: None) -> None:
    liked = {Arm.CHAMPION: 60, Arm.HOLDOUT: 30}
    DailyTally.objects.create(
        day=timezone.localdate(),
        slates=[[arm, "calm", "adult/Female", 100, count, count] for arm, count in liked.items()],
        places=[[arm, 0, 100, count] for arm, count in liked.items()],
    )


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, tallies: None, client: Any) -> Iterator[Page]:
    client.force_login(get_user_model().objects.create_superuser("curator"))
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    desk = KioskPage(context.new_page(), live_server.url)
    watch(desk.page, desk)
    desk.page.goto(f"{live_server.url}/admin/recommend/dailytally/")
    yield desk.page
    assert desk.problems == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_every_chart_is_drawn_and_stands_above_its_table(page: Page) -> None:
    for chart in ("emotion", "generation", "gender", "curve", "places"):
        expect(page.locator(f"canvas#{chart}")).to_be_visible()
        comes_true(page, f"({DRAWN})('{chart}') > 5")
    page.locator("section", has=page.locator("#emotion")).get_by_text("As a table").click()
    row = page.locator("#emotion-table tr", has_text="calm").first
    expect(row).to_contain_text("60.0%")
    expect(page.locator("section[aria-labelledby=arms-title]")).to_contain_text("+100%")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everyone(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for summary in page.get_by_text("As a table").all():
        summary.click()
    faults = page.evaluate("axe.run('#content', {runOnly: " + json.dumps(TAGS) + "})")["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []
