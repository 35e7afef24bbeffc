"""An operator switches the GPU on and off from the studio, in a real browser; EC2 is moto's, and takes its time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from garden.models import AuditEntry
from generation.gpu_hosts import forget_status
from generation.tasks import switch_hosts
from tests.generation.jobs import make_host_events_older
from tests.journeys.axe import faults_on
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.review_page import Desk
from tests.services.slow_ec2 import REGION, SlowEC2, slow_ec2


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[SlowEC2]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    with slow_ec2() as server:
        settings.GPU_HOST_CONTROLLER = {
            "BACKEND": "generation.ec2_hosts.EC2HostController",
            "OPTIONS": {
                "instances": [server.make_instance().id],
                "region": REGION,
                "endpoint_url": server.url,
            },
        }
        yield server


def shows_message(page: Page, words: str) -> None:
    """The page asks at once, as it does when it is looked at again, and nothing is answered from memory."""
    forget_status()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-gpu-status]")).to_contain_text(words, timeout=PATIENCE_MS)


def press(page: Page, action: str, question: str) -> None:
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator(f'[data-gpu-switch="{action}"]').click()
    assert question in asked.value.message


def trail() -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(about__startswith="GPU hosts").order_by("id")
    return [(entry.who, entry.about.removeprefix("GPU hosts: ")) for entry in entries]


def test_an_operator_starts_it_sets_its_idle_time_and_stops_it_or_lets_it_stop_by_itself(
    desk: Desk, amazon: SlowEC2
) -> None:
    review = desk("olga", "operator")
    page = review.page
    page.goto(f"{review.address}/admin/curation/studio/")
    shows_message(page, "GPU is off")
    page.locator("[data-gpu] summary").click()
    expect(page.locator('[data-gpu-switch="stop"]')).to_be_disabled()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator('[data-gpu-switch="start"]').click()
    assert trail() == []
    press(page, "start", "Start the GPU?")
    shows_message(page, "GPU is starting")
    expect(page.locator('[data-gpu-switch="start"]')).to_be_disabled()
    amazon.arrive()
    shows_message(page, "GPU is on · stops by itself in 15 min")

    page.locator("[data-gpu-idle]").select_option("2400")
    expect(page.locator("[data-gpu-message]")).to_have_text("Saved: it stops after 40 min without work.")
    shows_message(page, "stops by itself in 40 min")
    assert faults_on(page) == []
    page.goto(f"{review.address}/admin/generation/worker/")
    shows_message(page, "stops by itself in 40 min")
    page.locator("[data-gpu] summary").click()
    expect(page.locator("[data-gpu-idle]")).to_have_value("2400")
    press(page, "stop", "Stop the GPU?")
    shows_message(page, "GPU is stopping")
    amazon.arrive()
    shows_message(page, "GPU is off")
    assert trail() == [("olga", what) for what in ("start requested", "start", "idle", "stop requested", "stop")]

    press(page, "start", "Start the GPU?")
    shows_message(page, "GPU is starting")
    amazon.arrive()
    shows_message(page, "GPU is on")
    make_host_events_older(timedelta(minutes=41))
    switch_hosts()
    shows_message(page, "GPU is stopping")
    amazon.arrive()
    shows_message(page, "GPU is off")


def test_who_may_only_look_sees_no_switch_and_a_site_without_hosts_shows_nothing(
    desk: Desk, amazon: SlowEC2, settings: Any
) -> None:
    review = desk("cleo", "curator")
    page = review.page
    page.goto(f"{review.address}/admin/curation/studio/")
    shows_message(page, "GPU is off")
    page.locator("[data-gpu] summary").click()
    expect(page.locator("[data-gpu-work]")).to_contain_text("Workers: 0")
    expect(page.locator("[data-gpu-switch]")).to_have_count(0)
    settings.GPU_HOST_CONTROLLER = {"BACKEND": "generation.gpu_hosts.NoHostController", "OPTIONS": {}}
    page.reload()
    expect(page.locator("h1").last).to_be_visible()
    expect(page.locator("[data-gpu]")).to_have_count(0)
