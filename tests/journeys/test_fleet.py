"""An operator at the fleet page: what is wrong comes first, and the page keeps itself up to date."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Alarm, Assignment, DeviceHealth, Display, Image, Zone
from garden.ops.version import current_versions
from tests.curation.cast import member
from tests.journeys.axe import faults_on
from tests.journeys.browser import open_context
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.workshop import sign_in
from tests.support.factories import KioskFactory

SCREENS = {"laptop": (1440, 900), "phone": (390, 844), "wall": (3840, 2160)}
BETWEEN_ASKS_MS = 5000
Open = Callable[..., Page]
OF_THE_TEST = re.compile("the server responded with a status of (503|401)")
"""The browser notes responses that a test causes."""


@pytest.fixture
def hall(garden: list[Image]) -> Zone:
    """Sixteen screens and two kiosks: one is silent, one hot, one old, one was never heard, the others are well."""
    zone = Zone.objects.create(name="zone1", title="Entrance hall", version=5)
    now, versions = timezone.now(), current_versions()
    heard = now + timedelta(minutes=10)  # They stay well for as long as a test takes.
    for orientation in ("landscape", "portrait"):
        pictures = [image for image in garden if image.orientation == orientation]
        for number in range(1, 9):
            display = Display.objects.create(zone=zone, number=number, orientation=orientation)
            picture = pictures[number * 3]
            Assignment.objects.create(
                zone=zone, number=number, orientation=orientation, image=picture, source="playlist"
            )
            message: dict[str, Any] = {"on_screen": picture.key, "screen": "3840x2160", "started_at": now}
            if (orientation, number) != ("portrait", 8):
                DeviceHealth.objects.create(display=display, heard_at=heard, version=versions["display"], **message)
    health = DeviceHealth.objects.filter
    silent = health(display__number=3, display__orientation="landscape")
    silent.update(heard_at=now - timedelta(minutes=7))
    Alarm.objects.create(display=silent.get().display, kind="silent", raised_at=now - timedelta(minutes=5))
    health(display__number=5, display__orientation="portrait").update(
        problem="pictures: storage is full", problem_at=now
    )
    health(display__number=7, display__orientation="landscape").update(version="0.0.9")
    for name, moment in (("By the door", "attract"), ("Upstairs", "garden")):
        kiosk = KioskFactory.create(name=name, place="Ground floor", zone=zone)
        DeviceHealth.objects.create(kiosk=kiosk, heard_at=heard, version=versions["kiosk"], on_screen=moment)
    health().update(checked_at=heard)
    return zone


@pytest.fixture
def fleet(browser: Browser, live_server: LiveServer, hall: Zone) -> Iterator[Open]:
    """Opens the page for an operator; nothing may go wrong on it."""
    opened: list[tuple[BrowserContext, KioskPage]] = []
    olga = member("operator", "olga")

    def open_page(screen: str = "laptop", **how: Any) -> Page:
        width, height = SCREENS[screen]
        context = open_context(browser, viewport={"width": width, "height": height}, **how)
        sign_in(context, live_server.url, olga)
        desk = KioskPage(context.new_page(), live_server.url)
        watch(desk.page, desk)
        opened.append((context, desk))
        desk.page.clock.install()
        desk.page.goto(f"{live_server.url}/admin/curation/fleet/")
        desk.page.locator("html[data-ready]").wait_for(state="attached")
        return desk.page

    yield open_page
    for context, desk in opened:
        context.close()
        assert [problem for problem in desk.problems if not OF_THE_TEST.search(problem)] == []


def card(page: Page, title: str) -> Any:
    return page.locator(".device", has=page.get_by_role("heading", name=title, exact=True))


def test_problems_come_first_and_lead_to_the_screen_and_its_wall(fleet: Open) -> None:
    Zone.objects.create(name="zone2", title="Café")
    page = fleet()
    expect(page.locator(".fleet-total")).to_have_text("15 of 17 OK")
    expect(page.locator('[data-count="alarm"]')).to_have_text("Alarm: 1")
    titles = page.locator(".device-title").all_inner_texts()
    assert titles[:2] == ["zone1/3h", "zone1/5v"]
    assert titles[-1] == "zone1/8v"
    silent = card(page, "zone1/3h")
    expect(silent).to_contain_text(re.compile(r"silent, since \d+ min. ago"))
    expect(card(page, "zone1/5v")).to_contain_text("pictures: storage is full")
    expect(card(page, "zone1/7h")).to_contain_text("version 0.0.9: outdated")
    expect(card(page, "By the door")).to_contain_text("On screen: waits for a visitor")
    expect(card(page, "zone1/8v")).to_contain_text("never connected")

    silent.get_by_text("No alarms for a while").click()
    silent.get_by_role("button", name="8 hours").click()
    expect(silent.locator(".device-quiet")).to_contain_text("(olga)")
    assert DeviceHealth.objects.filter(quiet_until__gt=timezone.now()).count() == 1
    expect(silent).to_have_attribute("data-state", "alarm")
    expect(silent).to_be_focused()  # The button that was pressed went.
    silent.get_by_role("button", name="Alarms again").click()
    expect(silent.locator(".device-quiet")).to_be_hidden()
    silent.get_by_role("link", name="Timeline").click()
    expect(page.locator(".timeline")).to_contain_text("silent")
    page.go_back()

    page.get_by_role("link", name="3h: ").click()
    page.wait_for_url("**#display-*")
    with page.context.expect_page() as opened:
        silent.get_by_role("link", name="Open the wall page").click()
    assert opened.value.url.endswith("/wall/zone1/3/h")


def test_the_devices_shown_are_chosen_by_key_and_by_zone(fleet: Open) -> None:
    Zone.objects.create(name="zone2", title="Café")
    page = fleet()
    page.keyboard.press("p")
    expect(page.locator(".device:visible")).to_have_count(2)
    page.wait_for_url("**problems=1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(card(page, "zone1/5v")).to_be_focused()
    page.reload()
    expect(page.locator(".device:visible")).to_have_count(2)
    page.get_by_role("combobox", name="Zone").select_option("zone2")
    expect(page.locator(".device:visible")).to_have_count(0)
    expect(page.get_by_text("No device fits this filter.")).to_be_visible()
    expect(page.locator(".fleet-plans .card:visible")).to_have_count(1)


def test_news_comes_by_itself_and_moves_neither_the_place_nor_the_focus(fleet: Open) -> None:
    page = fleet("phone")
    link = card(page, "zone1/6h").get_by_role("link", name="Open the wall page")
    link.focus()
    before = link.bounding_box()
    Alarm.objects.create(display=Display.objects.get(number=2, orientation="landscape"), kind="behind")
    page.clock.fast_forward(BETWEEN_ASKS_MS)
    expect(page.locator('[data-count="alarm"]')).to_have_text("Alarm: 2")
    expect(link).to_be_focused()
    after = link.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    assert page.locator(".device-title").all_inner_texts()[:2] == ["zone1/2h", "zone1/3h"]

    page.route("**/curation/fleet/?*", lambda route: route.fulfill(status=503, body=""))
    page.clock.fast_forward(BETWEEN_ASKS_MS)
    expect(page.locator(".request-error")).to_contain_text("Server error.")
    expect(page.locator(".device:visible")).to_have_count(18)  # What is known stays.
    page.unroute_all(behavior="wait")
    cookies: Any = page.context.cookies()
    page.context.clear_cookies()
    page.clock.fast_forward(BETWEEN_ASKS_MS)
    expect(page.locator(".request-error")).to_contain_text("You are signed out.")
    expect(page.locator(".device:visible")).to_have_count(18)
    page.context.add_cookies(cookies)

    Alarm.objects.update(cleared_at=timezone.now())
    DeviceHealth.objects.update(heard_at=timezone.now() + timedelta(minutes=10), problem="")
    page.clock.fast_forward(BETWEEN_ASKS_MS)
    expect(page.locator(".request-error")).to_be_hidden()
    expect(page.locator(".fleet-total")).to_have_text("17 of 17 OK")
    expect(card(page, "zone1/3h").locator(".device-state")).to_have_text("OK")


def test_it_is_for_everyone_on_every_screen_and_in_both_themes(fleet: Open) -> None:
    for screen, theme in (("laptop", "light"), ("phone", "dark"), ("wall", "light")):
        page = fleet(screen, color_scheme=theme)
        page.locator(".device summary").first.click()
        assert faults_on(page) == []
