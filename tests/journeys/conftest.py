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
from garden.services import register_image, write_image
from garden.vocabulary import Emotion
from recommend.backends.registry import forget_recommenders
from tests.curation.cast import member
from tests.journeys.browser import open_context, record_face
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS
from tests.journeys.review_page import LAPTOP, Desk, ReviewPage
from tests.journeys.workshop import sign_in
from tests.support.pictures import coffee, encode, portrait
from tools.services.chromium import ARGUMENTS, chromium_path

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
    plain_http = "--host-resolver-rules=MAP garden.test 127.0.0.1"
    arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}", plain_http]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def _fresh_recommender() -> None:
    """Each test's database starts empty, so the process must not remember the last one's."""
    forget_recommenders()


@pytest.fixture
def garden(transactional_db: None) -> list[Image]:
    """Each mood with pictures of both orientations, one of them with a cat."""
    return plant(
        *(f"emotions/{mood}{'/cat' if n == 0 else ''}/img_{n}_{n}" for mood in Emotion for n in range(PER_MOOD))
    )


def plant(*names: str) -> list[Image]:
    """A picture of each orientation for each name."""
    photo = PIL.Image.open(io.BytesIO(coffee()))
    sides = {"h": encode(photo.resize((160, 100))), "v": encode(photo.resize((100, 160)))}
    written = [
        write_image(key=f"{name}{side}.jpeg", content=content, origin="painter")
        for name in names
        for side, content in sides.items()
    ]
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
    page.on(
        "console",
        lambda message: kiosk.problems.append(f"console: {message.text}") if message.type == "error" else None,
    )
    page.on("request", lambda request: kiosk.problems.extend(_foreign(request.url, kiosk.address)))


def _foreign(url: str, address: str) -> list[str]:
    return [] if url.startswith((f"{address}/", "blob:", "data:")) else [f"foreign request: {url}"]


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    """Opens a browser in which a new member of a group is signed in; nothing may go wrong on its page."""
    opened: list[tuple[BrowserContext, ReviewPage]] = []

    def open_desk(
        name: str = "kim", group: str = "publisher", screen: dict[str, int] = LAPTOP, **how: object
    ) -> ReviewPage:
        context = open_context(browser, viewport=screen, **how)
        sign_in(context, live_server.url, member(group, name))
        page = ReviewPage(context.new_page(), live_server.url)
        watch(page.page, page)
        opened.append((context, page))
        return page

    yield open_desk
    for context, page in opened:
        context.close()
        assert page.problems == []


@pytest.fixture
def pool(transactional_db: None) -> list[int]:
    """Ids of the pool, newest first: portraits and landscapes in turn."""
    made = [
        register_image(
            key=f"imgPool/calm/img_{number}{side}.jpeg",
            content=encode(PIL.Image.new("RGB", size, (number * 37 % 256, 90, 160))),
            origin="painter",
            prompt=f"sea {number}",
        )
        for number in range(12)
        for side, size in (("h", (160, 100)), ("v", (100, 160)))
    ]
    return [image.pk for image in reversed(made)]


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
