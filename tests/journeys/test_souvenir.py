"""The souvenir on a phone: opened by its short link, kept, shared, read by everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image, SouvenirLink
from garden.souvenirs.links import link_for
from tests.journeys.axe import faults_on
from tests.journeys.browser import open_context
from tests.journeys.kiosk_page import NOTE_SHIFTS
from tests.journeys.patience import comes_true

PHONE: Any = {"width": 390, "height": 844}
CLIPBOARD = ["clipboard-read", "clipboard-write"]
REMEMBER_SHARED = """
window.shared = [];
navigator.canShare = () => true;
navigator.share = async (what) => { window.shared.push({ ...what, files: what.files?.map((file) => file.name) }); };
"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = open_context(
        browser, viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="no-preference", permissions=CLIPBOARD
    )
    yield context
    context.close()


@pytest.fixture
def address(live_server: LiveServer, garden: list[Image]) -> str:
    """The short link of a portrait picture."""
    return f"{live_server.url}/s/{link_for(next(image for image in garden if image.key.endswith('v.jpeg'))).code}"


def test_the_picture_is_shown_edge_to_edge_kept_and_printed_until_its_link_expires(
    phone: BrowserContext, address: str
) -> None:
    page = phone.new_page()
    page.add_init_script(NOTE_SHIFTS)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    box = page.locator(".souvenir-picture").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, PHONE["width"])
    assert page.evaluate("document.querySelector('.souvenir-picture').naturalWidth") > 0
    assert page.evaluate("window.shifts") == []
    assert faults_on(page) == []
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep the picture").click()
    assert kept.value.suggested_filename.startswith("emotion-garden-")
    assert kept.value.path().read_bytes()[:2] == b"\xff\xd8"

    page.emulate_media(media="print")
    assert faults_on(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".souvenir-picture")).to_be_visible()
    expect(page.locator(".souvenir .actions")).to_be_hidden()

    SouvenirLink.objects.update(expires_at=timezone.now())
    page.emulate_media(media="screen")
    page.goto(address)
    expect(page.get_by_role("heading")).to_have_text("This souvenir has expired")
    assert faults_on(page) == []


def test_sharing_gives_the_picture_else_its_address_else_a_copy_of_it_else_the_words_to_copy(
    phone: BrowserContext, address: str
) -> None:
    page = phone.new_page()
    page.add_init_script(REMEMBER_SHARED)
    page.goto(address)
    [file] = _shares(page)["files"]
    assert file.startswith("emotion-garden-")
    assert file.endswith("v.jpeg")
    page.evaluate("void (navigator.canShare = () => false)")
    assert _shares(page)["url"] == address

    share, status = page.get_by_role("button", name="Share"), page.get_by_role("status")
    page.evaluate("delete navigator.share, delete Navigator.prototype.share")
    share.click()
    expect(status).to_have_text("The address is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.evaluate("delete Navigator.prototype.clipboard")
    share.click()
    expect(status.get_by_role("textbox")).to_have_value(address)


def test_it_needs_no_javascript(browser: Browser, address: str) -> None:
    context = open_context(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("link", name="Keep the picture")).to_be_visible()
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    page.get_by_role("link", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("link", name="그림 저장하기")).to_be_visible()
    context.close()


def _shares(page: Page) -> Any:
    page.evaluate("window.shared = []")
    page.get_by_role("button", name="Share").click()
    comes_true(page, "window.shared.length > 0")
    return page.evaluate("window.shared[0]")
