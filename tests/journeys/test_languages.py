"""Three languages, switched in the middle of a visit without losing it."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.kiosk_page import KioskPage


@pytest.mark.parametrize(
    ("language", "title", "following"), [("ko", "평온의 정원", "다음"), ("ja", "穏やかさの庭", "次へ")]
)
def test_it_speaks_the_visitors_language(kiosk: KioskPage, language: str, title: str, following: str) -> None:
    shown = kiosk.open().goes_to_garden()
    kiosk.page.locator(f'[data-language="{language}"]').click()
    expect(kiosk.page.get_by_role("heading", name=title)).to_be_visible()
    expect(kiosk.page.get_by_role("button", name=following)).to_be_visible()
    expect(kiosk.page.locator("html")).to_have_attribute("lang", language)
    assert kiosk.sees_pictures() == shown
    assert _words_left_in_english(kiosk.page) == []


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_the_words_fit_a_phone(kiosk: KioskPage, language: str) -> None:
    kiosk.page.set_viewport_size({"width": 360, "height": 740})
    kiosk.open()
    kiosk.page.locator(f'[data-language="{language}"]').click()
    for action in ("begin", "wheel"):
        kiosk.touch(action)
        assert kiosk.page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_next_visitor_begins_in_the_kiosks_language(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.touch("begin")
    kiosk.page.locator('[data-language="ko"]').click()
    kiosk.touch("stop")
    kiosk.touch("again")
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "en")


def _words_left_in_english(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-word]")]
          .map((element) => element.textContent.trim())
          .filter((text) => /[A-Za-z]{4,}/.test(text.replace(/JavaScript|HOST=0.0.0.0|PUBLIC_URL/g, "")))"""
    )
    return found
