"""Staff pages bring Korean and Japanese letters along, for computers that have none."""

from typing import Any

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browser import open_context

NAMED = "getComputedStyle(document.querySelector('#site-name')).fontFamily"


def test_no_word_stays_boxes_when_its_letters_have_come(
    browser: Browser, live_server: LiveServer, transactional_db: None
) -> None:
    for language, title in (("ko", "마음 정원"), ("ja", "こころの庭")):
        context = open_context(browser, locale=language)
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/login/")
        page.evaluate("document.fonts.ready")
        page.reload()  # Now they come from memory, at once.
        expect(page.locator("#site-name")).to_have_text(title)
        page.evaluate("document.fonts.ready")
        named = page.evaluate(NAMED)
        for font in fonts_of(page, "#site-name a"):
            assert font["isCustomFont"] or font["familyName"] in named, font
        context.close()


def fonts_of(page: Page, selector: str) -> list[dict[str, Any]]:
    """What the browser really draws an element's letters with.

    https://chromedevtools.github.io/devtools-protocol/tot/CSS/#method-getPlatformFontsForNode
    """
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts: list[dict[str, Any]] = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return fonts
