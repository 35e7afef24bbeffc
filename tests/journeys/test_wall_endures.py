"""A wall screen that lost its network, its power or its page: it plays on, and comes back by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, Route

from garden.models import Zone
from garden.ops import version
from tests.journeys.browser import ARGUMENTS, chromium_path
from tests.journeys.conftest import watch
from tests.journeys.hall import COLOURS, SCREEN, Wall, cable, picture, put, wall, zone
from tests.journeys.wall_page import GROUND, WallPage, alike
from tests.services.cable import Cable

__all__ = ["cable", "wall", "zone"]
FADE_MS = 1500


def hurried(screen: WallPage) -> WallPage:
    """Its page's waits may be skipped; those of the network, the worker and the fades are real."""
    screen.page.clock.install()
    return screen


def test_without_a_network_it_plays_on_and_then_catches_up(wall: Wall, zone: Zone, cable: Cable) -> None:
    put(zone, _1h=picture("teal"), _2h=picture("gold"), _3h=picture("plum"))
    screen = hurried(wall(reduced_motion="no-preference")).open().shows(COLOURS["teal"]).keeps(3)
    cable.cut()
    screen.passes("00:10")
    screen.page.wait_for_timeout(FADE_MS)
    assert alike(screen.colour, COLOURS["teal"])
    for colour in ("gold", "plum", "teal"):
        screen.passes("03:30")
        screen.shows(COLOURS[colour])
        screen.passes("00:10")
        screen.passes("00:10")
        screen.page.wait_for_timeout(FADE_MS)
        assert alike(screen.colour, COLOURS[colour])
    put(zone, _1h=picture("rust"))
    cable.mend()
    screen.shows(COLOURS["rust"])


def test_switched_on_without_a_network_it_shows_what_hung(wall: Wall, zone: Zone, cable: Cable) -> None:
    put(zone, _1h=picture("teal"), _2h=picture("gold"))
    screen = hurried(wall()).open().shows(COLOURS["teal"]).keeps(2).is_held_by_its_worker()
    cable.cut()
    screen.page.reload()
    screen.shows(COLOURS["teal"])
    put(zone, _1h=picture("navy"))
    cable.mend()
    screen.shows(COLOURS["navy"])


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


def _look_again_after(seconds: int, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The worker with another patience: its waiting page is the browser's own, where no clock can be skipped."""
    worker = version.WALL_WORKER.read_text(encoding="utf-8")
    assert worker.count('content="10"') == 1
    path.write_text(worker.replace('content="10"', f'content="{seconds}"'), encoding="utf-8")
    monkeypatch.setattr(version, "WALL_WORKER", path)


def test_switched_off_before_the_new_picture_came_it_shows_the_old_one(wall: Wall, zone: Zone, cable: Cable) -> None:
    put(zone, _1h=picture("teal"))
    screen = hurried(wall()).open().shows(COLOURS["teal"]).keeps(1).is_held_by_its_worker()
    screen.page.route("**/gold_h.jpeg", lambda route: route.abort("connectionreset"))
    put(zone, _1h=picture("gold"))
    screen.page.wait_for_event("requestfailed", lambda request: request.url.endswith("gold_h.jpeg"))
    cable.cut()
    screen.page.unroute("**/gold_h.jpeg")
    screen.page.reload()
    screen.shows(COLOURS["teal"])


def test_without_its_own_picture_it_shows_a_neighbours(wall: Wall, zone: Zone, cable: Cable) -> None:
    teal = picture("teal")
    put(zone, _1h=teal, _2h=picture("gold"))
    screen = hurried(wall()).open().shows(COLOURS["teal"]).keeps(2).is_held_by_its_worker()
    screen.loses(teal.content_hash)
    cable.cut()
    screen.page.reload()
    screen.shows(COLOURS["gold"])


def test_on_plain_http_it_plays_from_memory(
    playwright: Playwright, cable: Cable, zone: Zone, transactional_db: None
) -> None:
    put(zone, _1h=picture("teal"), _2h=picture("gold"))
    arguments = [*ARGUMENTS, "--host-resolver-rules=MAP garden.test 127.0.0.1"]
    with playwright.chromium.launch(executable_path=chromium_path(), args=arguments) as browser:
        screen = WallPage(browser.new_page(viewport=SCREEN), f"http://garden.test:{cable.port}")  # type: ignore[arg-type]
        watch(screen.page, screen)
        screen.open().shows(COLOURS["teal"])
        assert not screen.page.evaluate("isSecureContext")
        cable.cut()
        screen.page.wait_for_timeout(2500)
        assert alike(screen.colour, COLOURS["teal"])
        put(zone, _1h=picture("navy"))
        cable.mend()
        screen.shows(COLOURS["navy"])
    expected = ("net::ERR_", "Cross-Origin-Opener-Policy")  # What Chromium itself says of a network and of http.
    assert [problem for problem in screen.problems if not any(each in problem for each in expected)] == []


def test_a_new_version_of_the_page_comes_with_the_next_picture(
    wall: Wall, zone: Zone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(zone, _1h=picture("teal"))
    screen = hurried(wall()).open().shows(COLOURS["teal"]).is_held_by_its_worker()
    (tmp_path / "wall.html").write_text("another page", encoding="utf-8")
    monkeypatch.setattr(version, "WALL_PAGE", tmp_path / "wall.html")
    new = version.wall_version()
    screen.page.evaluate("window.isOld = true")
    screen.page.clock.fast_forward("05:00")
    screen.holds_version(new)
    for _look in range(3):
        screen.passes("00:10")
    assert screen.page.evaluate("window.isOld")
    put(zone, _1h=picture("gold"))
    screen.shows(COLOURS["gold"])
    assert not screen.page.evaluate("window.isOld")
    assert screen.version == new


def test_a_page_that_came_in_part_is_loaded_again(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = hurried(wall())
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("connectionreset")

    screen.page.route("**/hanging.js", lose_once)
    screen.open()
    screen.page.wait_for_timeout(500)
    screen.page.clock.run_for("01:00")
    screen.shows(COLOURS["teal"])
    assert lost
