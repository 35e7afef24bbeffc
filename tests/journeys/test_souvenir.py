"""The souvenir on a phone: opened by its short link, kept, shared, read by everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import Image, SouvenirLink
from garden.souvenirs.links import link_for
from tests.journeys.browser import open_context
from tests.journeys.patience import comes_true
from tests.journeys.test_accessibility import AXE, TAGS
from tests.journeys.test_visit_budgets import NOTE_SHIFTS

PHONE: Any = {"width": 390, "height": 844}
REMEMBER_SHARED = """
window.shared = [];
navigator.canShare = () => %s;
navigator.share = async (what) => { window.shared.push({ ...what, files: what.files?.map((file) => file.name) }); };
"""


@pytest.fixture
def phone(browser: Browser, motion: str) -> Iterator[BrowserContext]:
    context = open_context(browser, viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion=motion)
    yield context
    context.close()


@pytest.fixture
def address(live_server: LiveServer, garden: list[Image]) -> str:
    """The short link of a portrait picture."""
    return f"{live_server.url}/s/{link_for(next(image for image in garden if image.key.endswith('v.jpeg'))).code}"


def test_it_shows_the_picture_edge_to_edge(phone: BrowserContext, address: str) -> None:
    page = _opened(phone, address)
    box = page.locator(".souvenir-picture").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, PHONE["width"])
    assert page.evaluate("document.querySelector('.souvenir-picture').naturalWidth") > 0
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("motion", ["no-preference"])
def test_nothing_moves_while_it_loads(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.add_init_script(NOTE_SHIFTS)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_it_is_for_everyone(phone: BrowserContext, address: str, language: str) -> None:
    assert faults_on(_opened(phone, f"{address}?lang={language}")) == []


def test_a_printed_one_is_dark_letters_on_white_paper(phone: BrowserContext, address: str) -> None:
    page = _opened(phone, address)
    page.emulate_media(media="print")
    assert faults_on(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".souvenir-picture")).to_be_visible()
    expect(page.locator(".souvenir .actions")).to_be_hidden()


def test_an_ended_one_is_for_everyone_too(phone: BrowserContext, address: str) -> None:
    SouvenirLink.objects.update(expires_at=timezone.now())
    page = _opened(phone, address)
    expect(page.get_by_role("heading")).to_have_text("This souvenir has faded")
    assert faults_on(page) == []


def test_the_picture_itself_is_shared_where_the_phone_can(phone: BrowserContext, address: str) -> None:
    page = _opened(phone, address, REMEMBER_SHARED % "true")
    page.get_by_role("button", name="Share").click()
    comes_true(page, "window.shared.length > 0")
    [shared] = page.evaluate("window.shared")
    assert shared["files"][0].startswith("emotion-garden-")
    assert shared["files"][0].endswith("v.jpeg")


def test_else_its_address_is_shared(phone: BrowserContext, address: str) -> None:
    page = _opened(phone, address, REMEMBER_SHARED % "false")
    page.get_by_role("button", name="Share").click()
    comes_true(page, "window.shared.length > 0")
    [shared] = page.evaluate("window.shared")
    assert shared["url"] == address


def test_else_its_address_is_copied(phone: BrowserContext, address: str) -> None:
    phone.grant_permissions(["clipboard-read", "clipboard-write"])
    page = _opened(phone, address, "delete Navigator.prototype.share;")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("status")).to_have_text("The address is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_else_the_visitor_copies_it(phone: BrowserContext, address: str) -> None:
    page = _opened(phone, address, "delete Navigator.prototype.share; delete Navigator.prototype.clipboard;")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("status").get_by_role("textbox")).to_have_value(address)


def test_keeping_it_downloads_the_file(phone: BrowserContext, address: str) -> None:
    page = _opened(phone, address)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep the picture").click()
    assert kept.value.suggested_filename.startswith("emotion-garden-")
    assert kept.value.path().read_bytes()[:2] == b"\xff\xd8"


def test_it_needs_no_javascript(browser: Browser, address: str) -> None:
    context = open_context(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("link", name="Keep the picture")).to_be_visible()
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    page.get_by_role("link", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("link", name="그림 간직하기")).to_be_visible()
    context.close()


def faults_on(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: WCAG AA as far as a machine can tell."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]


def _opened(phone: BrowserContext, address: str, before: str = "") -> Page:
    page = phone.new_page()
    if before:
        page.add_init_script(before)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page
