"""From the first touch to goodbye, with a face in front of the camera."""

from playwright.sync_api import expect

from garden.models import GuessCount, Visitor
from recommend.models import Interaction
from tests.journeys.kiosk_page import KioskPage, says_like


def test_it_goes_from_attract_to_a_like_in_the_database(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.locator(".mirror-count")).not_to_be_empty(timeout=30_000)
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")

    with kiosk.page.expect_response(lambda response: response.url.endswith("/guess")):
        kiosk.page.locator(".guesses .mood").first.click()
    assert list(GuessCount.objects.values_list("guessed", "said", "count")) == [("happy", "happy", 1)]
    shown = kiosk.sees_pictures()
    with kiosk.page.expect_response(says_like):
        kiosk.like(1)

    visitor = Visitor.objects.get()
    like = Interaction.objects.get(visitor=visitor, kind=Interaction.Kind.LIKE)
    assert (visitor.emotion, visitor.gender) == ("happy", "Female")
    assert (like.item_key, like.impression) == (shown[1], shown)
    assert like.slate is not None


def test_it_switches_the_camera_off_when_it_has_looked(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.page.evaluate(_REMEMBER_TRACKS)
    kiosk.touch("begin")
    kiosk.touch("camera")
    kiosk.sees("question")
    assert kiosk.page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]


_REMEMBER_TRACKS = """() => {
  window.tracks = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
