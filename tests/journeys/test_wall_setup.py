"""Setting a wall up: chosen by what hangs there, by touch or by keyboard, and remembered."""

import pytest
from playwright.sync_api import expect

from garden.models import Zone
from tests.journeys.hall import COLOURS, Wall, cable, picture, put, wall, zone
from tests.journeys.test_accessibility import AXE, TAGS

__all__ = ["cable", "wall", "zone"]
SCREENS = {"laptop": (1440, 900), "phone": (390, 844), "wall": (3840, 2160)}


def test_it_opens_the_wall_that_was_chosen_and_remembers(wall: Wall, zone: Zone) -> None:
    Zone.objects.create(name="foyer", title="Foyer")
    put(zone, _3v=picture("plum", "v"))
    screen = wall()
    page = screen.page
    page.goto(f"{screen.address}/wall/")
    page.get_by_label("Zone").select_option("zone1")
    page.get_by_role("radio", name="Portrait").check()
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_label("A change is seen within").fill("0.5")
    address = f"{screen.address}/wall/zone1/3/v?period=0.5"
    expect(page.get_by_label("Address of this wall")).to_have_value(address)
    page.get_by_role("button", name="Open this wall").click()
    page.wait_for_url(address)
    screen.shows(COLOURS["plum"])
    page.goto(f"{screen.address}/wall/")
    expect(page.get_by_label("Address of this wall")).to_have_value(address)
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()


def test_it_is_filled_in_by_keyboard_alone(wall: Wall, zone: Zone) -> None:
    screen = wall()
    page = screen.page
    page.goto(f"{screen.address}/wall/")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Zone")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.get_by_role("radio", name="1", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wall/zone1/2/v?period=1")


def test_it_shows_what_hangs_in_each_slot(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"), _3h=picture("gold"), _2v=picture("plum", "v"))
    screen = wall()
    page = screen.page
    page.goto(f"{screen.address}/wall/")
    expect(page.locator(".slot img:visible")).to_have_count(2)
    page.get_by_role("radio", name="Portrait").check()
    expect(page.locator(".slot img:visible")).to_have_count(1)


def test_it_warns_of_an_address_that_is_not_secure(wall: Wall, zone: Zone) -> None:
    screen = wall()
    page = screen.page
    page.goto(f"{screen.address}/wall/")
    warning = page.get_by_text("This address is not secure")
    expect(warning).to_be_hidden()
    page.get_by_label("Address of the garden").fill("http://garden.museum")
    expect(warning).to_be_visible()
    page.get_by_label("Address of the garden").fill("https://garden.museum/")
    expect(warning).to_be_hidden()
    expect(page.get_by_label("Address of this wall")).to_have_value("https://garden.museum/wall/zone1/1/h?period=1")


@pytest.mark.parametrize("screen_name", SCREENS)
@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_it_is_for_everyone(wall: Wall, zone: Zone, screen_name: str, language: str) -> None:
    put(zone, _1h=picture("teal"), _3h=picture("gold"))
    width, height = SCREENS[screen_name]
    screen = wall(screen={"width": width, "height": height})
    screen.page.set_extra_http_headers({"Accept-Language": language})
    screen.page.goto(f"{screen.address}/wall/")
    screen.page.get_by_role("textbox").first.fill("http://garden.museum")
    screen.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = screen.page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    assert [(rule["id"], node["html"][:120]) for rule in found["violations"] for node in rule["nodes"]] == []
    wide, space = screen.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= space
