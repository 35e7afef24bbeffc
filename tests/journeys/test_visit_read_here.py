"""A kiosk that reads faces itself: the photo never leaves it, and where it cannot read, nobody is photographed."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route, expect

from garden.models import GuessCount, KioskKey, ProcessingEntry, Visitor
from garden.vocabulary import Reader
from recommend.models import Interaction
from tests.factories import KioskFactory
from tests.journeys.kiosk_page import KioskPage, says_like
from tests.journeys.patience import PATIENCE_MS

LONGEST_BODY = 2_000
"""Bytes: far less than a photo that shows a face."""


@pytest.fixture
def sent(kiosk: KioskPage) -> list[Request]:
    """Every request of the page, from the moment it is paired."""
    device = KioskFactory.create(name="Foyer", reader=Reader.IN_BROWSER)
    kiosk.page.goto(f"{kiosk.address}/kiosk/pair/")
    kiosk.page.locator('input[name="key"]').fill(KioskKey.objects.create_key(name="here", kiosk=device)[1])
    kiosk.page.locator('button[type="submit"]').click()
    kiosk.sees("attract")
    requests: list[Request] = []
    kiosk.page.on("request", lambda request: requests.append(request))
    return requests


def bodies(sent: list[Request]) -> list[tuple[str, str, bytes]]:
    """Address, type and content of whatever was sent."""
    posts = [each for each in sent if each.method != "GET"]
    return [(each.url, each.headers.get("content-type", ""), each.post_data_buffer or b"") for each in posts]


def look(kiosk: KioskPage) -> None:
    kiosk.touch("begin")
    kiosk.touch("camera")


def test_a_garden_appears_and_no_byte_of_the_photo_leaves_the_page(kiosk: KioskPage, sent: list[Request]) -> None:
    kiosk.touch("begin")
    expect(kiosk.page.locator(".consent .promises")).to_contain_text("No photo leaves this device.")
    kiosk.touch("camera")
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")
    with kiosk.page.expect_response(lambda response: response.url.endswith("/guess")):
        kiosk.page.locator(".guesses .mood").first.click()
    kiosk.sees_pictures()
    with kiosk.page.expect_response(says_like):
        kiosk.like(1)

    told = bodies(sent)
    assert {kind for _, kind, _ in told} == {"application/json"}
    assert max(len(body) for _, _, body in told) < LONGEST_BODY
    assert not any(address.endswith("/emotion") for address, _, _ in told)
    assert all(len(each.url) < LONGEST_BODY for each in sent if not each.url.startswith("blob:"))
    (reading,) = (json.loads(body) for address, _, body in told if address.endswith("/reading"))
    assert (reading["emotions"], reading["gender"], reading["smile"], reading["faces"]) == ("HAPPY", "Female", True, 1)

    visitor = Visitor.objects.get()
    assert (visitor.emotion, visitor.gender) == ("happy", "Female")
    assert Interaction.objects.filter(visitor=visitor, kind=Interaction.Kind.LIKE).count() == 1
    entry = ProcessingEntry.objects.get()
    assert (entry.step, entry.outcome, entry.kiosk) == ("on_device", "read", "Foyer")
    assert entry.reader == reading["reader"]
    assert GuessCount.objects.get().reader == Reader.IN_BROWSER


def said_by_heart(kiosk: KioskPage, sent: list[Request], is_so: Callable[[str], bool]) -> bool:
    """Whether the latest heartbeat comes to say so."""
    for _ in range(PATIENCE_MS // 100):
        told = [json.loads(body) for address, _, body in bodies(sent) if address.endswith("/heartbeat")]
        if told and is_so(str(told[-1]["problem"])):
            return True
        kiosk.page.wait_for_timeout(100)
    return False


def test_where_it_cannot_read_it_says_so_and_photographs_nobody(kiosk: KioskPage, sent: list[Request]) -> None:
    kiosk.page.route("**/vendor/human/**/faceres.*", lambda route: route.abort())
    kiosk.page.reload()
    kiosk.sees("attract")
    kiosk.page.evaluate(_COUNT_CAMERAS)
    look(kiosk)
    kiosk.sees("wheel")
    expect(kiosk.page.locator(".wheel-hint")).to_contain_text("can't read faces right now", timeout=PATIENCE_MS)
    assert kiosk.page.evaluate("window.cameras") == 0
    told = said_by_heart(kiosk, sent, lambda problem: problem.startswith("this device cannot read faces"))
    assert told, "the heartbeat tells it"
    assert {kind for _, kind, _ in bodies(sent)} == {"application/json"}
    assert not Visitor.objects.exists()

    kiosk.page.unroute_all(behavior="wait")
    kiosk.touch("back")
    kiosk.touch("camera")
    kiosk.sees("question")
    assert said_by_heart(kiosk, sent, lambda problem: problem == ""), "and that it is over"
    kiosk.problems.clear()  # The browser reports the request that we broke.


def test_models_that_failed_are_loaded_anew_whatever_was_loaded_since(kiosk: KioskPage, sent: list[Request]) -> None:
    held: list[Route] = []
    kiosk.page.route("**/vendor/human/**/faceres.*", lambda route: held.append(route))
    with kiosk.page.expect_request("**/vendor/human/**/faceres.*"):
        kiosk.page.reload()
    look(kiosk)  # Now what finds the face for the frame waits for its turn, too.
    kiosk.sees("look")
    for route in held:
        route.abort()
    kiosk.sees("wheel")
    kiosk.page.unroute_all(behavior="wait")
    kiosk.touch("back")
    kiosk.touch("camera")
    kiosk.sees("question")
    kiosk.problems.clear()  # As above.


_COUNT_CAMERAS = """() => {
  window.cameras = 0;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => { window.cameras += 1; return open(wanted); };
}"""
