"""A wall screen in a real browser: it follows its zone, shows nothing that is not the garden's, and tells how it is."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import expect

from garden.api import displays
from garden.models import DeviceHealth, Zone
from garden.walls.manifest import Manifest
from tests.journeys.hall import COLOURS, SIDES, Wall, cable, picture, put, wall, zone
from tests.journeys.patience import comes_true
from tests.journeys.wall_page import GROUND, PATIENCE_S, WallPage, alike
from tests.pictures import encode

__all__ = ["cable", "wall", "zone"]

FADED_IN = "getComputedStyle(document.querySelector('.picture')).opacity === '1'"
"""From now on it covers the screen."""


def test_a_change_comes_within_its_period_and_without_a_gap(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall(reduced_motion="no-preference").open().shows(COLOURS["teal"])
    comes_true(screen.page, FADED_IN)
    screen.watch_for_gaps()
    gold = picture("gold", emotion="happy")
    put(zone, _1h=gold)
    screen.glyph_is("happy")
    screen.shows(COLOURS["gold"])
    expect(screen.page.locator(".picture")).to_have_count(1)
    assert screen.gaps == 0


def test_the_glyph_goes_after_five_seconds_and_no_cursor_is_seen(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall()
    screen.page.clock.install()
    screen.open().glyph_is("calm")
    assert screen.page.evaluate("getComputedStyle(document.body).cursor") == "none"
    screen.page.clock.fast_forward(5000)
    expect(screen.page.locator(".mood.is-shown")).to_have_count(0)


def test_each_screen_shows_its_own_slot_and_orientation(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"), _2h=picture("gold"), _1v=picture("plum", "v"))
    wall().open("2h").shows(COLOURS["gold"])
    wall(screen={"width": 400, "height": 640}).open("1v").shows(COLOURS["plum"])


def test_a_dark_zone_is_dark_and_comes_back(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall(reduced_motion="no-preference").open().shows(COLOURS["teal"])
    dark = Zone.objects.get(pk=zone.pk)
    Zone.objects.filter(pk=zone.pk).update(playing="dark", version=dark.version + 1)
    screen.shows(GROUND)
    Zone.objects.filter(pk=zone.pk).update(playing="", version=dark.version + 2)
    screen.shows(COLOURS["teal"])


def test_a_corrupt_picture_is_never_shown_but_told(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    gold = picture("gold")
    default_storage.delete(gold.key)
    default_storage.save(gold.key, ContentFile(encode(PIL.Image.new("RGB", SIDES["h"], COLOURS["rust"]))))
    put(zone, _1h=gold)
    health = told(screen, lambda health: bool(health.problem))
    assert health.problem == f"picture: {gold.key}: its SHA-256 differs"
    assert health.on_screen == "emotions/calm/teal_h.jpeg"
    screen.page.wait_for_timeout(2000)
    assert alike(screen.colour, COLOURS["teal"])
    put(zone, _1h=picture("plum"))
    screen.shows(COLOURS["plum"])
    assert told(screen, lambda health: not health.problem).on_screen == "emotions/calm/plum_h.jpeg"


def test_an_old_manifest_sent_once_more_is_ignored(wall: Wall, zone: Zone) -> None:
    version = put(zone, _1h=picture("teal"))
    screen = wall()
    recorded = screen.page.request.get(f"{screen.address}/wall/zone1/manifest").json()
    put(zone, _1h=picture("gold"))
    screen.open().shows(COLOURS["gold"])
    with forged(version, recorded):
        for _look in range(2):
            with screen.page.expect_response("**/manifest"):
                pass
        screen.page.wait_for_timeout(3000)
        assert alike(screen.colour, COLOURS["gold"])


def test_a_database_that_was_restored_is_believed(wall: Wall, zone: Zone) -> None:
    for colour in ("teal", "gold", "plum"):
        put(zone, _1h=picture(colour))
    screen = wall().open().shows(COLOURS["plum"])
    Zone.objects.filter(pk=zone.pk).update(version=0)
    zone.changes.all().delete()
    put(zone, _1h=picture("rust"))
    screen.shows(COLOURS["rust"])


def test_motion_that_is_not_wanted_is_not_made(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    duration = screen.page.evaluate("getComputedStyle(document.querySelector('.picture')).transitionDuration")
    assert duration == "0s"


def test_it_tells_how_it_is(wall: Wall, zone: Zone) -> None:
    version = put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    health = told(screen, lambda health: bool(health.on_screen))
    assert (health.zone_version, health.problem) == (version, "")
    assert health.display
    assert health.display.slot == "zone1/1h"


def test_the_code_of_the_souvenir_hangs_beside_the_picture(wall: Wall, zone: Zone, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    Zone.objects.filter(pk=zone.pk).update(shows_code=True)
    put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    expect(screen.page.locator(".code.is-shown")).to_be_visible()
    assert screen.page.evaluate("document.querySelector('.code').naturalWidth") > 0


def test_errors_of_the_page_are_told(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    screen.page.evaluate("setTimeout(() => { throw new Error('the lights went out'); })")
    assert "the lights went out" in told(screen, lambda health: bool(health.problem)).problem
    screen.problems.clear()


def test_f_fills_the_screen(wall: Wall, zone: Zone) -> None:
    put(zone, _1h=picture("teal"))
    screen = wall().open().shows(COLOURS["teal"])
    screen.page.keyboard.press("f")
    comes_true(screen.page, "document.fullscreenElement")
    screen.page.keyboard.press("f")
    comes_true(screen.page, "!document.fullscreenElement")


@contextmanager
def forged(version: int, body: object) -> Iterator[None]:
    """Whoever asks what hangs gets this: on its way, since a page whose worker has begun cannot be routed."""
    answer = Manifest(version, json.dumps(body).encode())
    asked = mock.patch.object(displays, "read_version", return_value=(version, "forged"))
    with asked, mock.patch.object(displays, "manifest_of", return_value=answer):
        yield


def told(screen: WallPage, wanted: Callable[[DeviceHealth], bool]) -> DeviceHealth:
    """What the screen told of itself, once it is what is wanted."""
    ends = time.monotonic() + PATIENCE_S
    while not (found := [health for health in DeviceHealth.objects.all() if wanted(health)]):
        assert time.monotonic() < ends, [health.problem for health in DeviceHealth.objects.all()]
        screen.page.wait_for_timeout(100)
    return found[0]
