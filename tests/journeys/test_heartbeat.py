"""The kiosk page says how it is, and nothing of its visitor."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from garden.ops.version import page_version
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS


@pytest.fixture
def beats(kiosk: KioskPage) -> list[dict[str, Any]]:
    """What the page said, as it was sent."""
    said: list[dict[str, Any]] = []

    def listen(request: Request) -> None:
        if request.url.endswith("/heartbeat"):
            said.append(json.loads(request.post_data or "{}"))

    kiosk.page.on("request", listen)
    return said


def wait_for(kiosk: KioskPage, is_so: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_MS // 100):
        if is_so():
            return
        kiosk.page.wait_for_timeout(100)
    raise AssertionError("it was not said")


def test_it_names_each_moment_and_nothing_of_the_visit(kiosk: KioskPage, beats: list[dict[str, Any]]) -> None:
    kiosk.open()
    wait_for(kiosk, lambda: [beat["on_screen"] for beat in beats] == ["attract"])
    kiosk.goes_to_garden()
    wait_for(kiosk, lambda: beats[-1]["on_screen"] == "garden")
    assert set(beats[-1]) == {"version", "on_screen", "screen", "started_at", "problem"}
    assert {beat["version"] for beat in beats} == {page_version()}
    assert {beat["screen"] for beat in beats} == {"1080x1920"}
    assert {beat["problem"] for beat in beats} == {""}


def test_it_tells_what_fails_until_it_works_again(kiosk: KioskPage, beats: list[dict[str, Any]]) -> None:
    kiosk.open()
    kiosk.page.route("**/garden*", lambda route: route.fulfill(status=503, body="{}"))
    kiosk.touch("begin")
    kiosk.touch("wheel")
    kiosk.page.locator(".wheel .mood").first.click()
    wait_for(kiosk, lambda: beats[-1]["problem"] == "requests fail: unavailable")
    kiosk.page.unroute_all(behavior="wait")
    kiosk.page.reload()
    kiosk.sees("attract")
    kiosk.goes_to_garden()
    wait_for(kiosk, lambda: beats[-1]["problem"] == "")
    kiosk.problems.clear()  # The browser notes the failed requests.


def test_it_tells_where_its_own_error_was_and_not_what_it_quoted(kiosk: KioskPage, beats: list[dict[str, Any]]) -> None:
    kiosk.open()
    kiosk.page.evaluate("setTimeout(() => { throw new TypeError('about visitor-17') })")
    wait_for(kiosk, lambda: bool(beats) and beats[-1]["problem"].startswith("TypeError ("))
    assert "visitor-17" not in json.dumps(beats)
    expect(kiosk.page.locator("body")).to_have_attribute("data-moment", "attract")
    kiosk.problems.clear()  # The browser notes the error.
