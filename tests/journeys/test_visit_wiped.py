"""After a visitor walked away nothing of them is left: looked for where a browser could keep it."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from garden.models import Visitor, Zone
from tests.journeys.kiosk_page import KioskPage

PATIENCE_SECONDS = 300


def test_nothing_of_a_visitor_who_walked_away_is_left(kiosk: KioskPage, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_FAREWELL_SECONDS = PATIENCE_SECONDS, 1
    kiosk.page.clock.install()
    settings.PUBLIC_URL = "https://garden.example"
    gone = _visit_and_walk_away(kiosk)
    _no_store_holds_anything(kiosk.page, gone)
    _no_address_and_no_history_tells_of_them(kiosk)
    _the_page_is_as_before_them(kiosk.page, gone)
    _not_even_the_memory_of_the_page_knows_them(kiosk.page, gone)


def _visit_and_walk_away(kiosk: KioskPage) -> list[str]:
    """A visitor with a face, a mood, likes and a gift, who left without a word. Answers what was theirs."""
    Zone.objects.create(name="hall", title="Hall")
    kiosk.open().touch("begin")
    kiosk.page.locator('[data-language="ko"]').click()
    kiosk.touch("camera")
    kiosk.sees("question")
    kiosk.page.locator(".guesses .mood").first.click()
    shown = kiosk.sees_pictures()
    with kiosk.page.expect_response("**/souvenir") as asked, kiosk.page.expect_response("**/like"):
        kiosk.like(0)
    kiosk.touch("gift")
    with kiosk.page.expect_response("**/sendToWall"):
        kiosk.touch("wall")
    kiosk.is_left_alone(PATIENCE_SECONDS + 1)
    kiosk.sees("attract")
    kiosk.page.wait_for_load_state("networkidle")
    return [Visitor.objects.get().id, asked.value.json()["url"], shown[0]]


def _no_store_holds_anything(page: Page, gone: list[str]) -> None:
    assert page.evaluate(_STORES) == {"local": 0, "session": 0, "databases": [], "caches": [], "workers": 0}
    cookies = json.dumps(page.context.cookies())
    assert [thing for thing in gone if thing in cookies] == []


def _no_address_and_no_history_tells_of_them(kiosk: KioskPage) -> None:
    assert kiosk.page.url == f"{kiosk.address}/kiosk/"
    assert kiosk.page.evaluate("[history.length, history.state]") == [2, None]  # about:blank, and the kiosk
    assert kiosk.page.evaluate('[...document.querySelectorAll(\'[src^="blob:"], [href^="blob:"]\')].length') == 0


def _the_page_is_as_before_them(page: Page, gone: list[str]) -> None:
    html = page.content()
    assert [thing for thing in gone if thing in html] == []
    expect(page.locator("html")).to_have_attribute("lang", "en")
    left = page.locator(".picture, .chip, .to-wall-picture, .guesses .mood, .gift [src], .gift [href]")
    expect(left).to_have_count(0)
    assert page.evaluate("[...document.querySelectorAll('input')].map((field) => field.value)") == [""]
    assert page.evaluate("document.querySelector('video').srcObject") is None


def _not_even_the_memory_of_the_page_knows_them(page: Page, gone: list[str]) -> None:
    memory = _heap(page)
    assert "Touch anywhere to begin" in memory
    assert [thing for thing in gone[:2] if thing in memory] == []


_STORES = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  databases: await indexedDB.databases(),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def _heap(page: Page) -> str:
    """Every string that the page's JavaScript still holds."""
    session = page.context.new_cdp_session(page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.detach()
    return "".join(parts)
