"""Whoever leaves is forgotten, whether they say goodbye or walk away."""

import io
import json
import re
from pathlib import Path
from typing import Any

from django.core.management import call_command
from playwright.sync_api import Request, expect

from garden.models import Visitor
from tests.journeys.kiosk_page import KioskPage, says_like

QUIET_SECONDS = 300
"""More than a busy machine takes from one touch to the next: the page's clock skips them."""


def test_goodbye_wipes_the_visit_and_says_so(kiosk: KioskPage) -> None:
    kiosk.open().goes_to_garden()
    kiosk.like(0)
    kiosk.touch("gift")
    kiosk.touch("stop")
    kiosk.sees("goodbye")
    expect(kiosk.page.locator(".goodbye")).to_contain_text("are erased from this screen")
    assert _traces(kiosk) == {"pictures": 0, "chips": 0, "gift": None, "stores": 0}


def test_goodbye_shows_the_number_by_which_staff_find_and_delete_what_is_kept(kiosk: KioskPage, tmp_path: Path) -> None:
    kiosk.open().goes_to_garden()
    with kiosk.page.expect_response(says_like):
        kiosk.like(0)
    kiosk.touch("stop")
    kiosk.sees("goodbye")
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


def test_who_did_nothing_is_shown_no_number(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("stop")
    kiosk.sees("goodbye")
    expect(kiosk.page.locator(".visitor-number")).to_be_hidden()


def test_two_visitors_have_two_ids(kiosk: KioskPage) -> None:
    ids: list[str] = []

    def note_id(sent: Request) -> None:
        if sent.url.endswith("/garden"):
            ids.append(json.loads(sent.post_data or "")["id"])

    kiosk.page.on("request", note_id)
    kiosk.open().goes_to_garden()
    kiosk.touch("stop")
    kiosk.touch("again")
    kiosk.goes_to_garden()
    assert len(set(ids)) == 2


def test_nobody_there_shows_a_farewell_and_forgets(kiosk: KioskPage, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS = QUIET_SECONDS
    settings.KIOSK_FAREWELL_SECONDS = 60
    kiosk.page.clock.install()
    kiosk.open().goes_to_garden()
    kiosk.is_left_alone(QUIET_SECONDS)
    expect(kiosk.page.get_by_role("dialog", name="Are you still here?")).to_be_visible()
    kiosk.is_left_alone(60)
    kiosk.sees("attract")
    assert _traces(kiosk) == {"pictures": 0, "chips": 0, "gift": None, "stores": 0}


def test_someone_still_there_keeps_their_visit(kiosk: KioskPage, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_FAREWELL_SECONDS = QUIET_SECONDS, 60
    kiosk.page.clock.install()
    shown = kiosk.open().goes_to_garden()
    kiosk.is_left_alone(QUIET_SECONDS)
    kiosk.touch("stay")
    expect(kiosk.page.get_by_role("dialog")).to_be_hidden()
    assert kiosk.sees_pictures() == shown


def _traces(kiosk: KioskPage) -> Any:
    return kiosk.page.evaluate(
        """() => ({
          pictures: document.querySelectorAll(".picture").length,
          chips: document.querySelectorAll(".chip").length,
          gift: document.querySelector(".gift-picture").getAttribute("src"),
          stores: localStorage.length + sessionStorage.length,
        })"""
    )
