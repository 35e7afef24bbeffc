"""After a visitor walked away nothing of them is left: looked for where a browser could keep it."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from garden.models import Visitor, Zone
from tests.journeys.kiosk_page import KioskPage


@pytest.fixture
def gone(kiosk: KioskPage, settings: Any) -> list[str]:
    """A visitor with a face, a mood, likes and a gift, who left without a word. Answers what was theirs."""
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_FAREWELL_SECONDS = 3, 1
    settings.PUBLIC_URL = "https://garden.example"
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
    kiosk.sees("attract")
    kiosk.page.wait_for_load_state("networkidle")
    return [Visitor.objects.get().id, asked.value.json()["url"], shown[0]]


def test_no_store_holds_anything(kiosk: KioskPage, gone: list[str]) -> None:
    assert kiosk.page.evaluate(_STORES) == {"local": 0, "session": 0, "databases": [], "caches": [], "workers": 0}
    cookies = json.dumps(kiosk.page.context.cookies())
    assert [thing for thing in gone if thing in cookies] == []


def test_no_address_and_no_history_tells_of_them(kiosk: KioskPage, gone: list[str]) -> None:
    assert kiosk.page.url == f"{kiosk.address}/kiosk/"
    assert kiosk.page.evaluate("[history.length, history.state]") == [2, None]  # about:blank, and the kiosk
    assert kiosk.page.evaluate('[...document.querySelectorAll(\'[src^="blob:"], [href^="blob:"]\')].length') == 0


def test_the_page_is_as_before_them(kiosk: KioskPage, gone: list[str]) -> None:
    html = kiosk.page.content()
    assert [thing for thing in gone if thing in html] == []
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "en")
    left = kiosk.page.locator(".picture, .chip, .to-wall-picture, .guesses .mood, .gift [src], .gift [href]")
    expect(left).to_have_count(0)
    assert kiosk.page.evaluate("[...document.querySelectorAll('input')].map((field) => field.value)") == [""]
    assert kiosk.page.evaluate("document.querySelector('video').srcObject") is None


def test_not_even_the_memory_of_the_page_knows_them(kiosk: KioskPage, gone: list[str]) -> None:
    memory = _heap(kiosk.page)
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
