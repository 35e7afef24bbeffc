"""A planted garden, a browser with a camera, and a watch for whatever a page must never do."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import PIL.Image
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from garden.models import Image
from garden.services import write_image
from garden.vocabulary import Emotion
from recommend.backends.registry import get_recommender
from tests.journeys.browser import ARGUMENTS, chromium_path, open_context, record_face
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.pictures import coffee, encode, portrait

# Playwright's own event loop runs in this thread; Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

KIOSK_SCREEN = (1080, 1920)
PER_MOOD = 4


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    film = record_face(tmp_path_factory.mktemp("camera") / "face.y4m")
    arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def _fresh_recommender() -> None:
    """Each test's database starts empty, so the process must not remember the last one's."""
    get_recommender.cache_clear()


@pytest.fixture
def garden(transactional_db: None) -> list[Image]:
    """Each mood with pictures of both orientations, one of them with a cat."""
    photo = PIL.Image.open(io.BytesIO(coffee()))
    landscape, portrait = encode(photo.resize((160, 100))), encode(photo.resize((100, 160)))
    keys = [
        (f"emotions/{mood}{'/cat' if n == 0 else ''}/img_{n}_{n}{side}.jpeg", content)
        for mood in Emotion
        for n in range(PER_MOOD)
        for side, content in (("h", landscape), ("v", portrait))
    ]
    written = [write_image(key=key, content=content, origin="painter") for key, content in keys]
    return Image.objects.bulk_create(written)  # No worker listens for their messages.


@pytest.fixture
def motion() -> str:
    """What a visitor's browser wishes. Tests about motion say "no-preference", as most visitors' do."""
    return "reduce"


@pytest.fixture
def context(browser: Browser, motion: str) -> Iterator[BrowserContext]:
    width, height = KIOSK_SCREEN
    screen = {"width": width, "height": height}
    context = open_context(browser, viewport=screen, permissions=["camera"], reduced_motion=motion)
    yield context
    context.close()


@pytest.fixture
def kiosk(context: BrowserContext, live_server: LiveServer, garden: list[Image]) -> Iterator[KioskPage]:
    """The kiosk page; afterwards nothing must have gone wrong on it."""
    page = context.new_page()
    kiosk = KioskPage(page, live_server.url)
    watch(page, kiosk)
    yield kiosk
    kiosk.leave()
    page.close()
    assert kiosk.problems == []


class Watched(Protocol):
    """A page object of a journey."""

    address: str
    problems: list[str]


def watch(page: Page, kiosk: Watched) -> None:
    """Note errors, refusals of the Content-Security-Policy, and requests to anyone but our own server."""
    page.on("pageerror", lambda error: kiosk.problems.append(f"error: {error}"))
    page.on("console", lambda said: kiosk.problems.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("request", lambda request: kiosk.problems.extend(_foreign(request.url, kiosk.address)))


def _foreign(url: str, address: str) -> list[str]:
    return [] if url.startswith((f"{address}/", "blob:", "data:")) else [f"foreign request: {url}"]


@pytest.fixture
def portrait_file(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpeg"
    path.write_bytes(portrait())
    return path


@pytest.fixture
def coffee_file(tmp_path: Path) -> Path:
    path = tmp_path / "coffee.jpeg"
    path.write_bytes(coffee())
    return path
