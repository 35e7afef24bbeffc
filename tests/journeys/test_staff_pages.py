"""What staff and developers open in a browser works under the same Content-Security-Policy as the kiosk."""

from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from curation.models import BulkOperation
from curation.services.operations import publish_images
from tests.curation.cast import picture
from tests.journeys.axe import faults_on
from tests.journeys.review_page import PASSWORD, Desk


def test_the_api_page_shows_and_tries_every_route_and_is_for_everyone(desk: Desk) -> None:
    review = desk()
    page = review.page
    page.goto(f"{review.address}/api/docs/")
    paths = page.request.get(f"{review.address}/api/schema/?format=json").json()["paths"]
    assert "/emotion" in paths
    expect(page.locator(".opblock")).to_have_count(
        sum(len(each["tags"]) for methods in paths.values() for each in methods.values())
    )
    page.get_by_text("A garden for a visitor").first.click()
    page.get_by_role("button", name="Try it out").click()
    expect(page.locator("textarea")).to_contain_text('"emotion": "calm"')
    assert faults_on(page) == []
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response .response-col_status")).to_have_text("200")


def test_an_administrator_signs_in_gives_a_kiosk_its_key_and_reads_the_history(desk: Desk) -> None:
    publish_images(images=[picture("imgPool/sad/img_1_0h.jpeg", published_at=None).pk], by=None)
    operation = BulkOperation.objects.get()
    get_user_model().objects.create_superuser("admin", password=PASSWORD)
    review = desk()
    page = review.page
    page.context.clear_cookies()
    review.sign_in("admin")
    page.goto(f"{review.address}/admin/garden/kiosk/add/")
    page.fill("#id_name", "Lobby")
    page.click("[name=_save]")
    page.goto(f"{review.address}/admin/garden/kioskkey/add/")
    page.fill("#id_name", "first")
    page.locator(".select2-selection").click()
    page.get_by_role("option", name="Lobby").click()
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_contain_text("The API key for first is")
    for address in ("releases/", f"releases/{operation.releases.get().pk}/", "acts/", f"acts/{operation.pk}/"):
        page.goto(f"{review.address}/admin/curation/{address}")
        assert faults_on(page) == [], address
