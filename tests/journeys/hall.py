"""A zone of walls behind a cable, and what hangs there."""

from collections.abc import Callable, Iterator
from typing import Any

import PIL.Image
import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from garden.models import Image, Zone
from garden.models.wall import Source
from garden.services import register_image
from garden.walls.service import assign
from tests.journeys.browser import open_context
from tests.journeys.conftest import watch
from tests.journeys.wall_page import Colour, WallPage
from tests.pictures import encode
from tests.services.cable import Cable

COLOURS: dict[str, Colour] = {
    "teal": (0, 128, 128),
    "gold": (230, 180, 40),
    "plum": (140, 60, 140),
    "rust": (180, 70, 40),
    "navy": (40, 60, 160),
}
SIDES = {"h": (160, 100), "v": (100, 160)}
SCREEN = {"width": 640, "height": 400}
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

    def open_wall(screen: dict[str, int] = SCREEN, **how: Any) -> WallPage:
        context = open_context(browser, viewport=screen, **how)
        wall = WallPage(context.new_page(), f"http://localhost:{cable.port}")
        watch(wall.page, wall)
        opened.append((context, wall))
        return wall

    yield open_wall
    for context, wall in opened:
        context.close()
        assert [problem for problem in wall.problems if "net::ERR_" not in problem] == []


def picture(colour: str, side: str = "h", emotion: str = "calm") -> Image:
    content = encode(PIL.Image.new("RGB", SIDES[side], COLOURS[colour]))
    return register_image(key=f"emotions/{emotion}/{colour}_{side}.jpeg", content=content, origin="painter")


def put(zone: Zone, **pictures: Image) -> int:
    """`put(zone, _1h=…)`"""
    return assign(zone, {slot[1:]: image for slot, image in pictures.items()}, source=Source.CURATOR)
