"""Each moment, on a kiosk and on a phone: WCAG AA as far as a machine can tell, and nothing wider than the screen."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from garden.vocabulary import Emotion
from tests.journeys.kiosk_page import KioskPage

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("screen", [(1080, 1920), (390, 844)], ids=["kiosk", "phone"])
def test_every_moment_is_for_everyone(kiosk: KioskPage, screen: tuple[int, int]) -> None:
    width, height = screen
    kiosk.page.set_viewport_size({"width": width, "height": height})
    kiosk.open()
    kiosk.page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = _faults(kiosk, "attract")
    kiosk.touch("begin")
    faults += _faults(kiosk, "consent")
    kiosk.touch("camera")
    faults += _faults(kiosk, "look")
    kiosk.sees("question")
    faults += _faults(kiosk, "question")
    kiosk.touch("other")
    faults += _faults(kiosk, "wheel")
    kiosk.choose_on_wheel(Emotion.FEAR)
    kiosk.sees_pictures()
    kiosk.like(0)
    faults += _faults(kiosk, "garden")
    kiosk.touch("gift")
    faults += _faults(kiosk, "gift")
    kiosk.touch("stop")
    faults += _faults(kiosk, "goodbye")
    assert faults == []


def test_the_farewell_is_for_everyone(kiosk: KioskPage, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS = 1
    settings.KIOSK_FAREWELL_SECONDS = 30
    kiosk.open()
    kiosk.page.evaluate(AXE.read_text(encoding="utf-8"))
    kiosk.touch("begin")
    kiosk.page.get_by_role("dialog").wait_for()
    assert _faults(kiosk, "consent") == []


@pytest.mark.parametrize("screen", [(1080, 1920), (320, 640)], ids=["kiosk", "phone"])
def test_the_page_about_faces_is_for_everyone_and_leads_back(kiosk: KioskPage, screen: tuple[int, int]) -> None:
    width, height = screen
    kiosk.page.set_viewport_size({"width": width, "height": height})
    kiosk.open()
    kiosk.touch("begin")
    kiosk.sees("consent")
    kiosk.page.locator(".about-link").click()
    kiosk.page.wait_for_url("**/about/?from=kiosk&lang=en")
    kiosk.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert _faults_here(kiosk, "about") == []
    kiosk.page.get_by_role("link", name="Back to the garden").click()
    kiosk.sees("attract")


def _faults(kiosk: KioskPage, moment: str) -> list[str]:
    kiosk.sees(moment)
    return _faults_here(kiosk, moment)


def _faults_here(kiosk: KioskPage, moment: str) -> list[str]:
    found = kiosk.page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    faults = [
        f"{moment}: {rule['id']}: {node['html'][:120]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    wide, screen = kiosk.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return faults if wide <= screen else [*faults, f"{moment}: {wide} px wide on a screen of {screen} px"]
