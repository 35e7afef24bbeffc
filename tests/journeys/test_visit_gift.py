"""The gift: the liked pictures on the visitor's phone and on the wall of the room."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import Route, expect

from garden.models import Assignment, SouvenirLink, Zone
from tests.journeys.axe import faults_on
from tests.journeys.conftest import KIOSK_SCREEN
from tests.journeys.kiosk_page import KioskPage

PUBLIC = "https://garden.example"
SCREENS = [KIOSK_SCREEN, (1920, 1080), (1280, 800), (3840, 2160)]


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


def test_its_code_is_there_when_it_opens_and_nothing_is_offered_that_cannot_be(kiosk: KioskPage) -> None:
    kiosk.open().goes_to_garden()
    with kiosk.page.expect_response("**/souvenir"):
        kiosk.like(0)
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    kiosk.touch("gift")
    kiosk.sees("gift")
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "shown")
    assert kiosk.page.evaluate("document.querySelector('.gift-code').naturalWidth") > 0
    assert "/souvenir" not in asked
    link = SouvenirLink.objects.get()
    expect(kiosk.page.locator(".gift-open")).to_have_attribute("href", f"{PUBLIC}/s/{link.code}")
    for absent in (".gift-save", ".to-wall"):
        expect(kiosk.page.locator(absent)).to_be_hidden()


def test_where_no_phone_could_follow_it_shows_no_code_but_gives_the_picture(kiosk: KioskPage, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    zone = Zone.objects.create(name="hall")
    key = kiosk.open().goes_to_garden()[0]
    kiosk.like(0)
    kiosk.touch("gift")
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "none")
    expect(kiosk.page.locator(".gift-code")).to_be_hidden()
    expect(kiosk.page.locator(".gift-hint")).to_have_text("Photograph this screen to take the picture with you.")
    with kiosk.page.expect_download() as saved:
        kiosk.page.get_by_role("link", name="Keep the picture").click()
    with default_storage.open(key) as original:
        assert saved.value.path().read_bytes() == original.read()
    assert faults_on(kiosk.page) == []

    zone.delete()  # A wall that was taken away is offered no more.
    kiosk.touch("wall")
    expect(kiosk.page.locator(".to-wall")).to_be_hidden()
    kiosk.problems.clear()  # The browser notes the refusal.


def test_a_site_may_give_no_souvenirs(kiosk: KioskPage, settings: Any) -> None:
    settings.SOUVENIR_DAYS = 0
    zone = Zone.objects.create(name="hall")
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    kiosk.open().goes_to_garden()
    gift = kiosk.page.locator(".garden [data-action=gift]")
    expect(gift).to_be_disabled()
    kiosk.like(0)
    expect(gift).to_have_text("Send to the wall")
    kiosk.touch("gift")
    kiosk.sees("gift")
    expect(kiosk.page.locator(".to-wall")).to_be_visible()
    for absent in (".gift-phone", ".gift-save", ".gift-open"):
        expect(kiosk.page.locator(absent)).to_be_hidden()
    zone.delete()
    kiosk.open().goes_to_garden()
    expect(gift).to_have_text("I'm done")
    kiosk.touch("gift")
    kiosk.sees("goodbye")
    assert "/souvenir" not in asked
    assert not SouvenirLink.objects.exists()


@pytest.mark.parametrize("public", [PUBLIC, ""])
def test_everything_of_it_is_on_the_screen_in_every_language(kiosk: KioskPage, settings: Any, public: str) -> None:
    settings.PUBLIC_URL = public
    Zone.objects.create(name="hall", title="Entrance hall")
    kiosk.open().goes_to_garden()
    for place in (0, 1, 2):
        kiosk.like(place)
    kiosk.touch("gift")
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "shown" if public else "none")
    below = {}
    for width, height in SCREENS:
        kiosk.page.set_viewport_size({"width": width, "height": height})
        for language in ("en", "ko", "ja"):
            kiosk.speaks(language)
            expect(kiosk.page.locator(".to-wall h2")).to_be_visible()
            below[width, height, language] = kiosk.page.evaluate(
                "document.querySelector('.gift .actions').getBoundingClientRect().bottom - innerHeight"
            )
    assert {where: pixels for where, pixels in below.items() if pixels > 0} == {}


def test_three_liked_pictures_at_most_bloom_on_the_wall_each_once(kiosk: KioskPage) -> None:
    zone = Zone.objects.create(name="hall", title="Entrance hall")
    message = kiosk.page.locator(".to-wall-status")
    liked = kiosk.open().goes_to_garden()
    for place in (0, 1, 2):
        kiosk.like(place)
    kiosk.touch("next")
    liked = [kiosk.sees_pictures()[0], *reversed(liked)]
    kiosk.like(0)
    kiosk.touch("gift")
    expect(kiosk.page.locator(".to-wall h2")).to_have_text("Which pictures shall bloom on the wall “Entrance hall”?")
    tiles = kiosk.page.locator(".to-wall-picture")
    expect(tiles).to_have_count(4)
    tiles.last.click()
    expect(kiosk.page.locator('.to-wall-picture[aria-pressed="true"]')).to_have_count(3)
    kiosk.page.get_by_role("button", name="Choose picture 1 for the wall").click()
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "shown")
    assert faults_on(kiosk.page) == []

    kiosk.page.route("**/sendToWall", lambda route: route.abort("connectionrefused"))
    kiosk.touch("wall")
    expect(message).to_contain_text("The wall does not answer.")
    kiosk.page.unroute("**/sendToWall")
    kiosk.problems.clear()  # The browser itself reports the request that we broke.
    kiosk.touch("wall")
    expect(message).to_have_text("It blooms on the wall “Entrance hall”. See the wall!")
    hung = Assignment.objects.filter(zone=zone, source=Assignment.Source.VISITOR)
    assert {hanging.image.key for hanging in hung} == set(liked[1:3])
    expect(kiosk.page.get_by_role("button", name="Picture 2 is on the wall")).to_be_visible()
    expect(kiosk.page.locator('[data-action="wall"]')).to_be_disabled()
    assert faults_on(kiosk.page) == []

    kiosk.touch("more")
    kiosk.sees_pictures()
    kiosk.touch("gift")
    held: list[Route] = []
    kiosk.page.route("**/sendToWall", lambda route: held.append(route))
    kiosk.touch("wall")
    expect(message).to_have_text("On their way to the wall …")
    # A heartbeat may fail at the same moment: Chromium cancels a response that nobody reads.
    with kiosk.page.expect_event("requestfailed", lambda request: request.url.endswith("/sendToWall")):
        kiosk.touch("stop")
    kiosk.sees("goodbye")
    assert [route.request.post_data_json for route in held] == [{"keys": [liked[0], liked[3]]}]
    expect(tiles).to_have_count(0)
    assert Zone.objects.get(pk=zone.pk).version == 1
