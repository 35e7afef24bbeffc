"""What a visit may weigh and how still it stands: counted, not timed."""

from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession
from pytest_django.live_server_helper import LiveServer

from garden.models import Image
from garden.vocabulary import Emotion
from tests.journeys.browser import open_context
from tests.journeys.kiosk_page import KioskPage

FIRST_LOAD_BYTES = 310_000
MOVING = pytest.mark.parametrize("motion", ["no-preference"])
NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(...entry.sources.map((source) => `${entry.value} ${
    source.node?.outerHTML?.slice(0, 120) ?? source.node?.parentElement?.outerHTML?.slice(0, 120)}`));
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_the_first_load_is_light(browser: Browser, live_server: LiveServer, garden: list[Image], language: str) -> None:
    screen = {"width": 1080, "height": 1920}
    context = open_context(browser, viewport=screen, locale=language, reduced_motion="no-preference")
    try:
        page = context.new_page()
        weights = _weigh(context.new_cdp_session(page))
        KioskPage(page, live_server.url).open()
        page.locator(".drift-layer.is-shown").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        assert sum(weights.values()) <= FIRST_LOAD_BYTES, weights
        assert not any("/vendor/" in url for url in weights), weights
    finally:
        context.close()


@MOVING
def test_nothing_on_the_kiosk_moves_by_itself(kiosk: KioskPage) -> None:
    kiosk.page.add_init_script(NOTE_SHIFTS)
    kiosk.open()
    kiosk.page.locator(".drift-layer.is-shown").wait_for(state="attached")
    kiosk.touch("begin")
    kiosk.touch("camera")
    kiosk.sees("question")
    kiosk.touch("other")
    kiosk.choose_on_wheel(Emotion.CALM)
    kiosk.sees_pictures()
    kiosk.like(0)
    kiosk.touch("next")
    kiosk.sees_pictures()
    kiosk.touch("gift")
    kiosk.sees("gift")
    kiosk.touch("done")
    kiosk.sees("goodbye")
    assert kiosk.page.evaluate("window.shifts") == []


@MOVING
def test_next_shows_pictures_that_were_fetched_and_decoded_before(kiosk: KioskPage) -> None:
    shown = kiosk.open().goes_to_garden()
    kiosk.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(request.url))
    painted = kiosk.page.evaluate(_PRESS_NEXT)
    following = kiosk.sees_pictures()
    assert set(following) != set(shown)
    assert painted == [True, True, True]
    new = set(following) - set(shown)
    assert [url for url in asked if any(url.endswith(key) for key in new)] == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_motion_is_only_for_those_who_like_it(kiosk: KioskPage, motion: str) -> None:
    kiosk.open().goes_to_garden()
    kiosk.like(0)
    moving = kiosk.page.evaluate("document.getAnimations().length")
    assert (moving == 0) is (motion == "reduce")


_PRESS_NEXT = """async () => {
  document.querySelector('[data-action="next"]').click();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const images = [...document.querySelectorAll(".picture-image")];
  return images.map((image) => image.complete && image.naturalWidth > 0 && getComputedStyle(image).opacity === "1");
}"""


def _weigh(session: CDPSession) -> dict[str, int]:
    """Bytes over the wire by address, headers and all; a cached answer weighs nothing."""
    addresses: dict[str, str] = {}
    weights: dict[str, int] = {}

    def note_end(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        weights[address] = weights.get(address, 0) + int(event["encodedDataLength"])

    def note_begin(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    session.on("Network.requestWillBeSent", note_begin)
    session.on("Network.loadingFinished", note_end)
    session.send("Network.enable")
    return weights
