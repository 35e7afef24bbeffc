"""The kiosk's screen: light to load, readable in three languages, and reported by its heartbeat."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image
from garden.ops.version import page_version
from garden.privacy.notices import WORDS
from garden.privacy.packs import PACKS
from tests.journeys.browser import open_context
from tests.journeys.conftest import KIOSK_SCREEN
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import comes_to_be

FIRST_LOAD_BYTES = 312_000
LANGUAGES = ("en", "ko", "ja")
SCREENS = [KIOSK_SCREEN, (1920, 1080), (1280, 800)]
LONGEST = max(PACKS.values(), key=lambda pack: sum(len(WORDS.get(key, "")) for key in pack.notice))


def test_the_first_load_is_light_in_the_language_with_the_heaviest_fonts(
    browser: Browser, live_server: LiveServer, garden: list[Image]
) -> None:
    width, height = KIOSK_SCREEN
    context = open_context(browser, viewport={"width": width, "height": height}, locale="ja")
    page = context.new_page()
    weights = _weigh(context.new_cdp_session(page))
    KioskPage(page, live_server.url).open()
    page.locator(".drift-layer.is-shown").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    context.close()
    assert sum(weights.values()) <= FIRST_LOAD_BYTES, weights
    assert not any("/vendor/" in url for url in weights), weights


def test_the_longest_notice_leaves_both_ways_on_the_screen_in_every_language(kiosk: KioskPage, settings: Any) -> None:
    settings.PRIVACY_PACK, settings.PRIVACY_CONTACT = LONGEST.name, "privacy@museum.example"
    kiosk.open()
    kiosk.touch("begin")
    overflow = {}
    for width, height in SCREENS:
        kiosk.page.set_viewport_size({"width": width, "height": height})
        for language in LANGUAGES:
            kiosk.speaks(language)
            overflow[width, height, language] = kiosk.page.evaluate(
                "document.documentElement.scrollHeight - innerHeight"
            )
    assert {where: below for where, below in overflow.items() if below > 0} == {}


def test_a_visitor_changes_the_language_during_the_visit_and_the_next_begins_in_the_kiosks_own(
    kiosk: KioskPage,
) -> None:
    kiosk.page.set_viewport_size({"width": 360, "height": 740})
    kiosk.open()
    for action in ("begin", "wheel"):
        kiosk.touch(action)
        for language in LANGUAGES:
            kiosk.speaks(language)
            assert kiosk.page.evaluate("document.documentElement.scrollWidth") == 360
    kiosk.page.locator(".wheel .mood").first.click()
    shown = kiosk.sees_pictures()
    for language, title, following in (("ko", "행복의 정원", "다음"), ("ja", "喜びの庭", "次へ")):
        kiosk.speaks(language)
        expect(kiosk.page.get_by_role("heading", name=title)).to_be_visible()
        expect(kiosk.page.get_by_role("button", name=following)).to_be_visible()
        assert kiosk.sees_pictures() == shown
        assert _words_left_in_english(kiosk.page) == []
    kiosk.touch("stop")
    kiosk.touch("again")
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "en")


def test_the_heartbeat_names_each_moment_and_each_problem_and_nothing_of_the_visit(kiosk: KioskPage) -> None:
    beats: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/heartbeat"):
            beats.append(json.loads(request.post_data or "{}"))

    def latest_is(is_so: Callable[[dict[str, Any]], bool]) -> None:
        comes_to_be(kiosk.page, lambda: bool(beats) and is_so(beats[-1]), "the latest heartbeat is so")

    kiosk.page.on("request", note)
    kiosk.open()
    latest_is(lambda beat: beat["on_screen"] == "attract")
    kiosk.page.route("**/garden*", lambda route: route.fulfill(status=503, body="{}"))
    kiosk.touch("begin")
    kiosk.touch("wheel")
    kiosk.page.locator(".wheel .mood").first.click()
    latest_is(lambda beat: beat["problem"] == "requests fail: unavailable")
    kiosk.page.unroute_all(behavior="wait")
    kiosk.page.locator('.garden [data-action="again"]').click()
    kiosk.sees_pictures()
    latest_is(lambda beat: (beat["on_screen"], beat["problem"]) == ("garden", ""))
    assert set(beats[-1]) == {"version", "on_screen", "screen", "started_at", "problem"}
    assert {(beat["version"], beat["screen"]) for beat in beats} == {(page_version(), "1080x1920")}

    kiosk.page.evaluate("setTimeout(() => { throw new TypeError('about visitor-17') })")
    latest_is(lambda beat: beat["problem"].startswith("TypeError ("))
    assert "visitor-17" not in json.dumps(beats)
    kiosk.sees("garden")
    kiosk.problems.clear()  # The browser notes the failed requests and the error.


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


def _words_left_in_english(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-word]")]
          .map((element) => element.textContent.trim())
          .filter((text) => /[A-Za-z]{4,}/.test(text.replace(/JavaScript|HOST=0.0.0.0|PUBLIC_URL/g, "")))"""
    )
    return found
