"""No data of a visitor stays in the browser after they end the visit or walk away."""

import io
import json
import re
from pathlib import Path
from typing import Any

from django.core.management import call_command
from playwright.sync_api import Page, Request, expect

from garden.models import Visitor, Zone
from tests.journeys.kiosk_page import KioskPage, says_like

QUIET_SECONDS, FAREWELL_SECONDS = 300, 60
"""More than a busy machine takes from one touch to the next: the page's clock skips them."""
NOTHING = {"pictures": 0, "chips": 0, "gift": None, "stores": 0}


def test_goodbye_wipes_the_visit_and_shows_the_number_by_which_staff_delete_what_is_kept(
    kiosk: KioskPage, tmp_path: Path
) -> None:
    ids: list[str] = []

    def note_id(sent: Request) -> None:
        if sent.url.endswith("/garden"):
            ids.append(json.loads(sent.post_data or "")["id"])

    kiosk.page.on("request", note_id)
    kiosk.open().goes_to_garden()
    with kiosk.page.expect_response(says_like):
        kiosk.like(0)
    kiosk.touch("gift")
    kiosk.touch("stop")
    kiosk.sees("goodbye")
    expect(kiosk.page.locator(".goodbye")).to_contain_text("are erased from this screen")
    assert _traces(kiosk) == NOTHING
    shown = kiosk.page.locator(".visitor-number b")
    number = shown.inner_text()
    assert re.fullmatch(r"[0-9A-F]{4} [0-9A-F]{4} [0-9A-F]{4}", number)
    call_command("export_visitor", number, str(tmp_path / "all.zip"), stdout=io.StringIO())
    assert (tmp_path / "all.zip").is_file()
    call_command("forget_visitor", number, stdout=io.StringIO())
    assert not Visitor.objects.exists()
    kiosk.touch("again")
    kiosk.sees("attract")
    expect(shown).to_be_empty()

    kiosk.goes_to_garden()
    first, second = dict.fromkeys(ids)  # Asked again after the like.
    assert first != second
    kiosk.touch("stop")
    kiosk.touch("again")
    kiosk.touch("begin")
    kiosk.touch("stop")
    kiosk.sees("goodbye")
    expect(kiosk.page.locator(".visitor-number")).to_be_hidden()


def test_who_stays_keeps_the_visit_and_of_who_walked_away_nothing_is_left(kiosk: KioskPage, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_FAREWELL_SECONDS = QUIET_SECONDS, FAREWELL_SECONDS
    settings.PUBLIC_URL = "https://garden.example"
    Zone.objects.create(name="hall", title="Hall")
    kiosk.page.clock.install()
    kiosk.has_no_detector()
    shown = _sees_a_garden(kiosk)
    kiosk.is_left_alone(QUIET_SECONDS)
    expect(kiosk.page.get_by_role("dialog", name="Are you still here?")).to_be_visible()
    kiosk.touch("stay")
    expect(kiosk.page.get_by_role("dialog")).to_be_hidden()
    assert kiosk.sees_pictures() == shown

    kiosk.speaks("ko")
    with kiosk.page.expect_response("**/souvenir") as asked, kiosk.page.expect_response(says_like):
        kiosk.like(0)
    kiosk.touch("gift")
    with kiosk.page.expect_response("**/sendToWall"):
        kiosk.touch("wall")
    kiosk.is_left_alone(QUIET_SECONDS)
    expect(kiosk.page.get_by_role("dialog")).to_be_visible()
    kiosk.is_left_alone(FAREWELL_SECONDS)
    kiosk.sees("attract")
    kiosk.page.wait_for_load_state("networkidle")

    assert _traces(kiosk) == NOTHING
    gone = [Visitor.objects.get().id, asked.value.json()["url"], shown[0]]
    _no_store_holds_anything(kiosk.page, gone)
    _no_address_and_no_history_tells_of_them(kiosk)
    _the_page_is_as_before_them(kiosk.page, gone)
    _not_even_the_memory_of_the_page_knows_them(kiosk.page, gone)


def _sees_a_garden(kiosk: KioskPage) -> list[str]:
    kiosk.open().touch("begin")
    kiosk.touch("camera")
    kiosk.touch("take")
    kiosk.sees("question")
    kiosk.page.locator(".guesses .mood").first.click()
    return kiosk.sees_pictures()


def _traces(kiosk: KioskPage) -> Any:
    return kiosk.page.evaluate(
        """() => ({
          pictures: document.querySelectorAll(".picture").length,
          chips: document.querySelectorAll(".chip").length,
          gift: document.querySelector(".gift-picture").getAttribute("src"),
          stores: localStorage.length + sessionStorage.length,
        })"""
    )


def _no_store_holds_anything(page: Page, gone: list[str]) -> None:
    assert page.evaluate(_STORES) == {"local": 0, "session": 0, "databases": [], "caches": [], "workers": 0}
    cookies = json.dumps(page.context.cookies())
    assert [thing for thing in gone if thing in cookies] == []


def _no_address_and_no_history_tells_of_them(kiosk: KioskPage) -> None:
    assert kiosk.page.url == f"{kiosk.address}/kiosk/"
    assert kiosk.page.evaluate("[history.length, history.state]") == [2, None]  # about:blank, and the kiosk
    assert kiosk.page.evaluate('[...document.querySelectorAll(\'[src^="blob:"], [href^="blob:"]\')].length') == 0


def _the_page_is_as_before_them(page: Page, gone: list[str]) -> None:
    html = page.evaluate(_PAGE)
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


_PAGE = """() => {
  const page = document.documentElement.cloneNode(true);
  page.querySelector(".drift").remove();  // It shows everybody random pictures of the garden, which may be theirs.
  return page.outerHTML;
}"""
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
