"""What staff and developers open in a browser works under the same Content-Security-Policy as the kiosk."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from curation.models import BulkOperation
from curation.services import publish_images
from tests.curation.cast import picture
from tests.journeys.conftest import watch
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.test_accessibility import AXE, TAGS

PASSWORD = "correct horse battery"


@pytest.fixture
def staff(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Iterator[KioskPage]:
    desk = KioskPage(context.new_page(), live_server.url)
    watch(desk.page, desk)
    yield desk
    assert desk.problems == []


def test_the_api_page_shows_and_tries_every_route(staff: KioskPage) -> None:
    page = staff.page
    page.goto(f"{staff.address}/api/docs/")
    paths = page.request.get(f"{staff.address}/api/schema/?format=json").json()["paths"]
    assert "/emotion" in paths
    expect(page.locator(".opblock")).to_have_count(
        sum(len(each["tags"]) for methods in paths.values() for each in methods.values())
    )
    page.get_by_text("A garden for a visitor").first.click()
    page.get_by_role("button", name="Try it out").click()
    expect(page.locator("textarea")).to_contain_text('"emotion": "calm"')
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response .response-col_status")).to_have_text("200")


def test_an_administrator_gives_a_kiosk_its_key(staff: KioskPage) -> None:
    page = signed_in(staff)
    page.goto(f"{staff.address}/admin/garden/kiosk/add/")
    page.fill("#id_name", "Lobby")
    page.click("[name=_save]")
    page.goto(f"{staff.address}/admin/garden/kioskkey/add/")
    page.fill("#id_name", "first")
    page.locator(".select2-selection").click()
    page.get_by_role("option", name="Lobby").click()
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_contain_text("The API key for first is")


def test_axe_finds_nothing_on_the_api_page(staff: KioskPage) -> None:
    page = staff.page
    page.goto(f"{staff.address}/api/docs/")
    expect(page.locator(".opblock").first).to_be_visible()
    page.get_by_text("A garden for a visitor").first.click()
    page.get_by_role("button", name="Try it out").click()
    assert faults(page) == []


def test_axe_finds_nothing_on_releases_and_history(staff: KioskPage) -> None:
    publish_images(images=[picture("imgPool/sad/img_1_0h.jpeg", published_at=None).pk], by=None)
    operation = BulkOperation.objects.get()
    page = signed_in(staff)
    for address in ("releases/", f"releases/{operation.releases.get().pk}/", "acts/", f"acts/{operation.pk}/"):
        page.goto(f"{staff.address}/admin/curation/{address}")
        assert faults(page) == [], address


def signed_in(staff: KioskPage) -> Page:
    get_user_model().objects.create_superuser("admin", password=PASSWORD)
    page = staff.page
    page.goto(f"{staff.address}/admin/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def faults(page: Page) -> list[str]:
    """What axe finds: WCAG AA as far as a machine can tell."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
