"""The gift: the liked pictures on the visitor's phone and on the wall of the room."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import Request, Route, expect

from garden.models import Assignment, SouvenirLink, Zone
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.test_souvenir import faults_on

PUBLIC = "https://garden.example"


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


def test_its_code_is_there_when_the_gift_opens(kiosk: KioskPage) -> None:
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


def test_its_link_is_short_and_names_no_visitor(kiosk: KioskPage) -> None:
    kiosk.open().goes_to_garden()
    with kiosk.page.expect_response("**/souvenir"):
        kiosk.like(0)
    kiosk.touch("gift")
    link = SouvenirLink.objects.get()
    expect(kiosk.page.locator(".gift-open")).to_have_attribute("href", f"{PUBLIC}/s/{link.code}")


def test_where_no_phone_could_follow_it_shows_no_code_but_gives_the_picture(kiosk: KioskPage, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    key = kiosk.open().goes_to_garden()[0]
    kiosk.like(0)
    kiosk.touch("gift")
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "none")
    expect(kiosk.page.locator(".gift-code")).to_be_hidden()
    expect(kiosk.page.locator(".gift-hint")).to_contain_text("No phone can reach this screen's address.")
    expect(kiosk.page.locator(".gift-staff")).to_contain_text("PUBLIC_URL")
    expect(kiosk.page.locator(".gift-open")).to_be_visible()
    with kiosk.page.expect_download() as saved:
        kiosk.page.get_by_role("link", name="Keep the picture").click()
    with default_storage.open(key) as original:
        assert saved.value.path().read_bytes() == original.read()
    assert faults_on(kiosk.page) == []


def test_where_a_phone_can_follow_it_offers_the_code_alone(kiosk: KioskPage) -> None:
    _opens_gift(kiosk)
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "shown")
    expect(kiosk.page.locator(".gift-staff")).to_be_hidden()
    expect(kiosk.page.locator(".gift-save")).to_be_hidden()


def test_without_a_wall_none_is_offered(kiosk: KioskPage) -> None:
    _opens_gift(kiosk)
    expect(kiosk.page.locator(".to-wall")).to_be_hidden()


def test_chosen_pictures_bloom_on_the_wall_that_it_names(kiosk: KioskPage) -> None:
    zone = Zone.objects.create(name="hall", title="Entrance hall")
    liked = _opens_gift(kiosk, likes=3)
    expect(kiosk.page.locator(".to-wall h2")).to_have_text("Which pictures shall bloom on the wall “Entrance hall”?")
    kiosk.page.get_by_role("button", name="Choose picture 1 for the wall").click()
    _sends(kiosk)
    expect(kiosk.page.locator(".to-wall-said")).to_have_text("It blooms on the wall “Entrance hall”. See the wall!")
    hung = Assignment.objects.filter(zone=zone, source=Assignment.Source.VISITOR)
    assert {hanging.image.key for hanging in hung} == set(liked[:2])


def test_no_more_than_three_are_chosen(kiosk: KioskPage) -> None:
    Zone.objects.create(name="hall")
    kiosk.open().goes_to_garden()
    for place in (0, 1, 2):
        kiosk.like(place)
    kiosk.touch("next")
    kiosk.sees_pictures()
    kiosk.like(0)
    kiosk.touch("gift")
    tiles = kiosk.page.locator(".to-wall-picture")
    expect(tiles).to_have_count(4)
    tiles.last.click()
    expect(kiosk.page.locator('.to-wall-picture[aria-pressed="true"]')).to_have_count(3)


def test_each_picture_is_sent_once(kiosk: KioskPage) -> None:
    zone = Zone.objects.create(name="hall")
    _opens_gift(kiosk)
    _sends(kiosk)
    expect(kiosk.page.get_by_role("button", name="Picture 1 is on the wall")).to_be_visible()
    expect(kiosk.page.locator('[data-action="wall"]')).to_be_disabled()
    kiosk.touch("more")
    kiosk.sees_pictures()
    kiosk.touch("gift")
    expect(kiosk.page.locator('[data-action="wall"]')).to_be_disabled()
    assert Zone.objects.get(pk=zone.pk).version == 1


def test_a_wall_that_does_not_answer_can_be_asked_again(kiosk: KioskPage) -> None:
    Zone.objects.create(name="hall")
    _opens_gift(kiosk)
    kiosk.page.route("**/sendToWall", lambda route: route.abort("connectionrefused"))
    kiosk.touch("wall")
    expect(kiosk.page.locator(".to-wall-said")).to_contain_text("The wall does not answer.")
    kiosk.page.unroute("**/sendToWall")
    _sends(kiosk)
    expect(kiosk.page.locator(".to-wall-said")).to_have_text("It blooms on the wall. See the wall!")
    kiosk.problems.clear()  # The browser itself reports the request that we broke.


def test_a_wall_that_was_taken_away_is_offered_no_more(kiosk: KioskPage) -> None:
    zone = Zone.objects.create(name="hall")
    _opens_gift(kiosk)
    zone.delete()
    kiosk.touch("wall")
    expect(kiosk.page.locator(".to-wall")).to_be_hidden()
    kiosk.problems.clear()  # As above.


def test_choosing_for_the_wall_is_for_everyone(kiosk: KioskPage) -> None:
    Zone.objects.create(name="hall", title="Entrance hall")
    _opens_gift(kiosk, likes=2)
    expect(kiosk.page.locator(".gift")).to_have_attribute("data-code", "shown")
    assert faults_on(kiosk.page) == []
    _sends(kiosk)
    expect(kiosk.page.locator(".to-wall-said")).to_contain_text("It blooms on the wall")
    assert faults_on(kiosk.page) == []


def test_leaving_stops_what_is_on_its_way(kiosk: KioskPage) -> None:
    Zone.objects.create(name="hall")
    _opens_gift(kiosk)
    held: list[Route] = []
    failed: list[Request] = []
    kiosk.page.route("**/sendToWall", lambda route: held.append(route))
    kiosk.page.on("requestfailed", lambda request: failed.append(request))
    kiosk.touch("wall")
    expect(kiosk.page.locator(".to-wall-said")).to_have_text("On their way to the wall …")
    with kiosk.page.expect_event("requestfailed"):
        kiosk.touch("stop")
    kiosk.sees("goodbye")
    assert [request.url for request in failed] == [f"{kiosk.address}/sendToWall"]
    expect(kiosk.page.locator(".to-wall-picture")).to_have_count(0)


def _opens_gift(kiosk: KioskPage, likes: int = 1) -> list[str]:
    """Keys of the liked pictures."""
    shown = kiosk.open().goes_to_garden()
    for place in range(likes):
        with kiosk.page.expect_response("**/souvenir"):
            kiosk.like(place)
    kiosk.touch("gift")
    kiosk.sees("gift")
    return shown[:likes]


def _sends(kiosk: KioskPage) -> None:
    with kiosk.page.expect_response("**/sendToWall"):
        kiosk.touch("wall")
