"""The longest notices: on a kiosk's screen both ways are seen without scrolling, in every language."""

from typing import Any

import pytest

from garden.privacy.packs import PACKS
from tests.journeys.kiosk_page import KioskPage

SCREENS = [(1080, 1920), (1920, 1080), (1280, 800)]
LANGUAGES = ("en", "ko", "ja")


@pytest.mark.parametrize("pack", PACKS)
def test_both_ways_are_on_the_screen_below_the_notice(kiosk: KioskPage, settings: Any, pack: str) -> None:
    settings.PRIVACY_PACK, settings.PRIVACY_CONTACT = pack, "privacy@museum.example"
    kiosk.open()
    kiosk.touch("begin")
    overflow = {}
    for width, height in SCREENS:
        kiosk.page.set_viewport_size({"width": width, "height": height})
        for language in LANGUAGES:
            kiosk.page.locator(f'.bar [data-language="{language}"]').click()
            below = kiosk.page.evaluate("document.documentElement.scrollHeight - innerHeight")
            overflow[width, height, language] = below
    assert {where: below for where, below in overflow.items() if below > 0} == {}
