"""An operator switches the GPU on and off from the studio, in a real browser; EC2 is moto's, and takes its time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import AuditEntry
from generation.models import HostEvent
from generation.tasks import switch_hosts
from tests.curation.cast import member
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.workshop import sign_in
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


def opened(context: BrowserContext, live_server: LiveServer, user: User, path: str) -> Page:
    sign_in(context, live_server.url, user)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}{path}")
    return page


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-gpu-said]")).to_contain_text(words, timeout=PATIENCE_MS)


def press(page: Page, deed: str, question: str) -> None:
    page.locator(f'[data-gpu-switch="{deed}"]').click()
    expect(page.locator("[data-gpu-question]")).to_contain_text(question)
    page.locator("[data-gpu-yes]").click()


def test_it_is_started_given_another_idle_time_and_stopped(
    context: BrowserContext, live_server: LiveServer, transactional_db: None, amazon: SlowEC2
) -> None:
    page = opened(context, live_server, member("operator", "olga"), "/admin/curation/studio/")
    noted = KioskPage(page, live_server.url)
    watch(page, noted)
    said(page, "GPU is off")
    page.locator("[data-gpu] summary").click()
    expect(page.locator('[data-gpu-switch="stop"]')).to_be_disabled()

    page.locator('[data-gpu-switch="start"]').click()
    page.keyboard.press("Escape")
    assert not HostEvent.objects.exists()
    press(page, "start", "Start the GPU?")
    said(page, "GPU is starting")
    expect(page.locator('[data-gpu-switch="start"]')).to_be_disabled()
    amazon.arrive()
    said(page, "GPU is on · stops by itself in 15 min")

    page.locator("[data-gpu-idle]").select_option("2400")
    expect(page.locator("[data-gpu-told]")).to_have_text("Kept: it stops after 40 min without work.")
    said(page, "stops by itself in 40 min")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run('[data-gpu]', { runOnly: tags })", TAGS)
    assert [(one["id"], one["impact"]) for one in found["violations"]] == []
    page.reload()
    said(page, "stops by itself in 40 min")
    page.locator("[data-gpu] summary").click()
    expect(page.locator("[data-gpu-idle]")).to_have_value("2400")

    press(page, "stop", "Stop the GPU?")
    said(page, "GPU is stopping")
    amazon.arrive()
    said(page, "GPU is off")
    page.close()
    assert noted.problems == []
    assert [*HostEvent.objects.order_by("at").values_list("switch", "by__username", "seconds")] == [
        ("start", "olga", None),
        ("idle", "olga", 2400),
        ("stop", "olga", None),
    ]
    trail = AuditEntry.objects.filter(about__startswith="GPU hosts").order_by("id").values_list("who", "about")
    assert [*trail] == [("olga", f"GPU hosts: {what}") for what in ("start", "idle", "stop")]


def test_a_page_that_stays_open_sees_it_stop_by_itself(
    context: BrowserContext, live_server: LiveServer, transactional_db: None, amazon: SlowEC2
) -> None:
    page = opened(context, live_server, member("operator"), "/admin/generation/worker/")
    said(page, "GPU is off")
    page.locator("[data-gpu] summary").click()
    press(page, "start", "Start the GPU?")
    said(page, "GPU is starting")
    amazon.arrive()
    said(page, "GPU is on")
    HostEvent.objects.update(at=timezone.now() - timedelta(minutes=16))
    switch_hosts()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    said(page, "GPU is stopping")
    amazon.arrive()
    said(page, "GPU is off")
    page.close()


def test_who_may_only_look_sees_no_switch_and_a_site_without_hosts_shows_nothing(
    context: BrowserContext, live_server: LiveServer, transactional_db: None, amazon: SlowEC2, settings: Any
) -> None:
    page = opened(context, live_server, member("curator"), "/admin/curation/studio/")
    said(page, "GPU is off")
    page.locator("[data-gpu] summary").click()
    expect(page.locator("[data-gpu-work]")).to_contain_text("workers there: 0")
    assert page.locator("[data-gpu-switch]").count() == 0
    settings.GPU_HOST_CONTROLLER = {"BACKEND": "generation.gpu_hosts.NoHostController", "OPTIONS": {}}
    page.reload()
    expect(page.locator("h1").last).to_be_visible()
    assert page.locator("[data-gpu]").count() == 0
    page.close()
