"""A face that cannot be seen well enough is asked for a better look, in calm words and not for ever."""

from playwright.sync_api import expect

from garden.models import Visitor
from tests.journeys.kiosk_page import KioskPage
from tests.journeys.patience import PATIENCE_MS

STILL = "Please hold still for a moment."


def test_it_asks_for_a_better_look_reads_that_and_at_last_lets_go(kiosk: KioskPage) -> None:
    kiosk.page.add_init_script(_GLASS_BEFORE_THE_CAMERA)
    kiosk.open()
    kiosk.page.evaluate("window.glass = 'blur(7px)'")
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.get_by_role("status").filter(has_text=STILL)).to_be_visible(timeout=PATIENCE_MS)
    expect(kiosk.page.locator('.look-sign [data-fault="blurred"]')).to_be_visible()
    assert not Visitor.objects.exists()

    kiosk.page.evaluate("window.glass = 'none'")
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")
    assert Visitor.objects.get().emotion == "happy"

    kiosk.page.evaluate("window.glass = 'blur(7px)'")
    with kiosk.page.expect_response(lambda response: response.status == 422, timeout=PATIENCE_MS):
        kiosk.touch("back")
    kiosk.sees("wheel")
    expect(kiosk.page.locator(".wheel-hint")).to_contain_text("I could not see your face well enough")
    kiosk.problems.clear()  # The browser itself reports each 422.


_GLASS_BEFORE_THE_CAMERA = """
window.glass = "none";
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const camera = await open(wanted);
  const video = Object.assign(document.createElement("video"), { srcObject: camera, muted: true });
  await video.play();
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d");
  const draw = () => {
    context.filter = window.glass;
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
