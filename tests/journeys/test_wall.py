"""A wall screen in a real browser: it follows its zone, shows only what is the garden's, and outlives failures."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Route, expect
from pytest_django.live_server_helper import LiveServer

from garden.api import displays
from garden.models import DeviceHealth, Image, Zone
from garden.models.wall import Source
from garden.ops import version
from garden.services import register_image
from garden.storage.thumbnails import write_parallax, write_stages
from garden.walls.manifest import Manifest
from garden.walls.service import assign
from tests.journeys.axe import faults_on
from tests.journeys.browser import open_context
from tests.journeys.conftest import watch
from tests.journeys.patience import comes_true
from tests.journeys.wall_page import GROUND, PATIENCE_S, Colour, WallPage, alike
from tests.services.cable import Cable
from tests.support.pictures import encode

COLOURS: dict[str, Colour] = {
    "teal": (0, 128, 128),
    "gold": (230, 180, 40),
    "plum": (140, 60, 140),
    "rust": (180, 70, 40),
    "navy": (40, 60, 160),
}
SIDES = {"h": (160, 100), "v": (100, 160)}
SCREEN = {"width": 640, "height": 400}
SETUP_SCREENS = {"en": (1440, 900), "ko": (390, 844), "ja": (1440, 900)}
OF_THE_BROWSER = ("net::ERR_", "Cross-Origin-Opener-Policy")
"""What Chromium itself says of a network that is away, and of plain http."""
Wall = Callable[..., WallPage]


@pytest.fixture
def zone(transactional_db: None) -> Zone:
    return Zone.objects.create(name="zone1", title="Hall")


@pytest.fixture
def cable(live_server: LiveServer) -> Iterator[Cable]:
    cable = Cable(live_server.thread.host, live_server.thread.port)
    yield cable
    cable.cut()


@pytest.fixture
def wall(browser: Browser, cable: Cable, zone: Zone) -> Iterator[Wall]:
    """Opens a wall's page behind the cable, in a browser of its own; nothing may go wrong on it."""
    opened: list[tuple[BrowserContext, WallPage]] = []

    def open_wall(screen: dict[str, int] = SCREEN, host: str = "localhost", **how: Any) -> WallPage:
        context = open_context(browser, viewport=screen, **how)
        wall = WallPage(context.new_page(), f"http://{host}:{cable.port}")
        watch(wall.page, wall)
        opened.append((context, wall))
        return wall

    yield open_wall
    for context, wall in opened:
        context.close()
        assert [problem for problem in wall.problems if not any(each in problem for each in OF_THE_BROWSER)] == []


def test_each_screen_shows_its_own_slot_and_reports_how_it_is(wall: Wall, zone: Zone, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    Zone.objects.filter(pk=zone.pk).update(shows_code=True)
    number = put(zone, _1h=picture("teal"), _2h=picture("gold"), _1v=picture("plum", "v"))
    wall().open("2h").shows(COLOURS["gold"])
    wall(screen={"width": 400, "height": 640}).open("1v").shows(COLOURS["plum"])
    DeviceHealth.objects.all().delete()

    screen = wall().hurried()
    screen.open().glyph_is("calm")
    assert screen.page.evaluate("getComputedStyle(document.body).cursor") == "none"
    screen.page.clock.fast_forward(5000)
    expect(screen.page.locator(".mood.is-shown")).to_have_count(0)
    screen.shows(COLOURS["teal"])
    health = reported(screen, lambda health: health.on_screen == "emotions/calm/teal_h.jpeg")
    assert (health.zone_version, health.problem) == (number, "")
    assert health.display
    assert health.display.slot == "zone1/1h"
    expect(screen.page.locator(".code.is-shown")).to_be_visible()
    assert screen.page.evaluate("document.querySelector('.code').naturalWidth") > 0
    duration = screen.page.evaluate("getComputedStyle(document.querySelector('.picture')).transitionDuration")
    assert duration == "0s"  # This browser wants no motion.

    screen.page.keyboard.press("f")
    comes_true(screen.page, "document.fullscreenElement")
    screen.page.keyboard.press("f")
    comes_true(screen.page, "!document.fullscreenElement")
    screen.page.evaluate("queueMicrotask(() => { throw new Error('the lights went out'); })")
    assert "the lights went out" in reported(screen, lambda health: bool(health.problem)).problem
    screen.problems.clear()


def test_a_change_comes_without_a_gap_and_a_dark_zone_is_dark(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall(reduced_motion="no-preference").open().shows(COLOURS["teal"])
    comes_true(screen.page, "getComputedStyle(document.querySelector('.picture')).opacity === '1'")
    screen.watch_for_gaps()
    number = put(zone, _1h=picture("gold", emotion="happy"))
    screen.glyph_is("happy")
    screen.shows(COLOURS["gold"])
    expect(screen.page.locator(".picture")).to_have_count(1)
    assert screen.gaps == 0
    Zone.objects.filter(pk=zone.pk).update(playing="dark", version=number + 1)
    screen.shows(GROUND)
    Zone.objects.filter(pk=zone.pk).update(playing="", version=number + 2)
    screen.shows(COLOURS["gold"])


def test_neither_a_corrupt_picture_nor_an_old_manifest_is_shown(wall: Wall, zone: Zone) -> None:
    number = put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    recorded = screen.page.request.get(f"{screen.address}/wall/zone1/manifest").json()
    gold = picture("gold")
    default_storage.delete(gold.key)
    default_storage.save(gold.key, ContentFile(encode(PIL.Image.new("RGB", SIDES["h"], COLOURS["rust"]))))
    put(zone, _1h=gold)
    health = reported(screen, lambda health: bool(health.problem))
    assert health.problem == f"picture: {gold.key}: its SHA-256 differs"
    assert health.on_screen == "emotions/calm/teal_h.jpeg"
    assert alike(screen.colour, COLOURS["teal"])
    put(zone, _1h=picture("plum"))
    screen.shows(COLOURS["plum"])
    assert reported(screen, lambda health: not health.problem).on_screen == "emotions/calm/plum_h.jpeg"

    with replayed(number, recorded):
        for _turn in range(2):  # It asks again only when it is done with the answer before.
            with screen.page.expect_response("**/manifest"):
                pass
        assert alike(screen.colour, COLOURS["plum"])

    Zone.objects.filter(pk=zone.pk).update(version=number)  # A database that was restored is believed.
    zone.changes.all().delete()
    put(zone, _1h=picture("navy"))
    screen.shows(COLOURS["navy"])


def test_without_a_network_it_plays_what_it_keeps_even_when_switched_on_again(
    wall: Wall, zone: Zone, cable: Cable
) -> None:
    teal = picture("teal")
    put(zone, _1h=teal, _2h=picture("gold"))
    screen = wall().hurried().open().shows(COLOURS["teal"]).keeps(2).is_held_by_its_worker()
    cable.cut()
    screen.stays(COLOURS["teal"])
    screen.passes("03:30")
    screen.shows(COLOURS["gold"])
    screen.page.reload()
    screen.shows(COLOURS["teal"])
    screen.loses(teal.content_hash)
    screen.page.reload()
    screen.shows(COLOURS["gold"])

    put(zone, _1h=picture("rust"))
    cable.mend()
    screen.shows(COLOURS["rust"]).keeps(2)
    screen.page.route("**/navy_h.jpeg", lambda route: route.abort("connectionreset"))
    put(zone, _1h=picture("navy"))
    with screen.page.expect_event("requestfailed", lambda request: request.url.endswith("navy_h.jpeg")):
        screen.passes("00:10")
    cable.cut()  # It is switched off before the new picture came.
    screen.page.unroute("**/navy_h.jpeg")
    screen.page.reload()
    screen.shows(COLOURS["rust"])


def test_a_wall_that_was_never_opened_waits_in_the_dark(
    wall: Wall, zone: Zone, cable: Cable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _look_again_after(1, monkeypatch, tmp_path / "worker.js")
    put(zone, _1h=picture("teal"), _2h=picture("gold"))
    screen = wall().open().shows(COLOURS["teal"]).is_held_by_its_worker()
    cable.cut()
    screen.open("2h").shows(GROUND)
    cable.mend()
    screen.shows(COLOURS["gold"])


def test_on_plain_http_it_plays_from_memory(wall: Wall, zone: Zone, cable: Cable) -> None:
    put(zone, _1h=picture("teal"), _2h=picture("gold"))
    screen = wall(host="garden.test").hurried().open().shows(COLOURS["teal"])
    assert not screen.page.evaluate("isSecureContext")
    cable.cut()
    screen.stays(COLOURS["teal"])
    put(zone, _1h=picture("navy"))
    cable.mend()
    screen.shows(COLOURS["navy"])


def test_a_new_version_of_the_page_comes_with_the_next_picture(
    wall: Wall, zone: Zone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall().hurried().open().shows(COLOURS["teal"]).is_held_by_its_worker()
    (tmp_path / "wall.html").write_text("another page", encoding="utf-8")
    monkeypatch.setattr(version, "WALL_PAGE", tmp_path / "wall.html")
    new = version.wall_version()
    screen.page.evaluate("window.isOld = true")
    screen.page.clock.fast_forward("05:00")
    screen.holds_version(new)
    screen.stays(COLOURS["teal"])
    assert screen.page.evaluate("window.isOld")
    put(zone, _1h=picture("gold"))
    screen.shows(COLOURS["gold"])
    assert not screen.page.evaluate("window.isOld")
    assert screen.version == new


def test_a_page_that_came_in_part_is_loaded_again(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall().hurried()
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("connectionreset")

    screen.page.route("**/player.js", lose_once)
    with screen.page.expect_event("requestfailed", lambda request: request.url.endswith("/player.js")):
        screen.open()
    screen.page.clock.run_for("01:00")
    screen.shows(COLOURS["teal"])
    assert lost


def test_a_wall_is_set_up_by_touch_or_keyboard_and_the_choice_is_remembered(wall: Wall, zone: Zone) -> None:
    Zone.objects.create(name="foyer", title="Foyer")
    put(zone, _1h=picture("teal"), _2h=picture("gold"), _3v=picture("plum", "v"))
    screen = wall()
    page, address = screen.page, screen.page.get_by_label("Address of this wall")
    page.goto(f"{screen.address}/wall/")
    page.get_by_label("Zone").select_option("zone1")
    expect(page.locator(".slot img:visible")).to_have_count(2)
    page.get_by_role("radio", name="Portrait").check()
    expect(page.locator(".slot img:visible")).to_have_count(1)
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_label("Changes appear within").fill("0.5")
    expect(address).to_have_value(f"{screen.address}/wall/zone1/3/v?period=0.5")

    warning, origin = page.get_by_text("This address is not secure"), page.get_by_label("Address of the garden")
    expect(warning).to_be_hidden()
    origin.fill("http://garden.museum")
    expect(warning).to_be_visible()
    origin.fill("https://garden.museum/")
    expect(warning).to_be_hidden()
    expect(address).to_have_value("https://garden.museum/wall/zone1/3/v?period=0.5")
    origin.fill(screen.address)
    page.get_by_role("button", name="Open this wall").click()
    page.wait_for_url(f"{screen.address}/wall/zone1/3/v?period=0.5")
    screen.shows(COLOURS["plum"])

    page.goto(f"{screen.address}/wall/")
    expect(address).to_have_value(f"{screen.address}/wall/zone1/3/v?period=0.5")
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Zone")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("radio", name="3", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wall/zone1/2/h?period=0.5")


def test_a_wall_is_set_up_without_javascript(wall: Wall, zone: Zone) -> None:
    screen = wall(java_script_enabled=False)
    screen.page.goto(f"{screen.address}/wall/")
    screen.page.get_by_role("radio", name="3", exact=True).check()
    screen.page.get_by_role("button", name="Open this wall").click()
    screen.page.wait_for_url(f"{screen.address}/wall/zone1/3/h?period=1")


def test_setting_a_wall_up_is_for_everyone_in_every_language(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"), _3h=picture("gold"))
    for language, (width, height) in SETUP_SCREENS.items():
        screen = wall(screen={"width": width, "height": height}, locale=language)
        screen.page.goto(f"{screen.address}/wall/")
        expect(screen.page.locator("html")).to_have_attribute("lang", language)
        screen.page.get_by_role("textbox").first.fill("http://garden.museum")
        assert faults_on(screen.page) == []


NOTE_ARRIVALS = """
window.arrivals = 0;
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) window.arrivals += addedNodes.length;
}).observe(document.querySelector(".stage"), { childList: true });
"""


def test_it_shows_how_a_grown_picture_grew_unless_nothing_may_move(wall: Wall, zone: Zone, settings: Any) -> None:
    settings.GROWN_UNREVIEWED = settings.WALLS_SHOW_GROWTH = True
    put(zone, _1h=picture("teal"))
    screens = [wall(reduced_motion=motion).open() for motion in ("no-preference", "reduce")]
    for screen in screens:
        screen.shows(COLOURS["teal"])
        screen.page.evaluate(NOTE_ARRIVALS)
    grown = picture("gold")
    write_stages(grown.key, [encode(PIL.Image.new("RGB", SIDES["h"], COLOURS[colour])) for colour in ("plum", "rust")])
    Image.objects.filter(pk=grown.pk).update(state=Image.State.POOL, grown_at=timezone.now(), parameters={"stages": 2})
    grown.refresh_from_db()
    put(zone, _1h=grown)
    for screen in screens:
        screen.shows(COLOURS["gold"])
    assert [screen.page.evaluate("window.arrivals") for screen in screens] == [3, 1]


def test_it_moves_the_layers_of_a_picture_unless_nothing_may_move(wall: Wall, zone: Zone, settings: Any) -> None:
    settings.WALLS_PARALLAX = True
    image = picture("gold")
    near = PIL.Image.new("RGBA", SIDES["h"])
    write_parallax(image.key, encode(PIL.Image.new("RGB", SIDES["h"], COLOURS["gold"])), encode(near, "WEBP"))
    Image.objects.filter(pk=image.pk).update(parameters={"parallax": True})
    put(zone, _1h=image)
    screens = [wall(reduced_motion=motion).open() for motion in ("no-preference", "reduce")]
    for screen in screens:
        screen.shows(COLOURS["gold"])
    moving, still = screens
    expect(moving.page.locator(".is-near.is-shown")).to_have_count(1)
    expect(moving.page.locator(".is-far.is-shown")).to_have_count(1)
    expect(moving.page.locator(".stage")).to_have_attribute("style", re.compile(r"--sway: 0\.[0-9]*[1-9]"))
    expect(still.page.locator(".is-near")).to_have_count(0)
    put(zone, _1h=picture("teal"))
    for screen in screens:
        screen.shows(COLOURS["teal"])
        expect(screen.page.locator(".stage .picture")).to_have_count(1)


def picture(colour: str, side: str = "h", emotion: str = "calm") -> Image:
    content = encode(PIL.Image.new("RGB", SIDES[side], COLOURS[colour]))
    return register_image(key=f"emotions/{emotion}/{colour}_{side}.jpeg", content=content, origin="painter")


def put(zone: Zone, **pictures: Image) -> int:
    """`put(zone, _1h=…)`: the zone's version from then on."""
    return assign(zone, {slot[1:]: image for slot, image in pictures.items()}, source=Source.CURATOR)


@contextmanager
def replayed(number: int, body: object) -> Iterator[None]:
    """Whoever asks what hangs gets this: on its way, since a page whose worker has begun cannot be routed."""
    answer = Manifest(number, json.dumps(body).encode())
    asked = mock.patch.object(displays, "read_version", return_value=(number, "replayed"))
    with asked, mock.patch.object(displays, "manifest_of", return_value=answer):
        yield


def reported(screen: WallPage, is_so: Callable[[DeviceHealth], bool]) -> DeviceHealth:
    """What the screen reported of itself, once it is so."""
    ends = time.monotonic() + PATIENCE_S
    while not (found := [health for health in DeviceHealth.objects.all() if is_so(health)]):
        assert time.monotonic() < ends, [health.problem for health in DeviceHealth.objects.all()]
        screen.page.wait_for_timeout(100)
    return found[0]


def _look_again_after(seconds: int, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The worker with another patience: its waiting page is the browser's own, where no clock can be skipped."""
    worker = version.WALL_WORKER.read_text(encoding="utf-8")
    assert worker.count('content="10"') == 1
    path.write_text(worker.replace('content="10"', f'content="{seconds}"'), encoding="utf-8")
    monkeypatch.setattr(version, "WALL_WORKER", path)
