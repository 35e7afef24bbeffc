"""A whole visit: from the first touch to the wall of the room and the visitor's own phone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from garden.models import DailyCount, Image, Visitor, Zone
from garden.services import register_image
from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests.journeys.browser import open_context
from tests.journeys.conftest import KIOSK_SCREEN, watch
from tests.journeys.kiosk_page import NOTE_SHIFTS, KioskPage, says_like
from tests.journeys.wall_page import WallPage
from tests.support.pictures import encode
from tools.services.ports import wait_until

MOVING = {"reduced_motion": "no-preference"}
"""As most visitors see it."""
PUBLIC = "https://garden.example"
COLOURS = [(0, 128, 128), (230, 180, 40), (140, 60, 140), (180, 70, 40), (40, 60, 160), (120, 160, 60)]


@pytest.fixture
def planted(settings: Any, transactional_db: None) -> dict[str, tuple[int, int, int]]:
    """Portrait pictures of calm by key, each of one colour; a wall for them."""
    settings.PUBLIC_URL = PUBLIC
    Zone.objects.create(name="zone1", title="Entrance hall")
    colours = {f"emotions/calm/img_{n}_{n}v.jpeg": colour for n, colour in enumerate(COLOURS)}
    for key, colour in colours.items():
        register_image(key=key, content=encode(PIL.Image.new("RGB", (100, 160), colour)), origin="painter")
    return colours


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """Each page in a browser of its own, as screens and phones are."""
    opened: list[BrowserContext] = []

    def open_page(width: int, height: int, **how: Any) -> Page:
        opened.append(open_context(browser, viewport={"width": width, "height": height}, **how))
        return opened[-1].new_page()

    yield open_page
    for context in opened:
        context.close()


def test_from_a_face_to_the_wall_and_the_phone(
    open_page: Any, live_server: LiveServer, planted: dict[str, tuple[int, int, int]]
) -> None:
    wall = WallPage(open_page(400, 640, **MOVING), live_server.url).open("1v")
    kiosk = KioskPage(open_page(*KIOSK_SCREEN, permissions=["camera"], **MOVING), live_server.url)
    watch(kiosk.page, kiosk)
    kiosk.page.add_init_script(NOTE_SHIFTS)

    kiosk.open().touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.locator(".mirror-count")).not_to_be_empty()
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")
    kiosk.touch("other")
    with kiosk.page.expect_response("**/guess"):
        kiosk.choose_on_wheel(Emotion.CALM)
    assert list(DailyCount.objects.values_list("name", "count")) == [("guess server happy calm", 1)]

    shown = kiosk.sees_pictures()
    with kiosk.page.expect_response("**/souvenir"), kiosk.page.expect_response(says_like):
        kiosk.like(1)
    assert kiosk.page.evaluate("document.getAnimations().length") > 0
    _shows_the_next_ones_at_once(kiosk, shown)
    kiosk.touch("gift")
    expect(kiosk.page.locator(".to-wall h2")).to_contain_text("Entrance hall")
    kiosk.touch("wall")
    expect(kiosk.page.locator(".to-wall-status")).to_contain_text("It blooms on the wall “Entrance hall”.")
    wall.shows(planted[shown[1]])

    found = urlsplit(_read_code(kiosk.page))
    assert f"{found.scheme}://{found.netloc}" == PUBLIC
    phone = open_page(390, 844, is_mobile=True, has_touch=True)
    phone.goto(f"{live_server.url}{found.path}")
    expect(phone.locator(".souvenir-picture")).to_have_attribute("src", f"/picture/1280/{shown[1]}")
    visitor = Visitor.objects.get()
    assert visitor.id not in f"{found.geturl()}{phone.content()}"

    kiosk.touch("done")
    kiosk.sees("goodbye")
    kiosk.leave()
    shifts = kiosk.page.evaluate("window.shifts")
    assert [shift for shift in shifts if "to-wall-status" not in shift] == []  # That line answers a touch.
    assert kiosk.problems == []
    like = Interaction.objects.get(kind=Interaction.Kind.LIKE)
    assert (like.visitor, like.item_key, like.impression) == (visitor, shown[1], shown)
    assert like.slate is not None
    assert (visitor.emotion, visitor.gender) == ("happy", "Female")


def test_two_kiosks_at_once_do_not_see_each_others_visitor(
    open_page: Any, live_server: LiveServer, garden: list[Image]
) -> None:
    kiosks = [KioskPage(open_page(*KIOSK_SCREEN, permissions=["camera"]), live_server.url) for _ in range(2)]
    sent: list[list[str]] = [[], []]
    for kiosk, bodies in zip(kiosks, sent, strict=True):
        watch(kiosk.page, kiosk)
        _note_bodies(kiosk.page, bodies)
        kiosk.has_no_detector()
        kiosk.open().touch("begin")
        kiosk.touch("camera")
    for kiosk in kiosks:
        kiosk.touch("take")
    for kiosk in kiosks:
        kiosk.sees("question")
        kiosk.page.locator(".guesses .mood").first.click()
    shown = [kiosk.sees_pictures() for kiosk in kiosks]
    for place, kiosk in enumerate(kiosks):
        with kiosk.page.expect_response(says_like):
            kiosk.like(place)

    first, second = Visitor.objects.order_by("pk")
    likes = {like.visitor_id: like.item_key for like in Interaction.objects.filter(kind=Interaction.Kind.LIKE)}
    assert set(likes) == {first.id, second.id}
    assert set(likes.values()) == {shown[0][0], shown[1][1]}
    mine = [{visitor.id for visitor in (first, second) if visitor.id in "".join(bodies)} for bodies in sent]
    assert [len(ids) for ids in mine] == [1, 1]
    assert mine[0] != mine[1]
    assert [kiosk.problems for kiosk in kiosks] == [[], []]


def _shows_the_next_ones_at_once(kiosk: KioskPage, shown: list[str]) -> None:
    """They were fetched and decoded before."""
    kiosk.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(request.url))
    assert kiosk.page.evaluate(_PRESS_NEXT) == [True, True, True]
    following = kiosk.sees_pictures()
    assert set(following).isdisjoint(shown)
    assert [url for url in asked if any(url.endswith(key) for key in following)] == []


def _note_bodies(page: Page, bodies: list[str]) -> None:
    page.on("request", lambda request: bodies.append((request.post_data_buffer or b"").decode("latin-1")))


def _read_code(page: Page) -> str:
    """What a phone's camera reads on the kiosk: it looks until the code has faded in."""
    code, read = page.locator(".gift-code"), [""]
    expect(code).to_be_visible()

    def look() -> bool:
        shot = cv2.imdecode(np.frombuffer(code.screenshot(), np.uint8), cv2.IMREAD_COLOR)
        read[0] = str(cv2.QRCodeDetector().detectAndDecode(shot)[0])
        return bool(read[0])

    wait_until(look)
    return read[0]


_PRESS_NEXT = """async () => {
  document.querySelector('[data-action="next"]').click();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const images = [...document.querySelectorAll(".picture-image")];
  return images.map((image) => image.complete && image.naturalWidth > 0 && getComputedStyle(image).opacity === "1");
}"""
