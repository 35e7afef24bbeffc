"""A visitor in front of the camera: a better look is asked for, and each failure has a way on."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route, expect

from garden.models import DailyCount, KioskKey, ProcessingEntry, Visitor
from garden.vocabulary import Reader
from recommend.models import Interaction
from tests.journeys.kiosk_page import KioskPage, says_like
from tests.journeys.patience import comes_to_be
from tests.support.factories import KioskFactory

LONGEST_BODY = 2_000
"""Bytes: far less than a photo that shows a face."""
HOLD_SECONDS, REST_SECONDS = 2.0, 2.5
"""So long a face is held still; so long an advice stays before the next look."""


def test_a_blurred_face_is_asked_for_a_better_look_and_not_for_ever(kiosk: KioskPage) -> None:
    kiosk.page.clock.install()
    kiosk.page.add_init_script(_LENS_BEFORE_THE_CAMERA)
    kiosk.open()
    kiosk.page.evaluate("window.lens = 'blur(7px)'")
    kiosk.touch("begin")
    kiosk.touch("camera")
    _holds_still(kiosk, "**/emotion", status=422)
    expect(kiosk.page.get_by_role("status").filter(has_text="Please hold still for a moment.")).to_be_visible()
    expect(kiosk.page.locator('.look-sign [data-fault="blurred"]')).to_be_visible()
    assert not Visitor.objects.exists()

    kiosk.page.evaluate("window.lens = 'none'")
    kiosk.is_left_alone(REST_SECONDS)
    _holds_still(kiosk, "**/emotion", status=200)
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")
    assert Visitor.objects.get().emotion == "happy"
    assert kiosk.page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]

    kiosk.page.evaluate("window.lens = 'blur(7px)'")
    kiosk.touch("back")
    for _ in range(2):
        _holds_still(kiosk, "**/emotion", status=422)
        kiosk.is_left_alone(REST_SECONDS)
    _holds_still(kiosk, "**/emotion", status=422)
    kiosk.sees("wheel")
    expect(kiosk.page.locator(".wheel-hint")).to_contain_text("I could not see your face well enough")
    kiosk.problems.clear()  # The browser itself reports each 422.


def test_without_the_detector_the_visitor_takes_the_photo_and_takes_it_again_when_reading_failed(
    kiosk: KioskPage,
) -> None:
    kiosk.has_no_detector()
    kiosk.open()
    kiosk.page.route("**/emotion", lambda route: route.fulfill(status=503, body="{}"))
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.locator(".look-hint")).to_contain_text("then press the button")
    kiosk.touch("take")
    expect(kiosk.page.locator(".look-hint")).to_contain_text("The garden can't read faces right now.")
    kiosk.touch("wheel")
    kiosk.sees("wheel")
    kiosk.page.unroute("**/emotion")
    kiosk.touch("back")
    kiosk.touch("camera")
    kiosk.touch("take")
    kiosk.sees("question")
    kiosk.problems.clear()  # The browser itself reports the 503.


@pytest.fixture
def sent(kiosk: KioskPage) -> list[Request]:
    """Every request of a kiosk that reads faces itself, from the moment it is paired."""
    device = KioskFactory.create(name="Foyer", reader=Reader.IN_BROWSER)
    kiosk.page.goto(f"{kiosk.address}/kiosk/pair/")
    kiosk.page.locator('input[name="key"]').fill(KioskKey.objects.create_key(name="here", kiosk=device)[1])
    kiosk.page.locator('button[type="submit"]').click()
    kiosk.sees("attract")
    requests: list[Request] = []
    kiosk.page.on("request", lambda request: requests.append(request))
    return requests


def test_where_the_page_reads_the_face_no_byte_of_the_photo_leaves_it(kiosk: KioskPage, sent: list[Request]) -> None:
    kiosk.page.clock.install()
    kiosk.touch("begin")
    expect(kiosk.page.locator(".consent .promises")).to_contain_text("No photo leaves this device.")
    kiosk.touch("camera")
    _holds_still(kiosk, "**/reading", status=200)
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")
    with kiosk.page.expect_response("**/guess"):
        kiosk.page.locator(".guesses .mood").first.click()
    kiosk.sees_pictures()
    with kiosk.page.expect_response(says_like):
        kiosk.like(1)

    posts = _bodies(sent)
    assert {kind for _, kind, _ in posts} == {"application/json"}
    assert max(len(body) for _, _, body in posts) < LONGEST_BODY
    assert not any(address.endswith("/emotion") for address, _, _ in posts)
    assert all(len(each.url) < LONGEST_BODY for each in sent if not each.url.startswith("blob:"))
    (reading,) = (json.loads(body) for address, _, body in posts if address.endswith("/reading"))
    assert (reading["emotions"], reading["gender"], reading["smile"], reading["faces"]) == ("HAPPY", "Female", True, 1)

    visitor = Visitor.objects.get()
    assert (visitor.emotion, visitor.gender) == ("happy", "Female")
    assert Interaction.objects.filter(visitor=visitor, kind=Interaction.Kind.LIKE).count() == 1
    entry = ProcessingEntry.objects.get()
    assert (entry.step, entry.outcome, entry.kiosk, entry.reader) == ("on_device", "read", "Foyer", reading["reader"])
    assert DailyCount.objects.get().name.startswith("guess in_browser ")


def test_a_page_that_cannot_read_photographs_nobody_reports_it_and_loads_its_models_again(
    kiosk: KioskPage, sent: list[Request]
) -> None:
    held: list[Route] = []
    kiosk.page.route("**/vendor/human/**/faceres.*", lambda route: held.append(route))
    with kiosk.page.expect_request("**/vendor/human/**/faceres.*"):
        kiosk.page.reload()
    kiosk.page.evaluate(_COUNT_CAMERAS)
    kiosk.touch("begin")
    kiosk.touch("camera")  # Now the detector waits until the reader has loaded, too.
    kiosk.sees("look")
    kiosk.page.route("**/vendor/human/**/faceres.*", lambda route: route.abort())
    for route in held:
        route.abort()
    kiosk.sees("wheel")
    expect(kiosk.page.locator(".wheel-hint")).to_contain_text("can't read faces right now")
    assert kiosk.page.evaluate("window.cameras") == 0
    _reports(kiosk, sent, lambda problem: problem.startswith("this device cannot read faces"))
    assert {kind for _, kind, _ in _bodies(sent)} == {"application/json"}
    assert not Visitor.objects.exists()

    kiosk.page.unroute_all(behavior="wait")
    kiosk.touch("back")
    kiosk.touch("camera")
    kiosk.sees("question")
    _reports(kiosk, sent, lambda problem: problem == "")
    kiosk.problems.clear()  # The browser reports the request that we broke.


def _holds_still(kiosk: KioskPage, address: str, status: int) -> None:
    """Until the photo is taken and answered. The page's clock must be installed."""
    expect(kiosk.page.locator(".mirror-count")).not_to_be_empty()
    with kiosk.page.expect_response(address) as answered:
        kiosk.is_left_alone(HOLD_SECONDS)
    assert answered.value.status == status
    expect(kiosk.page.locator(".mirror-count")).to_be_empty()


def _bodies(sent: list[Request]) -> list[tuple[str, str, bytes]]:
    """Address, type and content of whatever was sent."""
    posts = [each for each in sent if each.method != "GET"]
    return [(each.url, each.headers.get("content-type", ""), each.post_data_buffer or b"") for each in posts]


def _reports(kiosk: KioskPage, sent: list[Request], is_so: Callable[[str], bool]) -> None:
    """Wait until the latest heartbeat has such a problem."""

    def latest_is_so() -> bool:
        beats = [json.loads(body) for address, _, body in _bodies(sent) if address.endswith("/heartbeat")]
        return bool(beats) and is_so(str(beats[-1]["problem"]))

    comes_to_be(kiosk.page, latest_is_so, "the heartbeat reports it")


_COUNT_CAMERAS = """() => {
  window.cameras = 0;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => { window.cameras += 1; return open(wanted); };
}"""
_LENS_BEFORE_THE_CAMERA = """
window.lens = "none";
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const camera = await open(wanted);
  window.tracks = camera.getTracks();
  const video = Object.assign(document.createElement("video"), { srcObject: camera, muted: true });
  await video.play();
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d");
  const draw = () => {
    context.filter = window.lens;
    context.drawImage(video, 0, 0);
    if (camera.active) setTimeout(draw, 60);
  };
  draw();
  const seen = canvas.captureStream(15);
  for (const track of seen.getTracks()) {
    const stop = track.stop.bind(track);
    track.stop = () => {
      stop();
      for (const real of camera.getTracks()) real.stop();
    };
  }
  return seen;
};
"""
